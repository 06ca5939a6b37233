import type { Check } from '../check.js';
import type { Evidence, LakeObject } from '../evidence.js';
import { isFields, md5, type Fields, type Value } from './reading/canonical.js';
import { factsOf, some } from './reading/facts.js';
import { readLanded } from './reading/landing-zone.js';
import { readLetters } from './reading/letters.js';
import { idOf, rawPlace, readRaw, type RawObject } from './reading/raw-zone.js';

const MOST_RECORDS = 5_000;
const MOST_BYTES = 16_000_000;

/** What is written once and stays: pages, raw objects, plans, dead letters, what was committed. */
const WRITTEN_ONCE = /^(raw|landing|dead-letters|data\/bronze|_loadin\/(plans|commits))\//;

export const lake: readonly Check[] = [
  {
    name: 'no record is in the lake twice for one run',
    find: (evidence) =>
      factsOf(evidence).deliveries.flatMap(({ name, raw, stream }) => {
        const places = new Map<string, string[]>();
        for (const { key, records } of raw) {
          for (const record of records) {
            const id = idOf(stream.dataType, record);
            places.set(id, [...(places.get(id) ?? []), key]);
          }
        }
        const twice = [...places].filter(([, keys]) => keys.length > 1);
        return twice.length > 0
          ? [`${name}: ${twice.length} stand there more than once: ${some(twice.map(([id, keys]) => `${id} in ${keys.join(' and ')}`))}`]
          : [];
      }),
  },
  {
    name: 'nothing lies under raw/ but data objects',
    find(evidence) {
      const seen = new Set([...evidence.listings.flatMap(({ objects }) => objects.map(({ key }) => key)), ...evidence.lake.keys()]);
      const strange = [...seen].filter((key) => key.startsWith('raw/') && rawPlace(key) === undefined);
      const damaged = evidence.versions
        .filter(({ key, body }) => key.startsWith('raw/') && body !== undefined)
        .flatMap((object) => {
          const raw = readRaw(object);
          return typeof raw === 'string' ? [`${object.key}: ${raw}`] : [];
        });
      return [...strange.map((key) => `${key}: no data object has this name`), ...damaged];
    },
  },
  {
    name: 'every raw object is what its name says, with the counts of its own records',
    find: (evidence) => factsOf(evidence).raw.flatMap((raw) => faultsOf(raw).map((fault) => `${raw.key}: ${fault}`)),
  },
  {
    name: 'every time in the output is the one of the plan',
    find(evidence) {
      const { plans, raw, streamed } = factsOf(evidence);
      const seconds = new Map(
        plans.flatMap(({ runId, streams }) => streams.map(({ dataType, source, second }) => [`${runId} ${source} ${dataType}`, second])),
      );
      const early = plans.flatMap(({ key, scheduledTime, streams }) =>
        streams
          .filter(({ second }) => second < scheduledTime || Date.parse(second) - Date.parse(scheduledTime) > 300_000)
          .map(({ id }) => `${key}: the second of ${id} is not the scheduled one or one soon after it`),
      );
      const objects = raw.flatMap(({ key, runId, source, dataType, second, result }) => {
        const planned = seconds.get(`${runId} ${source} ${dataType}`);
        if (planned === undefined) return [`${key}: no plan has it (run ${runId})`];
        const times = Object.entries(result).filter(([, value]) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value));
        const other = times.find(([, time]) => time !== planned);
        return [
          ...(second === planned ? [] : [`${key}: the plan has ${planned}`]),
          ...(other === undefined ? [] : [`${key}: ${other[0]} is ${String(other[1])}, the plan has ${planned}`]),
        ];
      });
      const wrong = streamed.filter(
        ({ runId, dataType, record, fields }) =>
          fields['ingestion_timestamp'] !== seconds.get(`${runId} ${record.partitionKey.split('_')[0]} ${dataType}`),
      );
      const on = wrong.map(({ record, fields }) => `${record.partitionKey} has ${String(fields['ingestion_timestamp'])}`);
      return [...early, ...objects, ...(on.length > 0 ? [`${on.length} stream records have a time that their plan has not: ${some(on)}`] : [])];
    },
  },
  {
    name: 'a second of a source and data type is one run’s alone',
    find(evidence) {
      const { plans, raw } = factsOf(evidence);
      const runs = new Map<string, Set<string>>();
      const add = (name: string, run: string): void => void runs.set(name, (runs.get(name) ?? new Set<string>()).add(run));
      for (const { runId, streams } of plans) for (const { source, dataType, second } of streams) add(`${source} ${dataType} ${second}`, runId);
      for (const { source, dataType, second, runId } of raw) add(`${source} ${dataType} ${second}`, runId);
      return [...runs].filter(([, ids]) => ids.size > 1).map(([name, ids]) => `${name}: the runs ${[...ids].join(' and ')} have it`);
    },
  },
  {
    name: 'an object that was written once never changes and never goes',
    find(evidence) {
      const versions = new Map<string, LakeObject[]>();
      for (const version of evidence.versions) {
        if (WRITTEN_ONCE.test(version.key)) versions.set(version.key, [...(versions.get(version.key) ?? []), version]);
      }
      // What the harness did to an object, and who repaired that, is another matter.
      const ours = [...versions].filter(([, list]) => list.every(({ event }) => event !== undefined));
      const changed = ours.flatMap(([key, list]) => {
        if (list.some(({ body }) => body === undefined)) return [`${key}: it was deleted`];
        if (list.length === 1) return [];
        const what = new Set(list.map(({ etag }) => etag)).size > 1 ? 'with other bytes' : 'although it stood there';
        return [
          `${key}: it was written ${list.length} times, ${what} (by ${list.map(({ attempt, event }) => `${attempt} at event ${event}`).join(', ')})`,
        ];
      });
      return [...changed, ...seenToChange(evidence)];
    },
  },
  {
    name: 'every attempt wants to write the same bytes',
    find(evidence) {
      const bodies = new Map<string, Map<string, string>>();
      for (const { key, md5: sum, attempt, operation } of evidence.events) {
        // Of landed pages the first one is the truth: the source may have changed since, and who comes later reads what is there.
        if (key === undefined || sum === undefined || operation !== 'PutObject' || !key.startsWith('raw/')) continue;
        bodies.set(key, (bodies.get(key) ?? new Map<string, string>()).set(sum, attempt));
      }
      return [...bodies]
        .filter(([, sums]) => sums.size > 1)
        .map(([key, sums]) => `${key}: ${[...sums.values()].join(' and ')} had other bytes for it`);
    },
  },
  {
    name: 'landed pages and dead letters can be read',
    find: (evidence) => [
      ...[...evidence.lake.values()]
        .filter(({ key }) => key.startsWith('landing/'))
        .flatMap((object) => {
          const landed = readLanded(object);
          return typeof landed === 'string' ? [`${object.key}: ${landed}`] : [];
        }),
      ...readLetters(evidence).damaged,
    ],
  },
];

