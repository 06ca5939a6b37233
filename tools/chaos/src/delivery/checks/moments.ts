import type { Check } from '../check.js';
import type { Evidence, StateVersion } from '../evidence.js';
import { isFields, type Fields } from './reading/canonical.js';
import { factsOf, some, type Delivery } from './reading/facts.js';
import { idOf } from './reading/raw-zone.js';
import { byKey, progressOf } from './reading/state.js';

/** What was durable of a delivery just before an event. */
function durableBefore({ raw, streamed }: Delivery, event: number, slice?: number) {
  const ofSlice = raw.filter((object) => slice === undefined || object.slice === slice);
  const objects = ofSlice.filter(({ object }) => object.event === undefined || object.event < event);
  const inStream = new Set(
    streamed.filter(({ record }) => record.event === undefined || record.event < event).map(({ record }) => record.partitionKey),
  );
  return { objects, of: ofSlice, inStream };
}

/** Ids of a slice by what lies in the raw zone in the end: where there is none, nothing can be said of slices. */
const idsOfSlice = ({ raw, stream }: Delivery, slice: number): readonly string[] =>
  raw.filter((object) => object.slice === slice).flatMap(({ records }) => records.map((record) => idOf(stream.dataType, record)));

const deliveryOf = (evidence: Evidence, runId: unknown, stream: string): Delivery | undefined =>
  factsOf(evidence).deliveries.find((delivery) => delivery.plan.runId === runId && delivery.stream.id === stream);

/** Where what is pending becomes visible by being committed. */
const COMMITTED = 'data/bronze/';
const COMMIT = /^_loadin\/commits\/.+(?<!\.done)\.json$/;

/** The objects that commit records name, with the event that stored the record. */
function commitments({ versions }: Evidence): ReadonlyMap<string, { readonly event: number; readonly bytes: number; readonly record: string }> {
  const found = new Map<string, { event: number; bytes: number; record: string }>();
  for (const { key: record, body, event = 0 } of versions) {
    if (!COMMIT.test(record) || body === undefined) continue;
    const { objects } = JSON.parse(body.toString('utf8')) as { readonly objects: readonly { readonly key: string; readonly bytes: number }[] };
    for (const { key, bytes } of objects) if (!found.has(key)) found.set(key, { event, bytes, record });
  }
  return found;
}

