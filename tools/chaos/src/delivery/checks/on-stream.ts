import type { Check } from '../check.js';
import type { Attempt, Evidence, ServerEvent } from '../evidence.js';
import { bare, canonical, hashOf, type Fields } from './reading/canonical.js';
import { factsOf, some, type Delivery } from './reading/facts.js';
import { idOf } from './reading/raw-zone.js';
import { holdingOf, progressOf, type SinkProgress } from './reading/state.js';
import { readStream, type Streamed } from './reading/stream.js';

const byId = (streamed: readonly Streamed[]): ReadonlyMap<string, readonly Streamed[]> => {
  const found = new Map<string, Streamed[]>();
  for (const one of streamed) found.set(one.record.partitionKey, [...(found.get(one.record.partitionKey) ?? []), one]);
  return found;
};

export const onStream: readonly Check[] = [
  {
    name: 'every stream record is that of the lake, under its id and with its hash',
    find(evidence) {
      const { damaged } = readStream(evidence);
      return [
        ...damaged,
        ...factsOf(evidence).deliveries.flatMap(({ name, streamed, raw, stream }) => {
          const stored = new Map(raw.flatMap(({ records }) => records.map((record) => [idOf(stream.dataType, record), canonical(record)])));
          const wrong = streamed.flatMap(({ record, fields, hash }) => {
            const key = record.partitionKey;
            if (idOf(stream.dataType, fields) !== key) return [`${key} has the id ${idOf(stream.dataType, fields)}`];
            if (hashOf(fields) !== hash) return [`${key} has the hash ${hash}, not ${hashOf(fields)}`];
            return stored.has(key) && stored.get(key) !== canonical(bare(fields)) ? [`${key} is another record than in the lake`] : [];
          });
          return wrong.length > 0 ? [`${name}: ${some(wrong)}`] : [];
        }),
        ...strangers(evidence),
      ];
    },
  },
  {
    name: 'what is on the stream more than once is the same each time',
    find: (evidence) =>
      factsOf(evidence).deliveries.flatMap(({ name, streamed }) => {
        const different = [...byId(streamed)].filter(([, all]) => new Set(all.map(({ text }) => text)).size > 1);
        return different.length > 0 ? [`${name}: not the same each time: ${some(different.map(([id]) => id))}`] : [];
      }),
  },
  {
    name: 'a record is repeated on the stream only where that can’t be helped',
    find: (evidence) =>
      factsOf(evidence).deliveries.flatMap((delivery) => {
        const positions = positionsOf(delivery);
        const reasons = [...byId(delivery.streamed)].flatMap(([id, all]) => {
          const times = [...all].sort((one, other) => (one.record.event ?? 0) - (other.record.event ?? 0));
          return times.flatMap((again, index) => {
            const before = times[index - 1];
            const reason = before === undefined ? undefined : unexcused({ evidence, delivery, before, again, place: positions.get(id) });
            return reason === undefined ? [] : [`${id}: ${reason}`];
          });
        });
        return reasons.length > 0 ? [`${delivery.name}: ${reasons.length} are repeated without need: ${some(reasons)}`] : [];
      }),
  },
  {
    name: 'a key is in a request once, and in the next only when that one was answered',
    find(evidence) {
      const found: string[] = [];
      const puts = evidence.events.filter(({ records }) => records !== undefined);
      const under = new Map<string, ServerEvent>();
      for (const put of puts) {
        const keys = (put.records ?? []).map(({ key }) => key);
        const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
        if (twice.length > 0) found.push(`event ${put.number} (${put.attempt}) has keys twice: ${some(new Set(twice))}`);
        for (const key of new Set(keys)) {
          const name = `${put.attempt} ${key}`;
          const before = under.get(name);
          under.set(name, put);
          // Before the earlier one had been done, this one had come already. One without an answer can be repeated while the first still is under way.
          if (before?.answered && put.begun !== undefined && put.begun < before.number)
            found.push(`${key}: ${put.attempt} sent it in event ${put.number} while event ${before.number} was not answered yet`);
        }
      }
      return found;
    },
  },
  {
    name: 'the records of a key keep their order in the stream',
    find: (evidence) => [...overRuns(evidence), ...withinRun(evidence)],
  },
];

