import type { Check } from '../check.js';
import type { Evidence } from '../evidence.js';
import { isFields, md5, parsed, type Fields, type Value } from './reading/canonical.js';
import { factsOf, type Delivery } from './reading/facts.js';
import { rawRecords } from './reading/landing-zone.js';
import { idOf } from './reading/raw-zone.js';

const numbers = (fields: Fields, ...names: readonly string[]): readonly number[] => names.map((name) => Number(fields[name]));

/** The stored report of a delivery's run, and its part for the stream. */
function storedReport({ lake }: Evidence, { plan, stream }: Delivery): { readonly report: Fields; readonly part: Fields } | undefined {
  const body = lake.get(`_loadin/reports/${plan.job}/${plan.runId}.json`)?.body;
  const report = body === undefined ? undefined : parsed(body.toString('utf8'));
  const part = ((report?.['streams'] ?? []) as readonly Value[]).find((one): one is Fields => isFields(one) && one['stream'] === stream.id);
  return report === undefined || part === undefined ? undefined : { report, part };
}

const fieldsOf = (parent: Fields, name: string): Fields => (isFields(parent[name]) ? parent[name] : {});

export const reports: readonly Check[] = [
  {
    name: 'every report balances',
    find: (evidence) =>
      everyReport(evidence).flatMap(({ where, report }) =>
        ((report['streams'] ?? []) as readonly Value[]).filter(isFields).flatMap((part) => {
          const ledger = fieldsOf(part, 'ledger');
          const [read = NaN, accepted = NaN, rejected = NaN, deduplicated = NaN] = numbers(ledger, 'read', 'accepted', 'rejected', 'deduplicated');
          const name = `${where}, ${String(part['stream'])}`;
          return [
            ...(read === accepted + rejected + deduplicated ? [] : [`${name}: read ${read} is not ${accepted} + ${rejected} + ${deduplicated}`]),
            ...Object.entries(fieldsOf(ledger, 'sinks')).flatMap(([sink, counts]) => {
              const [delivered = NaN, dead = NaN, pending = NaN] = isFields(counts) ? numbers(counts, 'delivered', 'dead_lettered', 'pending') : [];
              return accepted === delivered + dead + pending && pending >= 0
                ? []
                : [`${name}: accepted ${accepted} is not ${delivered} + ${dead} + ${pending} of ${sink}`];
            }),
          ];
        }),
      ),
  },
  {
    name: 'the report of a run counts what is there',
    find: (evidence) =>
      factsOf(evidence).deliveries.flatMap((delivery) => {
        const stored = storedReport(evidence, delivery);
        if (stored === undefined) return [`${delivery.name}: its run has no report of it`];
        const said = saidCounts(stored.part);
        const found = foundCounts(delivery);
        const wrong = Object.entries(found).filter(
          ([name, count]) =>
            !(typeof count === 'number' ? said[name] === count : (said[name] ?? NaN) >= count.least && (said[name] ?? NaN) <= count.most),
        );
        const { run_id: id, scheduled_time: time, status } = stored.report;
        return [
          ...wrong.map(([name, count]) => `${delivery.name}: the report has ${said[name]} ${name}; there are ${JSON.stringify(count)}`),
          ...(id === delivery.plan.runId && time === delivery.plan.scheduledTime && status === 'complete'
            ? []
            : [`${delivery.name}: the report is ${String(status)}, of run ${String(id)}, ${String(time)}`]),
        ];
      }),
  },
  {
    name: 'the report of a run names every object, with its size and checksum, and no other',
    find: (evidence) =>
      factsOf(evidence).deliveries.flatMap((delivery) => {
        const stored = storedReport(evidence, delivery);
        if (stored === undefined || !delivery.run.sinks.includes('s3_raw')) return [];
        const listed = ((stored.part['objects'] ?? []) as readonly Value[]).filter(isFields);
        const uris = listed.map(({ uri }) => String(uri));
        const missing = delivery.raw.filter(({ key }) => !uris.includes(`s3://${evidence.bucket}/${key}`)).map(({ key }) => key);
        const others = listed.flatMap(({ uri, bytes, records, checksum }) => {
          const raw = delivery.raw.find(({ key }) => String(uri) === `s3://${evidence.bucket}/${key}`);
          if (raw === undefined) return [`${String(uri)} is not there`];
          const there = { bytes: raw.object.body?.byteLength, records: raw.records.length, checksum: md5(raw.content) };
          return bytes === there.bytes && records === there.records && checksum === there.checksum
            ? []
            : [`${raw.key} is ${JSON.stringify(there)}, and the report says ${JSON.stringify({ bytes, records, checksum })}`];
        });
        const twice = uris.filter((uri, index) => uris.indexOf(uri) !== index);
        return [...missing.map((key) => `the report does not name ${key}`), ...others, ...twice.map((uri) => `the report names ${uri} twice`)].map(
          (text) => `${delivery.name}: ${text}`,
        );
      }),
  },
  {
    name: 'a run that is noted as complete has its report by then',
    find: (evidence) =>
      factsOf(evidence).deliveries.flatMap(({ plan, name }) => {
        const noted = evidence.state.find(({ key, value }) => key === `run/${plan.runId}` && value?.['status'] === 'complete');
        if (noted === undefined) return [];
        const complete = evidence.versions.filter(
          ({ key, body }) =>
            key === `_loadin/reports/${plan.job}/${plan.runId}.json` &&
            body !== undefined &&
            parsed(body.toString('utf8'))?.['status'] === 'complete',
        );
        return complete.some(({ event = 0 }) => event < noted.event)
          ? []
          : [`${name}: it was noted as complete at event ${noted.event}, before a report said so`];
      }),
  },
];

