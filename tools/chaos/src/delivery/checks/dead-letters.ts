import type { Check } from '../check.js';
import { canonical, isFields } from './reading/canonical.js';
import { factsOf, some } from './reading/facts.js';
import { rawRecords } from './reading/landing-zone.js';
import { idOf } from './reading/raw-zone.js';

export const deadLetters: readonly Check[] = [
  {
    name: 'every dead letter has its record unaltered',
    find: (evidence) =>
      factsOf(evidence).deliveries.flatMap(({ name, letters, landed, raw, stream }) => {
        const received = new Set(landed.flatMap((group) => rawRecords(group).map((record) => JSON.stringify(record))));
        const delivered = new Map(raw.flatMap(({ records }) => records.map((record) => [idOf(stream.dataType, record), canonical(record)])));
        const altered = letters.flatMap(({ key, line, stage, record }) => {
          const where = `${key}, line ${line + 1}`;
          if (stage === 'transform') return received.has(JSON.stringify(record)) ? [] : [`${where}: no landed page has this record`];
          const stored = isFields(record) ? delivered.get(idOf(stream.dataType, record)) : undefined;
          return stored === undefined || stored === canonical(record) ? [] : [`${where}: it is another record than in the lake`];
        });
        return altered.length > 0 ? [`${name}: ${some(altered)}`] : [];
      }),
  },
  {
    name: 'a dead letter names the sinks that did not get it, and those alone',
    find: (evidence) =>
      factsOf(evidence).deliveries.flatMap(({ name, run, letters, stream, streamed, raw }) => {
        const there: Readonly<Record<string, ReadonlySet<string>>> = {
          s3_raw: new Set(raw.flatMap(({ records }) => records.map((record) => idOf(stream.dataType, record)))),
          kinesis: new Set(streamed.map(({ record }) => record.partitionKey)),
        };
        const wrong = letters.flatMap(({ key, line, stage, sinks, record }) => {
          const where = `${key}, line ${line + 1}`;
          const unknown = sinks.filter((sink) => !run.sinks.includes(sink));
          if (unknown.length > 0) return [`${where}: ${unknown.join()} is no sink of the job`];
          if (stage === 'transform') return sinks.length === run.sinks.length ? [] : [`${where}: it names ${sinks.join()} alone`];
          const got = sinks.filter((sink) => isFields(record) && there[sink]?.has(idOf(stream.dataType, record)));
          return got.length > 0 ? [`${where}: ${got.join()} has it`] : [];
        });
        return wrong.length > 0 ? [`${name}: ${some(wrong)}`] : [];
      }),
  },
  {
    name: 'a record is a dead letter once for each sink',
    find: (evidence) =>
      factsOf(evidence).deliveries.flatMap(({ name, letters }) => {
        // By the same object's lines: a page may bring a broken record twice.
        const places = new Map<string, Set<string>>();
        for (const { key, stage, sinks, slice, record } of letters) {
          const what = `${stage} ${slice} ${sinks.join()} ${canonical(record)}`;
          places.set(what, (places.get(what) ?? new Set()).add(key));
        }
        const twice = [...places.values()].filter((keys) => keys.size > 1);
        return twice.length > 0
          ? [`${name}: ${twice.length} letters are in several objects: ${some(twice.map((keys) => [...keys].join(' and ')))}`]
          : [];
      }),
  },
];
