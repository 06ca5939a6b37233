// Writes what the other readers read: every type with its edge values, by both feeds, with every compression; evolved schemas; tombstones; dates.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { directoryOutput, fileNames, latestSchema, parseTypeName, withSchema, writeCopyText, writeRecords } from '@loadin/bronze-writer';
import { describeLake } from '@loadin/catalogue';
import { DATA_TYPES, transformFor } from '@loadin/transforms';
import { recordSchema } from '@loadin/transforms/schema';

const BUCKET = 'corpus';
const COMPRESSIONS = ['zstd', 'snappy', 'none'];

/** @param values what values.json says */
export async function writeCorpus(root, values) {
  const lake = openLake(root);
  for (const compression of COMPRESSIONS) {
    await lake.copy({ entity: `copy_${compression}`, compression }, copyColumns(values), copyRows(values));
    const columns = values.records.flatMap(({ type }, n) => (type === null ? [] : [{ name: `v${n}`, type: parseTypeName(type) }]));
    await lake.records({ entity: `records_${compression}`, compression, sourceSystem: 'api', columns }, recordRows(values));
  }
  await writeEvolved(lake);
  await writeTombstones(lake);
  await writeDates(lake);
  const statements = describe(lake);
  mkdirSync(join(root, '_loadin'), { recursive: true });
  writeFileSync(join(root, '_loadin', 'statements.json'), JSON.stringify(statements));
  return statements;
}

function openLake(root) {
  const files = new Map();
  let loads = 0;
  const loaded = async (load, write) => {
    const ingestionId = `5c7f9e0a-0000-5000-8000-${String(++loads).padStart(12, '0')}`;
    const output = directoryOutput(root, ingestionId);
    const file = files.get(load.entity);
    const times = { ingestionDate: '2026-03-01', ingestionTs: '2026-03-01T02:00:00Z' };
    const fixed = { loadType: 'full', sourceSystem: 'rds', memoryBytes: 2 ** 20, ...times, ingestionId, output, schema: file && latestSchema(file) };
    const report = await write({ ...fixed, ...load });
    await output.commit();
    files.set(load.entity, withSchema(file, load.entity, report.schema, ingestionId));
  };
  return {
    files,
    copy: (load, columns, chunks) => loaded(load, (each) => writeCopyText(each, columns, chunks)),
    records: (load, items) => loaded(load, (each) => writeRecords(each, items)),
  };
}

const ESCAPES = { '\\': '\\', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't', '\v': 'v' };
const field = (text) => (text === null ? '\\N' : text.replace(/[\\\b\f\n\r\t\v]/g, (char) => `\\${ESCAPES[char]}`));
const lines = (rows) => Buffer.from(rows.map((row) => `${row.map(field).join('\t')}\n`).join(''));

/** The values of a column one after the other, a null, and once more from the beginning: there is a dictionary, and levels of both kinds. */
const valueAt = ({ values }, row) => values[row % (values.length + 1)]?.[0] ?? null;
const rowCount = (cases) => 2 * Math.max(...cases.map(({ values }) => values.length)) + 2;
const rowsOf = (cases, row) => Array.from({ length: rowCount(cases) }, (_, n) => row(n));

const copyColumns = ({ copy }) => [{ name: 'n', type: 'integer' }, ...copy.map(({ type }, n) => ({ name: `v${n}`, type }))];
const copyRows = ({ copy }) => [lines(rowsOf(copy, (row) => [String(row), ...copy.map((each) => valueAt(each, row))]))];

function recordRows({ records }) {
  const member = (each, n, row) => [`v${n}`, JSON.parse(valueAt(each, row) ?? 'null')];
  return rowsOf(records, (row) => Object.fromEntries([['n', row], ...records.map((each, n) => member(each, n, row))]));
}