/** Records that are no planned stream's of any run. */
function strangers(evidence: Evidence): string[] {
  const { streamed, deliveries } = factsOf(evidence);
  const known = new Set(deliveries.flatMap((delivery) => delivery.streamed));
  const strange = streamed.filter((one) => !known.has(one));
  return strange.length > 0
    ? [`${strange.length} records are of no planned stream: ${some(strange.map(({ record, runId }) => `${record.partitionKey} of run ${runId}`))}`]
    : [];
}

/** Which record of its slice each is, counted from 0: what a sink's progress counts. */
function positionsOf({ raw, stream }: Delivery): ReadonlyMap<string, { readonly slice: number; readonly index: number }> {
  const found = new Map<string, { slice: number; index: number }>();
  const counts = new Map<number, number>();
  for (const { slice, records } of raw) {
    for (const record of records) {
      const index = counts.get(slice) ?? 0;
      counts.set(slice, index + 1);
      found.set(idOf(stream.dataType, record), { slice, index });
    }
  }
  return found;
}

interface Repetition {
  readonly evidence: Evidence;
  readonly delivery: Delivery;
  readonly before: Streamed;
  readonly again: Streamed;
  readonly place: { readonly slice: number; readonly index: number } | undefined;
}

/** Why a repetition is against the contract; `undefined` when it is not. */
function unexcused({ evidence, delivery, before, again, place }: Repetition): string | undefined {
  const first = factsOf(evidence).events.get(before.record.event ?? 0);
  const [from, until] = [before.record.event ?? 0, again.record.event ?? Infinity];
  if (first?.answered === false) return undefined;
  const [earlier, later] = [attemptOf(evidence, before), attemptOf(evidence, again)];
  if (earlier === undefined || later === undefined) return 'nobody knows who sent it';
  if (earlier === later) {
    return slept(earlier, from, until) ? undefined : `${earlier.id} sent it in event ${from}, was answered, and sent it again in event ${until}`;
  }
  const key = `progress/${delivery.plan.runId}/${delivery.stream.id}/${place?.slice ?? 0}`;
  const saved = place === undefined ? undefined : savedBetween(evidence, key, place.index, from, until);
  const took = holdsOf(evidence, key, later.id);
  if (saved !== undefined) {
    // Who had taken the slice before that was saved could not know of it: it was fenced by then, and finds that out when it saves.
    const blind = took.filter((event) => event < saved).length > 0 && !took.some((event) => event > saved);
    return blind ? undefined : `${earlier.id} sent it, event ${saved} noted that, and ${later.id} sent it again in event ${until}`;
  }
  const couldNot = evidence.events.some(
    (event) => event.attempt === earlier.id && event.key === key && event.number > from && (!event.done || !event.answered),
  );
  if (earlier.killed !== undefined || couldNot || slept(earlier, from, until)) return undefined;
  if (wasFenced(evidence, key, earlier.id) || wasFenced(evidence, key, later.id)) return undefined;
  return `${earlier.id} sent it in event ${from}, ended without a note of it, and ${later.id} sent it again in event ${until}`;
}

const attemptOf = ({ attempts }: Evidence, { record }: Streamed): Attempt | undefined => attempts.find(({ id }) => id === record.attempt);

/** A process that slept for a while takes an answer that lay there for one that did not come. */
const slept = ({ pauses }: Attempt, from: number, until: number): boolean => pauses.some((pause) => pause.from <= until && pause.until >= from);

