import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { awsClientOptions } from '@loadin/aws';
import { startLocalAws } from '@loadin/local-aws';
import { ingestionId, runId, silentLogger, silentMeter, type Cursor, type Load, type Loaded, type LoadOptions, type Stream } from '@loadin/pipeline';
import { sharedPostgres } from '@loadin/postgres';
import { connectionFromUrl, createPostgresStream } from '@loadin/postgres-source';
import { Client } from 'pg';
import { createManualClock, createMemoryStateStore } from '@loadin/testing';
import { createBronzeLoader } from './create-loader.js';
import type { BronzeContext, BronzeTable } from './types.js';

export const JOB = 'bronze';
export const AT = '2024-03-01T02:00:00Z';

/** How a load is asked for, beside what is usual. */
export interface Asked {
  readonly at?: string;
  /** The checkpoint. Default: what the load before has reached. */
  readonly since?: Cursor | null;
  readonly fullRefresh?: boolean;
  /** Another table of the same database. */
  readonly table?: BronzeTable;
  /** Another run of the same time. */
  readonly again?: boolean;
  readonly context?: Partial<BronzeContext>;
  readonly options?: Partial<LoadOptions>;
}

export type Servers = Awaited<ReturnType<typeof startServers>>;

/** A Postgres, unless it is not wanted, and an S3, both real. */
export async function startServers({ postgres: wanted = true } = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'loadin-bronze-'));
  const [postgres, aws] = await Promise.all([wanted ? sharedPostgres() : undefined, startLocalAws({ dataDir })]);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new S3Client(awsClientOptions({ region: 'us-east-1', endpoint: aws.url, credentials, maxAttempts: 1 }).s3);
  const duckdb = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  await duckdb.run("SET TimeZone = 'UTC'");
  let buckets = 0;
  return {
    postgres,
    url: aws.url,
    client,
    duckdb,
    async bucket() {
      const name = `lake-${(buckets += 1)}`;
      await client.send(new CreateBucketCommand({ Bucket: name }));
      return name;
    },
    async close() {
      duckdb.closeSync();
      client.destroy();
      await aws.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** What one row of a query of DuckDB is. */
export type Row = Record<string, unknown>;

/** A bucket as readers find it: what lies under `data/bronze/`, copied out and read by DuckDB. */
export function openBucket({ client, duckdb }: { client: S3Client; duckdb: DuckDBConnection }, bucket: string, hasDeletes = false) {
  const keys = async (prefix = ''): Promise<string[]> => {
    const found: string[] = [];
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix }))
      for (const { Key = '' } of page.Contents ?? []) found.push(Key);
    return found;
  };
  const bytes = async (key: string): Promise<Uint8Array> =>
    (await (await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body?.transformToByteArray()) ?? new Uint8Array();
  const pending = async (): Promise<string[]> =>
    ((await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? []).map(({ Key = '' }) => Key);
  /** `lake` is all of bronze; there must be something. `deleted` says whether a row is a tombstone. */
  const rows = async (sql: string): Promise<Row[]> => {
    const folder = mkdtempSync(join(tmpdir(), 'loadin-lake-'));
    try {
      for (const key of await keys('data/bronze/')) {
        mkdirSync(dirname(join(folder, key)), { recursive: true });
        writeFileSync(join(folder, key), await bytes(key));
      }
      const lake = `select *, ${hasDeletes ? '_deleted' : 'false'} as deleted from read_parquet('${folder}/data/bronze/**/*.parquet', hive_partitioning = true, union_by_name = true)`;
      return (await duckdb.runAndReadAll(`with lake as (${lake}) ${sql}`)).getRowObjectsJson() as Row[];
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const remove = async (key: string): Promise<void> => void (await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })));
  return { keys, bytes, pending, rows, remove, text: async (key: string) => Buffer.from(await bytes(key)).toString('utf8') };
}

/** A table of a database of its own, and a bucket of its own that it is loaded into. */
export async function openShop(servers: Servers, ddl: string, entity: Omit<BronzeTable, 'kind' | 'source'>) {
  const bucket = await servers.bucket();
  if (servers.postgres === undefined) throw new Error('there is no Postgres');
  const database = await servers.postgres.createDatabase();
  await database.client.query(ddl);
  database.client.on('error', () => undefined);
  const connection = connectionFromUrl(`${database.url}?sslmode=disable`);
  const clock = createManualClock(Date.parse(AT));
  const context: BronzeContext = {
    client: servers.client,
    bucket,
    state: createMemoryStateStore(),
    clock,
    random: () => 0.5,
    writer: { memoryBytes: 2 ** 20 },
  };
  const table: BronzeTable = { kind: 'table', source: { connection }, ...entity };
  let checkpoint: Cursor | null = null;

  const load = async (asked: Asked = {}): Promise<Loaded> => {
    const loaded = await ask(asked.table ?? table, { ...asked, context: { ...context, ...asked.context } as BronzeContext, checkpoint });
    checkpoint = loaded.reached ?? checkpoint;
    return loaded;
  };
  return {
    ...openBucket(servers, bucket, entity.hardDeletes),
    bucket,
    connection,
    context,
    sql: database.client,
    url: database.url,
    table,
    load,
    close: database.close,
  };
}

export type Shop = Awaited<ReturnType<typeof openShop>>;

interface Asking extends Asked {
  readonly context: BronzeContext;
  readonly checkpoint: Cursor | null;
}

/** One load, as the engine would ask for it. */
async function ask(table: BronzeTable, asked: Asking): Promise<Loaded> {
  const { at = AT, checkpoint, fullRefresh = false, context } = asked;
  const since = asked.since === undefined ? checkpoint : asked.since;
  const { source, table: name, key, cursor, cursorKind, columns, lookBack, timeZone } = table;
  const stream: Stream = createPostgresStream({ ...source, table: name, key, cursor, cursorKind, columns, lookBack, timeZone });
  const planned = { scheduledTime: at, fullRefresh, ...(since !== null && !fullRefresh && { since }) };
  const survey = await stream.survey?.(planned, { signal: AbortSignal.timeout(20_000), logger: silentLogger });
  const [slice] = stream.plan({ ...planned, survey });
  if (slice === undefined) throw new Error('nothing is planned');
  return createBronzeLoader(table, context).load(loadOf(stream, { at, fullRefresh, slice, again: asked.again }), optionsOf(asked.options));
}

export function loadOf(
  { id, source, dataType }: Stream,
  { at, fullRefresh = false, slice, again = false }: Pick<Load, 'slice'> & Pick<Asked, 'fullRefresh' | 'again'> & { readonly at: string },
): Load {
  const run = runId({ job: JOB, scheduledTime: at, repetition: again ? 2 : 1 });
  return { job: JOB, runId: run, ingestionId: ingestionId(run, id), stream: id, source, dataType, scheduledTime: at, second: at, fullRefresh, slice };
}

export function optionsOf(options: Partial<LoadOptions> = {}): LoadOptions {
  return {
    signal: AbortSignal.timeout(60_000),
    meter: silentMeter,
    reading: silentMeter,
    logger: silentLogger,
    beforeCommit: async () => undefined,
    onProgress: () => undefined,
    letters: {
      key: (part) => `dead-letters/postgres/orders/${part}.ndjson`,
      contentType: 'application/x-ndjson',
      line: (rejection) => `${JSON.stringify(rejection)}\n`,
    },
    ...options,
  };
}

/** Another connection, for what happens at the same time. */
export async function connectTo(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, ssl: false });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