/** Two loads: the second has wider types, texts in place of numbers, and one column more. */
async function writeEvolved(lake) {
  const columns = (...types) => types.map((type, n) => ({ name: `c${n}`, type }));
  await lake.copy({ entity: 'evolved' }, columns('integer', 'numeric(6,2)', 'integer', 'real', 'boolean'), [
    lines([
      ['2147483647', '1234.56', '-7', '0.5', 't'],
      [null, null, null, null, null],
    ]),
  ]);
  const next = columns('bigint', 'numeric(12,4)', 'text', 'double precision', 'text', 'date');
  await lake.copy({ entity: 'evolved', ingestionDate: '2026-03-02', ingestionTs: '2026-03-02T02:00:00Z', loadType: 'incremental' }, next, [
    lines([['9223372036854775807', '12345678.9012', 'seven', '1e+300', 'maybe', '2026-03-02']]),
  ]);
}

async function writeTombstones(lake) {
  const columns = [
    { name: 'tenant', type: 'uuid' },
    { name: 'id', type: 'bigint' },
    { name: 'note', type: 'text' },
    { name: 'at', type: 'timestamp with time zone' },
  ];
  const tenant = '11111111-2222-3333-4444-555555555555';
  const load = { entity: 'tombstones', deletes: true, partitionBy: 'at' };
  await lake.copy(load, columns, [
    lines([[tenant, '1', 'stays', '2026-02-01 00:00:00+00']]),
    {
      key: ['tenant', 'id'],
      gone: [
        [tenant, '2'],
        [tenant, '9223372036854775807'],
      ],
      digests: Uint8Array.from({ length: 32 }, (_, n) => n),
    },
  ]);
}

/** 4,000 rows of 40 dates and of none, in row groups of some hundred rows, sorted by amount. */
async function writeDates(lake) {
  const columns = [
    { name: 'id', type: 'bigint' },
    { name: 'amount', type: 'numeric(10,2)' },
    { name: 'name', type: 'text' },
    { name: 'day', type: 'date' },
  ];
  const row = (id) => [String(id), (((id * 7919) % 100003) / 100).toFixed(2), id % 7 === 0 ? null : `name ${id % 50}`, dayOf(id)];
  const load = { entity: 'dates', partitionBy: 'day', sortBy: ['amount'], rowGroupBytes: 2048, memoryBytes: 65536 };
  await lake.copy(load, columns, [lines(Array.from({ length: 4000 }, (_, id) => row(id)))]);
}

const dayOf = (id) => (id % 41 === 40 ? null : new Date(Date.UTC(2026, 0, 1 + (id % 41))).toISOString().slice(0, 10));

const STREAM_ONLY = ['data_type', 'ingestion_timestamp', 'record_hash', 'run_id', 'replay_of'];

/** Everything that Athena is told of such a lake: those entities, every raw data type, the logs, with drops. */
function describe({ files }) {
  const entities = [...files.values()].map(({ entity, versions }) => ({
    entity,
    key: [versions.at(-1).columns[0].name],
    versions: versions.map(({ version, columns }) => {
      const names = fileNames(columns.map(({ name }) => name));
      return { version, columns: columns.map(({ type }, n) => ({ name: names[n], type })) };
    }),
  }));
  const odd = {
    entity: 'order',
    key: ['user'],
    versions: [{ version: 1, columns: ['user', 'Grüße & more', 'a"b', 'date'].map((name) => ({ name, type: 'string' })) }],
  };
  const raw = DATA_TYPES.map((dataType) => {
    const fields = Object.entries(recordSchema(dataType).properties).filter(([name]) => !STREAM_ONLY.includes(name));
    return { source: transformFor(dataType).source, dataType, schema: { type: 'object', properties: Object.fromEntries(fields) } };
  });
  const lake = { bronze: { bucket: BUCKET, entities: [...entities, odd] }, raw: { bucket: BUCKET, records: raw }, logs: { bucket: BUCKET } };
  return describeLake(lake, { replace: true });
}
