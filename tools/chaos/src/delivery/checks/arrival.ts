import type { Check } from '../check.js';
import type { Evidence, RunTruth } from '../evidence.js';
import { isFields } from './reading/canonical.js';
import { factsOf, some, type Delivery } from './reading/facts.js';
import { landedId, rawRecords } from './reading/landing-zone.js';
import { planOf } from './reading/plans.js';
import { idOf } from './reading/raw-zone.js';

/** What must have arrived, and what some state of the sources had. */
function truthOf({ required, versions }: RunTruth, stream: string): { readonly required: readonly string[]; readonly ever: ReadonlySet<string> } {
  return { required: required[stream] ?? [], ever: new Set(versions.flatMap(({ ids }) => ids[stream] ?? [])) };
}

const landedIds = ({ landed, stream }: Delivery): ReadonlySet<string> =>
  new Set(landed.flatMap((group) => rawRecords(group).flatMap((raw) => landedId(stream.source, raw) ?? [])));

/** What each sink has of a delivery. */
function arrivedIds({ raw, streamed, stream }: Delivery): Readonly<Record<string, ReadonlySet<string>>> {
  return {
    s3_raw: new Set(raw.flatMap(({ records }) => records.map((record) => idOf(stream.dataType, record)))),
    kinesis: new Set(streamed.map(({ record }) => record.partitionKey)),
  };
}

/** Ids in dead letters, by the sink that did not get them. */
function letterIds({ letters, stream }: Delivery, sink: string): ReadonlySet<string> {
  return new Set(
    letters
      .filter(({ sinks }) => sinks.includes(sink))
      .flatMap(({ stage, record }) => {
        if (stage === 'sink') return isFields(record) ? [idOf(stream.dataType, record)] : [];
        return landedId(stream.source, record) ?? [];
      }),
  );
}

const each = (evidence: Evidence, find: (delivery: Delivery) => readonly string[]): readonly string[] => factsOf(evidence).deliveries.flatMap(find);

export const arrival: readonly Check[] = [
  {
    name: 'every run is complete in the end',
    find(evidence) {
      const { plans } = factsOf(evidence);
      return evidence.runs.flatMap((run) => {
        const name = `${run.job} ${run.scheduledTime}`;
        const ours = evidence.attempts.filter(
          ({ job, scheduledTime }) => job === run.job && Date.parse(scheduledTime) === Date.parse(run.scheduledTime),
        );
        const last = ours[ours.length - 1];
        const plan = planOf(plans, run);
        if (plan === undefined) return [`${name}: it has no plan`];
        const missing = run.streams.filter((stream) => !plan.streams.some(({ id }) => id === stream));
        const several = plans.filter(({ job, scheduledTime }) => job === plan.job && scheduledTime === plan.scheduledTime);
        const notes = evidence.state.filter(({ key }) => key === `run/${plan.runId}`);
        const status = notes[notes.length - 1]?.value?.['status'];
        return [
          ...(missing.length > 0 ? [`${name}: its plan lacks ${missing.join(', ')}`] : []),
          ...(several.length > 1 ? [`${name}: it has ${several.length} plans`] : []),
          ...(last?.report?.status === 'complete'
            ? []
            : [`${name}: its last attempt ${last?.id} ended ${last?.report?.status ?? 'without a report'}: ${problemsOf(last?.exit.stderr)}`]),
          ...(status === 'complete' ? [] : [`${name}: it is noted as ${String(status)}`]),
        ];
      });
    },
  },
  {
    name: 'nothing is lost',
    find: (evidence) =>
      each(evidence, (delivery) => {
        const { run, stream, name } = delivery;
        const { required, ever } = truthOf(run, stream.id);
        const wanted = new Set([...required, ...[...landedIds(delivery)].filter((id) => ever.has(id))]);
        const arrived = arrivedIds(delivery);
        return run.sinks.flatMap((sink) => {
          const letters = letterIds(delivery, sink);
          const lost = [...wanted].filter((id) => !arrived[sink]?.has(id) && !letters.has(id));
          return lost.length > 0 ? [`${name}: ${lost.length} are neither in ${sink} nor dead letters for it: ${some(lost)}`] : [];
        });
      }),
  },
  {
    name: 'what can be delivered is, and what can not is a dead letter',
    find: (evidence) =>
      each(evidence, (delivery) => {
        const { run, name } = delivery;
        const arrived = arrivedIds(delivery);
        return run.sinks.flatMap((sink) => {
          const refused = new Set([...run.spoiled.malformed, ...(sink === 'kinesis' ? run.spoiled.oversize : [])]);
          const there = arrived[sink] ?? new Set();
          const wrong = [...letterIds(delivery, sink)].filter((id) => !refused.has(id));
          const passed = [...refused].filter((id) => there.has(id));
          return [
            ...(wrong.length > 0 ? [`${name}: dead letters for ${sink} although nothing was wrong with them: ${some(wrong)}`] : []),
            ...(passed.length > 0 ? [`${name}: in ${sink} although that was not possible: ${some(passed)}`] : []),
          ];
        });
      }),
  },
  {
    name: 'nothing arrives that the sources did not have',
    find: (evidence) =>
      each(evidence, (delivery) => {
        const { ever } = truthOf(delivery.run, delivery.stream.id);
        return Object.entries(arrivedIds(delivery)).flatMap(([sink, ids]) => {
          const strange = [...ids].filter((id) => !ever.has(id));
          return strange.length > 0 ? [`${delivery.name}: in ${sink}, but in no state of the source: ${some(strange)}`] : [];
        });
      }),
  },
  {
    name: 'landed pages hold what the sources had, and all of it',
    find: (evidence) =>
      each(evidence, (delivery) => {
        const { landed, stream, run, plan, name } = delivery;
        const ids = landedIds(delivery);
        const missing = truthOf(run, stream.id).required.filter((id) => !ids.has(id));
        const slices = stream.slices.flatMap(({ ordinal }) => {
          const groups = landed.filter(({ slice }) => slice === ordinal);
          const numbers = groups.map(({ group }) => group);
          const positions = groups.flatMap(({ pages }) => pages.map(({ position }) => position));
          const ends = positions.filter((position) => position === null).length;
          const whole = numbers.every((number, index) => number === index) && ends === 1 && positions[positions.length - 1] === null;
          return whole ? [] : [`${name}: slice ${ordinal} has the groups ${some(numbers) || 'none'} and ${ends} last pages`];
        });
        const others = landed.filter(({ header }) => header['job'] !== plan.job || header['scheduled_time'] !== plan.scheduledTime);
        return [
          ...(missing.length > 0 ? [`${name}: the source had them all the time, and no landed page has: ${some(missing)}`] : []),
          ...slices,
          ...others.map(({ key }) => `${key}: its header names another run`),
        ];
      }),
  },
];

const problemsOf = (stderr = ''): string => stderr.trim().split('\n').slice(-2).join(' ').slice(0, 300);