export const moments: readonly Check[] = [
  {
    name: 'nothing is landed, written or sent before the plan is stored',
    find: (evidence) =>
      factsOf(evidence).deliveries.flatMap(({ name, plan, landed, raw, streamed }) => {
        const planned = plan.event ?? 0;
        const events = [...landed, ...raw].map(({ key, object }) => ({ what: key, event: object.event }));
        const sent = streamed.map(({ record }) => ({ what: `${record.partitionKey} on the stream`, event: record.event }));
        const early = [...events, ...sent].filter(({ event }) => event !== undefined && event < planned);
        return early.length > 0 ? [`${name}: before the plan (event ${planned}): ${some(early.map(({ what, event }) => `${what} (${event})`))}`] : [];
      }),
  },
  {
    name: 'nothing is delivered before its pages are landed',
    find: (evidence) =>
      factsOf(evidence).deliveries.flatMap(({ name, raw, landed, stream }) =>
        raw.flatMap(({ key, object, slice, records }) => {
          const before = landed.filter((group) => group.slice === slice && (group.object.event ?? 0) < (object.event ?? Infinity));
          const ids = new Set(
            before.flatMap(({ pages }) =>
              pages.flatMap((page) => page.records.flatMap((raw_) => (isFields(raw_) ? [`${stream.source}_${String(raw_['id'])}`] : []))),
            ),
          );
          const early = records.map((record) => idOf(stream.dataType, record)).filter((id) => !ids.has(id));
          return early.length > 0 ? [`${name}: ${key} has records that no page had that was landed by then: ${some(early)}`] : [];
        }),
      ),
  },
  {
    name: 'no part is visible before its commit record',
    find(evidence) {
      const committed = commitments(evidence);
      const early = evidence.versions
        .filter(({ key, body }) => key.startsWith(COMMITTED) && body !== undefined)
        .filter(({ key, event = 0 }) => event <= (committed.get(key)?.event ?? Infinity))
        .map(({ key }) => `${key}: it was there before ${committed.has(key) ? 'its' : 'any'} commit record`);
      const seen = evidence.listings.flatMap(({ objects, until }) =>
        objects
          .filter(({ key }) => key.startsWith(COMMITTED) && !((committed.get(key)?.event ?? Infinity) <= until))
          .map(({ key }) => `${key}: a reader saw it before its commit record`),
      );
      return [...new Set([...early, ...seen])];
    },
  },
  {
    name: 'what was committed is completed',
    find(evidence) {
      const wrong = [...commitments(evidence)].filter(([key, { bytes }]) => evidence.lake.get(key)?.body?.byteLength !== bytes);
      return wrong.map(
        ([key, { record, bytes }]) =>
          `${key}: ${record} has committed it with ${bytes} bytes, and ${evidence.lake.has(key) ? 'it has others' : 'it is not there'}`,
      );
    },
  },
  {
    name: 'progress is never ahead of what was acknowledged',
    find: (evidence) =>
      progressOf(evidence).flatMap(({ version, runId, stream, slice, sinks, value }) => {
        const delivery = deliveryOf(evidence, runId, stream);
        if (delivery === undefined) return [`${version.key}: no plan has it`];
        const { objects, inStream } = durableBefore(delivery, version.event, slice);
        const where = `${delivery.name}: slice ${slice} at event ${version.event} (${version.attempt})`;
        const there: Readonly<Record<string, number>> = {
          s3_raw: objects.reduce((sum, { records }) => sum + records.length, 0),
          ...(delivery.run.sinks.includes('s3_raw') && { kinesis: idsOfSlice(delivery, slice).filter((id) => inStream.has(id)).length }),
        };
        const ahead = Object.entries(sinks).filter(([sink, { delivered }]) => delivered > (there[sink] ?? Infinity));
        const finished = value['finished'] !== undefined && Object.keys(sinks).length < delivery.run.sinks.length;
        return [
          ...ahead.map(([sink, { delivered }]) => `${where} says that ${sink} has ${delivered} records; it had ${there[sink]}`),
          ...(finished
            ? [`${where} says that it is finished, without a word of ${delivery.run.sinks.filter((sink) => sinks[sink] === undefined).join(', ')}`]
            : []),
        ];
      }),
  },
  {
    name: 'progress never goes backward',
    find: (evidence) =>
      [...byProgressKey(evidence)].flatMap(([key, all]) =>
        all.flatMap(({ version, sinks }, index) => {
          const before = all[index - 1]?.sinks ?? {};
          const less = Object.entries(before).filter(
            ([sink, { parts, delivered }]) => (sinks[sink]?.delivered ?? 0) < delivered || (sinks[sink]?.parts ?? 0) < parts,
          );
          return less.length > 0
            ? [`${key} at event ${version.event} (${version.attempt}): ${less.map(([sink]) => sink).join(', ')} had more before`]
            : [];
        }),
      ),
  },
  {
    name: 'a checkpoint is never ahead of the data',
    find: (evidence) =>
      moves(evidence).flatMap(({ version, stream, value }) => {
        const delivery = deliveryOf(evidence, value['run_id'], stream);
        if (delivery === undefined) return [`${version.key} at event ${version.event}: it names a run without a plan (${String(value['run_id'])})`];
        const { objects, of, inStream } = durableBefore(delivery, version.event);
        const missing = of.filter((object) => !objects.includes(object)).map(({ key }) => key);
        const ids = of.flatMap(({ records }) => records.map((record) => idOf(delivery.stream.dataType, record)));
        const dead = new Set(delivery.run.spoiled.oversize);
        const unsent = delivery.run.sinks.includes('kinesis') ? ids.filter((id) => !inStream.has(id) && !dead.has(id)) : [];
        const open = unfinished(evidence, delivery, version.event);
        const where = `${version.key} at event ${version.event} (${version.attempt})`;
        return [
          ...(missing.length > 0 ? [`${where}: not in the lake yet: ${some(missing)}`] : []),
          ...(unsent.length > 0 ? [`${where}: ${unsent.length} are not on the stream yet: ${some(unsent)}`] : []),
          ...(open.length > 0 ? [`${where}: slices that are not finished: ${some(open)}`] : []),
        ];
      }),
  },
  {
    name: 'a checkpoint never goes backward',
    find: (evidence) =>
      moves(evidence).flatMap(({ version, value, before }) => {
        // What was made nonsense from outside is no time, and nothing can be before it.
        const back = (name: string): boolean => Date.parse(String(value[name])) < Date.parse(String(before?.[name]));
        return back('last_sync_timestamp')
          ? [
              `${version.key} at event ${version.event} (${version.attempt}): ${String(before?.['last_sync_timestamp'])} became ${String(value['last_sync_timestamp'])}`,
            ]
          : [];
      }),
  },
];

function byProgressKey(evidence: Evidence): Map<string, ReturnType<typeof progressOf>> {
  const found = new Map<string, ReturnType<typeof progressOf>>();
  for (const one of progressOf(evidence)) found.set(one.version.key, [...(found.get(one.version.key) ?? []), one]);
  return found;
}

/** Slices of a stream that no progress before the event said to be finished. */
function unfinished(evidence: Evidence, { plan, stream }: Delivery, event: number): number[] {
  const done = progressOf(evidence).filter(
    (one) => one.runId === plan.runId && one.stream === stream.id && one.version.event < event && one.value['finished'] !== undefined,
  );
  return stream.slices.map(({ ordinal }) => ordinal).filter((ordinal) => !done.some(({ slice }) => slice === ordinal));
}

interface Move {
  readonly version: StateVersion;
  readonly stream: string;
  readonly value: Fields;
  readonly before: Fields | undefined;
}

/** Every state of a checkpoint that an attempt made, and what it took the place of. What the harness did to it is not judged. */
function moves(evidence: Evidence): readonly Move[] {
  return [...byKey(evidence)].flatMap(([key, versions]) => {
    const stream = /^checkpoint\/[^/]+\/([^/]+)$/.exec(key)?.[1];
    if (stream === undefined) return [];
    return versions.flatMap((version, index): Move[] => {
      const value = version.value as Fields | undefined;
      const earlier = versions[index - 1];
      const before = earlier?.attempt === undefined ? undefined : (earlier.value as Fields | undefined);
      return version.attempt === undefined || value === undefined ? [] : [{ version, stream, value, before }];
    });
  });
}
