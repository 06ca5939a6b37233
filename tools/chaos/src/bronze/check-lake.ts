import type { Lake } from './lake.js';
import { ENTITIES, KEYS, type Database, type Entity } from './tables.js';

/** Losses and runs that were left unfinished allow for more than is promised otherwise. */
export interface Allowance {
  /** What the last load had was lost: rows that were gone by then can't be found to be. */
  readonly forgotten: boolean;
  /** Entities whose rows may have come again although they had not changed. */
  readonly repeated: readonly Entity[];
  /** What was loaded. Default: everything there is. */
  readonly entities?: readonly Entity[];
}

/** Every value of a row in a text, by expressions that both databases print alike. */
const rowText = (entity: Entity, microseconds: (column: string) => string): string =>
  [
    ...KEYS[entity],
    'total',
    'note',
    "regexp_replace(weight::text, '\\.0$', '')",
    microseconds('ordered_at'),
    microseconds('noted_at'),
    ...(entity === 'orders' ? [microseconds('updated_at')] : []),
  ]
    .map((value) => `coalesce(${value}::text, '~')`)
    .join(` || '|' || `);
const inPostgres = (column: string): string => `(extract(epoch from ${column}) * 1000000)::bigint`;
const inDuckDb = (column: string): string => `epoch_us(${column})`;

interface Hashed {
  readonly hash: string;
  readonly text: string;
}

/** Exactly the rows of the database are in the lake, by number and by hash; and no load has a row twice. */
export async function checkLake(lake: Lake, sql: Database, { forgotten, repeated, entities = ENTITIES }: Allowance): Promise<string[]> {
  const findings: string[] = [];
  for (const entity of entities) {
    const { rows: source } = await sql.query<Hashed>(
      `SELECT md5(t) AS hash, left(t, 200) AS text FROM (SELECT ${rowText(entity, inPostgres)} AS t FROM ${entity}) x`,
    );
    if (!lake.has(entity)) {
      if (source.length > 0) findings.push(`${entity}: nothing of it is in the lake`);
      continue;
    }
    const hashed = (from: string): Promise<Hashed[]> =>
      lake.rows(`SELECT md5(t) AS hash, left(t, 200) AS text FROM (SELECT ${rowText(entity, inDuckDb)} AS t FROM ${from}) x`);
    // The last load has read everything.
    const last = `(FROM ${entity} WHERE _ingestion_ts = (SELECT max(_ingestion_ts) FROM ${entity}) AND NOT is_deleted)`;
    findings.push(...differences(`${entity}, the last load`, source, await hashed(last)));
    if (entity === 'log') continue;
    const key = KEYS[entity].join(', ');
    if (!forgotten) {
      const latest = `(FROM (FROM ${entity} QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY _ingestion_ts DESC) = 1) WHERE NOT is_deleted)`;
      findings.push(...differences(`${entity}, the latest state of each key`, source, await hashed(latest)));
    }
    const before = `(FROM ${entity} WHERE _ingestion_ts < (SELECT max(_ingestion_ts) FROM ${entity}))`;
    const latestBefore = `(FROM (FROM ${before} QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY _ingestion_ts DESC) = 1) WHERE NOT is_deleted)`;
    findings.push(...missing(`${entity}, the latest state of each key before the last load`, source, await hashed(latestBefore)));
    const twice = await lake.rows<{ k: string; n: number }>(
      `SELECT concat_ws(' ', ${key}) AS k, count(*)::int AS n FROM ${entity} GROUP BY ingestion_id, ${key} HAVING count(*) > 1 ORDER BY 1`,
    );
    if (twice.length > 0) findings.push(`${entity}: a load has ${twice.length} keys more than once, ${twice[0]?.k} ${twice[0]?.n} times`);
    if (!repeated.includes(entity)) findings.push(...(await again(lake, entity, key)));
  }
  return findings;
}

/** What had not changed did not come again, before the last load, which was told to bring everything. */
async function again(lake: Lake, entity: Entity, key: string): Promise<string[]> {
  const found = await lake.rows<{ k: string; n: number }>(
    `SELECT concat_ws(' ', ${key}) AS k, count(*)::int AS n FROM ${entity} WHERE NOT is_deleted AND _ingestion_ts < (SELECT max(_ingestion_ts) FROM ${entity})
     GROUP BY ${key}, _record_hash HAVING count(*) > 1 ORDER BY 1`,
  );
  return found.length === 0 ? [] : [`${entity}: ${found.length} rows came again although they had not changed, ${found[0]?.k} ${found[0]?.n} times`];
}

/** What is gone is found by who reads all keys: more may be there than the database has. */
const missing = (what: string, source: readonly Hashed[], lake: readonly Hashed[]): string[] =>
  differences(what, source, lake).filter((finding) => finding.includes(' rows are missing'));

function differences(what: string, source: readonly Hashed[], lake: readonly Hashed[]): string[] {
  const left = new Map<string, number>();
  const texts = new Map([...source, ...lake].map(({ hash, text }) => [hash, text]));
  for (const { hash } of source) left.set(hash, (left.get(hash) ?? 0) + 1);
  for (const { hash } of lake) left.set(hash, (left.get(hash) ?? 0) - 1);
  const missing = [...left].filter(([, n]) => n > 0).map(([hash]) => hash);
  const extra = [...left].filter(([, n]) => n < 0).map(([hash]) => hash);
  const say = (hashes: readonly string[], how: string): string[] =>
    hashes.length === 0
      ? []
      : [`${what}: ${hashes.length} rows ${how}, such as ${texts.get(hashes[0] ?? '')} (the database has ${source.length}, the lake ${lake.length})`];
  return [...say(missing, 'are missing'), ...say(extra, 'are there that the database does not have')];
}
