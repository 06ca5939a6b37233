import type { Check } from '../check.js';
import type { Evidence, ServerEvent, StateVersion } from '../evidence.js';
import { factsOf, type Delivery } from './reading/facts.js';
import { idOf } from './reading/raw-zone.js';
import { byKey, holdingOf } from './reading/state.js';

/** A process that holds an item, from the state that says so to the one that says otherwise. */
interface Hold {
  readonly key: string;
  readonly attempt: string;
  readonly owner: string;
  readonly generation: number;
  readonly from: StateVersion;
  /** The last state that this holder wrote while it held it. */
  readonly last: StateVersion;
  /** The state that ended it; `undefined` when nothing did. */
  readonly ended: StateVersion | undefined;
}

function holdsOf(evidence: Evidence): readonly Hold[] {
  return [...byKey(evidence)].flatMap(([key, versions]) => {
    const holds: { -readonly [Name in keyof Hold]: Hold[Name] }[] = [];
    let open: (typeof holds)[number] | undefined;
    for (const version of versions) {
      const { owner, generation = 0 } = holdingOf(version) ?? {};
      if (open !== undefined && open.owner === owner && open.generation === generation) open.last = version;
      else {
        if (open !== undefined) open.ended = version;
        open =
          owner === undefined || version.attempt === undefined
            ? undefined
            : { key, attempt: version.attempt, owner, generation, from: version, last: version, ended: undefined };
        if (open !== undefined) holds.push(open);
      }
    }
    return holds;
  });
}

/** Fencing: a state that its writer had no right to any more. */
const intruders = (evidence: Evidence): readonly StateVersion[] => [...byKey(evidence).values()].flatMap(intrudersOf);

function intrudersOf(versions: readonly StateVersion[]): readonly StateVersion[] {
  let newest = 0;
  return versions.filter((version, index) => {
    const holding = holdingOf(version);
    if (holding === undefined) return newest > 0 && version.value !== undefined && version.attempt !== undefined;
    const before = versions[index - 1];
    const held = before === undefined ? undefined : holdingOf(before);
    const stale = holding.generation < newest;
    // The same generation is the same holder's, from the taking to the giving back.
    const stranger = held?.owner !== undefined && holding.generation === held.generation && before?.attempt !== version.attempt;
    newest = Math.max(newest, holding.generation);
    return stale || stranger;
  });
}

export const leases: readonly Check[] = [
  {
    name: 'who was fenced writes nothing more',
    find: (evidence) =>
      intruders(evidence).map(({ key, event, attempt }) => `${key}: ${attempt} wrote at event ${event}, although it was somebody else's by then`),
  },
  {
    name: 'a lease is taken over only when its owner was silent for its length',
    find(evidence) {
      const { leaseMs } = evidence;
      const holds = holdsOf(evidence);
      const at = (event: number): number => factsOf(evidence).events.get(event)?.at ?? NaN;
      return holds.flatMap(({ key, attempt, last, ended }) => {
        const next = ended === undefined ? undefined : holdingOf(ended)?.owner;
        if (ended === undefined || next === undefined || leaseMs === undefined) return [];
        const silence = at(ended.event) - at(last.event);
        // Who waits looks now and then, and sleeps a little less long than the harness's clock says.
        return silence < leaseMs * 0.8
          ? [`${key}: ${ended.attempt} took it from ${attempt} at event ${ended.event}, which was silent for ${Math.round(silence)} ms of ${leaseMs}`]
          : [];
      });
    },
  },
  {
    name: 'nobody works on a slice that it never held while another one holds it',
    find(evidence) {
      const holds = holdsOf(evidence).filter(({ key }) => key.startsWith('progress/'));
      return factsOf(evidence).deliveries.flatMap((delivery) => {
        const found = new Map<string, string>();
        for (const { slice, event } of workOf(evidence, delivery)) {
          const key = `progress/${delivery.plan.runId}/${delivery.stream.id}/${slice}`;
          const ofSlice = holds.filter((hold) => hold.key === key);
          const holder = ofSlice.find(({ from, ended }) => from.event < event.number && (ended?.event ?? Infinity) > event.number);
          const held = ofSlice.some(({ attempt, from }) => attempt === event.attempt && from.event < event.number);
          if (holder !== undefined && !held)
            found.set(
              `${key} ${event.attempt}`,
              `${key}: ${event.attempt} did "${event.step ?? event.operation}" at event ${event.number}, while ${holder.attempt} held it`,
            );
        }
        return [...found.values()];
      });
    },
  },
  {
    name: 'a process that ended by itself leaves no lease behind',
    find: (evidence) =>
      holdsOf(evidence).flatMap(({ key, attempt: id, ended }) => {
        const attempt = evidence.attempts.find((one) => one.id === id);
        if (
          ended !== undefined ||
          attempt === undefined ||
          attempt.killed !== undefined ||
          attempt.exit.signal !== undefined ||
          attempt.kind !== 'cli'
        )
          return [];
        const last = evidence.events.filter((event) => event.attempt === id && event.key === key).pop();
        // It wanted to, and was not answered, or refused by a fault that passes.
        const tried = last !== undefined && !(last.done && last.answered);
        return tried ? [] : [`${key}: ${id} ended with status ${attempt.exit.status} and still holds it`];
      }),
  },
];

/** What was done for slices: landed pages, raw objects, and records that were sent. */
function workOf(evidence: Evidence, { plan, stream, raw }: Delivery): readonly { readonly slice: number; readonly event: ServerEvent }[] {
  const slices = new Map(raw.flatMap(({ slice, records }) => records.map((record) => [idOf(stream.dataType, record), slice])));
  const places = new Map(raw.map(({ key, slice }) => [key, slice]));
  const landing = new RegExp(`^landing/${stream.source}/${stream.dataType}/.*run=${plan.runId}/slice=(\\d{5})/`);
  const inStream = new Map<number, Set<number>>();
  for (const { shards } of [evidence]) {
    for (const { records } of shards) {
      for (const { event, partitionKey, data } of records) {
        const slice = slices.get(partitionKey);
        if (event !== undefined && slice !== undefined && data.includes(plan.runId))
          inStream.set(event, (inStream.get(event) ?? new Set<number>()).add(slice));
      }
    }
  }
  return evidence.events.flatMap((event) => {
    const landed = landing.exec(event.key ?? '')?.[1];
    const slice = landed === undefined ? places.get(event.key ?? '') : Number(landed);
    if (slice !== undefined) return [{ slice, event }];
    return [...(inStream.get(event.number) ?? [])].map((sent) => ({ slice: sent, event }));
  });
}