/** Somebody took the slice from an attempt that had not given it back. Whether that was right is another check's matter. */
function wasFenced({ state }: Evidence, key: string, attempt: string): boolean {
  let holder: string | undefined;
  for (const version of state) {
    if (version.key !== key) continue;
    if (holder === attempt && version.attempt !== attempt) return true;
    holder = holdingOf(version)?.owner === undefined ? undefined : version.attempt;
  }
  return false;
}

/** When an attempt took a slice. */
function holdsOf({ state }: Evidence, key: string, attempt: string): number[] {
  let holder: string | undefined;
  const events: number[] = [];
  for (const version of state) {
    if (version.key !== key) continue;
    const owner = holdingOf(version)?.owner;
    if (owner !== undefined && owner !== holder && version.attempt === attempt) events.push(version.event);
    holder = owner;
  }
  return events;
}

/** The first note between two events that says of a record that the stream has it. */
function savedBetween(evidence: Evidence, key: string, index: number, from: number, until: number): number | undefined {
  let begins = 0;
  for (const { version, sinks } of progressOf(evidence)) {
    const kinesis = sinks['kinesis'];
    if (version.key !== key || kinesis === undefined) continue;
    if (kinesis.remaining === undefined) begins = settled(kinesis);
    if (version.event > from && version.event < until && isNoted(kinesis, index, begins)) return version.event;
  }
  return undefined;
}

const settled = ({ delivered, deadLettered }: SinkProgress): number => delivered + deadLettered;

/** `begins`: with which record the batch begins of which only a part is noted. */
function isNoted(kinesis: SinkProgress, index: number, begins: number): boolean {
  if (kinesis.remaining === undefined) return index < settled(kinesis);
  const end = settled(kinesis) + kinesis.remaining.length;
  return index < end && !kinesis.remaining.includes(index - begins);
}

/** When a run has ended before another begins, its records come first. */
function overRuns(evidence: Evidence): string[] {
  const { deliveries } = factsOf(evidence);
  return deliveries.flatMap((later) =>
    deliveries.flatMap((earlier) => {
      if (earlier.stream.id !== later.stream.id || earlier.plan === later.plan || !(completed(evidence, earlier) < begun(evidence, later))) return [];
      const firsts = byId(earlier.streamed);
      const wrong = [...byId(later.streamed)].filter(([id, all]) => {
        const [one, other] = [firsts.get(id)?.[0], all[0]];
        return one !== undefined && other !== undefined && one.shard === other.shard && one.index > other.index;
      });
      return wrong.length > 0
        ? [`${later.name}: before those of ${earlier.run.job} ${earlier.run.scheduledTime}: ${some(wrong.map(([id]) => id))}`]
        : [];
    }),
  );
}

function completed({ state }: Evidence, { plan }: Delivery): number {
  return state.find(({ key, value }) => key === `run/${plan.runId}` && value?.['status'] === 'complete')?.event ?? Infinity;
}

const begun = ({ state }: Evidence, { plan }: Delivery): number => state.find(({ key }) => key === `run/${plan.runId}`)?.event ?? 0;

/** Records that count the versions of their key (`version`): a sink that is used alone is given a key again and again. */
function withinRun({ shards }: Evidence): string[] {
  const streamed = readStream({ shards } as Evidence).streamed.filter(({ fields }) => typeof fields['version'] === 'number');
  const newest = new Map<string, number>();
  const seen = new Set<string>();
  const wrong: string[] = [];
  for (const { record, fields } of streamed) {
    const version = versionOf(fields);
    const name = `${record.partitionKey} ${version}`;
    if (!seen.has(name) && version < (newest.get(record.partitionKey) ?? 0))
      wrong.push(`${record.partitionKey}: version ${version} after ${newest.get(record.partitionKey)}`);
    seen.add(name);
    newest.set(record.partitionKey, Math.max(version, newest.get(record.partitionKey) ?? 0));
  }
  return wrong.length > 0 ? [`${wrong.length} are out of order: ${some(wrong)}`] : [];
}

const versionOf = (fields: Fields): number => Number(fields['version']);