/** All reports that were stored or printed, in whatever state the run was then. */
function everyReport({ versions, attempts }: Evidence): readonly { readonly where: string; readonly report: Fields }[] {
  const stored = versions.flatMap(({ key, body, event }) => {
    const report = key.startsWith('_loadin/reports/') && body !== undefined ? parsed(body.toString('utf8')) : undefined;
    return report === undefined ? [] : [{ where: `${key} (event ${event})`, report }];
  });
  const printed = attempts.flatMap(({ id, report }) =>
    report === undefined ? [] : [{ where: `the report of ${id}`, report: report as unknown as Fields }],
  );
  return [...stored, ...printed];
}

function saidCounts(part: Fields): Readonly<Record<string, number | undefined>> {
  const ledger = fieldsOf(part, 'ledger');
  const [pages, read, nulls, accepted, rejected] = numbers(ledger, 'pages', 'read', 'null_entries', 'accepted', 'rejected');
  const [planned, finished] = numbers(fieldsOf(part, 'slices'), 'planned', 'finished');
  const sinks = Object.entries(fieldsOf(ledger, 'sinks')).flatMap(([sink, counts]) => {
    const [delivered, dead, pending] = isFields(counts) ? numbers(counts, 'delivered', 'dead_lettered', 'pending') : [];
    return [[`delivered to ${sink}`, delivered] as const, [`dead-lettered for ${sink}`, dead] as const, [`pending for ${sink}`, pending] as const];
  });
  return {
    pages,
    'records read': read,
    'null entries': nulls,
    accepted,
    rejected,
    'planned slices': planned,
    'finished slices': finished,
    ...Object.fromEntries(sinks),
  };
}

type Count = number | { readonly least: number; readonly most: number };

function foundCounts({ landed, raw, streamed, letters, run, stream }: Delivery): Readonly<Record<string, Count>> {
  const rejected = letters.filter(({ stage }) => stage === 'transform');
  const inRaw = raw.reduce((sum, { records }) => sum + records.length, 0);
  const inStream = new Set(streamed.map(({ record }) => record.partitionKey)).size;
  const dead = (sink: string): number =>
    new Set(
      letters.filter(({ stage, sinks }) => stage === 'sink' && sinks.includes(sink)).map(({ record }) => idOf(stream.dataType, record as Fields)),
    ).size;
  const ofSinks: readonly (readonly [string, Count])[] = run.sinks.flatMap((sink) => [
    [`delivered to ${sink}`, sink === 's3_raw' ? inRaw : inStream] as const,
    [`dead-lettered for ${sink}`, dead(sink)] as const,
    [`pending for ${sink}`, 0] as const,
  ]);
  return {
    pages: landed.reduce((sum, { pages }) => sum + pages.length, 0),
    'records read': landed.reduce((sum, group) => sum + rawRecords(group).length, 0),
    'null entries': landed.reduce(
      (sum, { pages }) => sum + pages.reduce((of, { records }) => of + records.filter((record) => record === null).length, 0),
      0,
    ),
    ...(run.sinks.includes('s3_raw') && { accepted: inRaw + dead('s3_raw') }),
    // A broken record that several pages have is rejected each time; the letters of a step are written once.
    rejected: { least: new Set(rejected.map(({ slice, record }) => `${slice} ${JSON.stringify(record)}`)).size, most: rejected.length },
    'planned slices': stream.slices.length,
    'finished slices': stream.slices.length,
    ...Object.fromEntries(ofSinks),
  };
}
