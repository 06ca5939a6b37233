import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DuckDBInstance } from '@duckdb/node-api';
import { awsClientOptions } from '@loadin/aws';
import { loadEnvironment, type Environment } from '@loadin/config';
import type { RunReport } from '@loadin/pipeline';
import { sharedPostgres } from '@loadin/postgres';
import { startServers } from '@loadin/specs';
import { createManualClock } from '@loadin/testing';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runNamedJob, type RunNamedJobOptions } from './run-named-job.js';

export const FIRST = '2026-03-01T02:00:00Z';
export const NEXT = '2026-03-02T02:00:00Z';

/** What one row of a query of DuckDB is. */
export type Row = Record<string, unknown>;

const GATEWAY = { perSecond: 1e6, burst: 1e6, perDay: 1e6, maxLimit: 10_000, heedsSince: true };

/** The servers of a shop's database and APIs, and of AWS. Each specification opens a shop of its own on them. */
export async function startBronzeServers(jobs: string) {
  let now = Date.parse(FIRST);
  const upstreams = { baseDate: '2026-03-01', historyDays: 1, now: () => now, limits: { gateway: GATEWAY } };
  const [servers, postgres] = await Promise.all([startServers({ jobs, made: [], upstreams }), sharedPostgres()]);
  const aws = clientsOf(servers.aws.url);
  let opened = 0;
  return {
    /** An empty database, lake and state; the secrets that lead there; a clock of the jobs that is the APIs' too. */
    async open() {
      const name = `shop-${(opened += 1)}`;
      const clock = createManualClock(Date.parse(FIRST));
      now = clock.now();
      Object.assign(servers.sources.limits.gateway, GATEWAY);
      const [database] = await Promise.all([postgres.createDatabase(), aws.createBucket(name), aws.createTable(name)]);
      const { hostname: host, port, pathname, username, password } = new URL(database.url);
      const connection = { engine: 'postgres', host, port: Number(port), dbname: pathname.slice(1), username, password };
      // Those of records are not needed.
      const shared = Object.entries(servers.env).filter(([setting]) => !/^AWS_(S3|KINESIS)_/.test(setting));
      const env = {
        ...Object.fromEntries(shared),
        S3_BUCKET_NAME: name,
        CHECKPOINT_STORE: `dynamodb://${name}`,
        LOADIN_JOBS: join(servers.dir, 'jobs.yaml'),
        RDS_SECRET_ARN: await aws.createSecret(`${name}-database`, JSON.stringify(connection)),
        DATABASE_TLS: 'off',
        PAYMENTS_API_URL: servers.sources.paymentsUrl,
        SHIPMENTS_API_URL: servers.sources.shipmentsUrl,
        API_KEY_SECRET_ARN: await aws.createSecret(`${name}-keys`, JSON.stringify({ api_key: servers.sources.credentials.gatewayApiKey })),
      };
      const environment = (more: Readonly<Record<string, string | undefined>> = {}): Environment =>
        loadEnvironment({ cwd: servers.dir, env: { ...env, ...more } });
      const callsBefore = servers.sources.requests().byApi.payments.calls;
      return {
        env,
        clock,
        connection,
        environment,
        sql: database.client,
        sources: servers.sources,
        /** Of the payments API. */
        calls: () => servers.sources.requests().byApi.payments.calls - callsBefore,
        putSecret: (of: 'database' | 'keys', text: string) => aws.putSecret(`${name}-${of}`, text),
        async run(more: Partial<RunNamedJobOptions> = {}, at = FIRST): Promise<RunReport> {
          await clock.advance(Math.max(0, Date.parse(at) + 5_000 - clock.now()));
          now = clock.now();
          return runNamedJob({ job: 'bronze', environment: environment(), clock, at, ...more });
        },
        keys: (prefix?: string) => aws.keys(name, prefix),
        text: async (key: string) => Buffer.from(await aws.bytes(name, key)).toString('utf8'),
        rows: (sql: string) => queryLake(aws, name, sql),
        close: database.close,
      };
    },
    async close() {
      aws.close();
      await servers.close();
    },
  };
}

export type BronzeServers = Awaited<ReturnType<typeof startBronzeServers>>;
export type Shop = Awaited<ReturnType<BronzeServers['open']>>;

type Clients = ReturnType<typeof clientsOf>;

function clientsOf(endpoint: string) {
  const options = awsClientOptions({ region: 'us-east-1', endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
  const s3 = new S3Client(options.s3);
  const dynamodb = new DynamoDBClient(options.dynamodb);
  const secrets = new SecretsManagerClient(options.secretsManager);
  return {
    createBucket: (Bucket: string) => s3.send(new CreateBucketCommand({ Bucket })),
    async createTable(name: string) {
      const { checkpointTableDefinition } = await import('@loadin/checkpoint-store');
      await dynamodb.send(new CreateTableCommand(checkpointTableDefinition(name)));
    },
    createSecret: async (Name: string, SecretString: string) => (await secrets.send(new CreateSecretCommand({ Name, SecretString }))).ARN ?? '',
    putSecret: async (SecretId: string, SecretString: string) => void (await secrets.send(new PutSecretValueCommand({ SecretId, SecretString }))),
    async keys(Bucket: string, Prefix = ''): Promise<string[]> {
      const found: string[] = [];
      for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix }))
        found.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
      return found;
    },
    bytes: async (Bucket: string, Key: string): Promise<Uint8Array> =>
      (await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToByteArray()) ?? new Uint8Array(),
    close: () => [s3, dynamodb, secrets].forEach((client) => client.destroy()),
  };
}

/** `orders`, `payments`, …: what DuckDB finds under `data/bronze/{entity}`. The query names one with `lake('orders')`. */
async function queryLake({ keys, bytes }: Clients, bucket: string, sql: string): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'loadin-lake-'));
  const duckdb = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  try {
    await duckdb.run("SET TimeZone = 'UTC'");
    for (const key of await keys(bucket, 'data/bronze/')) {
      await mkdir(dirname(join(folder, key)), { recursive: true });
      await writeFile(join(folder, key), await bytes(bucket, key));
    }
    await duckdb.run(
      `CREATE MACRO lake(entity) AS TABLE FROM read_parquet('${folder}/data/bronze/' || entity || '/**/*.parquet', hive_partitioning = true, union_by_name = true)`,
    );
    return (await duckdb.runAndReadAll(sql)).getRowObjectsJson() as Row[];
  } finally {
    duckdb.closeSync();
    await rm(folder, { recursive: true });
  }
}