/** What is wrong with an object by itself. */
function faultsOf({ slice, part, source, dataType, runId, result, records, content, object }: RawObject): string[] {
  const failed = Number(result['records_failed']);
  const expected: Fields = {
    success: true,
    source,
    data_type: dataType,
    slice,
    part,
    records_successful: records.length,
    records_processed: records.length + failed,
  };
  const others = Object.entries(expected).filter(([name, value]) => !same(result[name], value));
  const compact = JSON.stringify(JSON.parse(content.toString('utf8')) as Value);
  return [
    ...others.map(([name, value]) => `${name} is ${JSON.stringify(result[name])}, not ${JSON.stringify(value)}`),
    ...(Number.isInteger(failed) && failed >= 0 ? [] : [`records_failed is ${String(result['records_failed'])}`]),
    ...(/^[0-9a-f-]{36}$/.test(runId) ? [] : [`run_id is ${runId}`]),
    ...(records.length > MOST_RECORDS || content.byteLength > MOST_BYTES
      ? [`${records.length} records and ${content.byteLength} bytes are too many`]
      : []),
    ...(`${compact}\n` === content.toString('utf8') ? [] : ['it is not compact JSON']),
    ...(object.key.endsWith('.gz') || object.etag.replaceAll('"', '') === md5(content)
      ? []
      : [`its ETag is ${object.etag}, the MD5 of its bytes is another`]),
    ...(records.every(isFields) ? [] : ['a record is no object']),
  ];
}

const same = (one: Value | undefined, other: Value | undefined): boolean => one === other;

/** By what a reader saw, listing after listing: the same as the versions say, from outside. */
function seenToChange({ listings, versions }: Evidence): string[] {
  const meddled = new Set(versions.filter(({ event }) => event === undefined).map(({ key }) => key));
  const seen = new Map<string, string>();
  const found = new Set<string>();
  for (const { objects } of listings) {
    const now = new Map(objects.map(({ key, etag }) => [key, etag]));
    for (const [key, etag] of seen) {
      if (now.get(key) !== etag && !meddled.has(key)) found.add(`${key}: a reader saw it ${now.has(key) ? 'change' : 'go'}`);
    }
    for (const [key, etag] of now) if (WRITTEN_ONCE.test(key)) seen.set(key, etag);
  }
  return [...found];
}
