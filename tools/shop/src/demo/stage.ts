import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { startLocalAws } from '@loadin/local-aws';
import { childEnvironment } from '@loadin/local-stack';
import { startPostgres, type PostgresServer } from '@loadin/postgres';
import { startUpstreams, type Upstreams } from '@loadin/upstreams';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { createShop } from '../fill.js';
import { DEMO_JOBS } from './jobs-file.js';
import type { DemoOptions, Stage } from './types.js';

export const BUCKET = 'aws-ecom-pipeline';
const TABLE = 'loadin-checkpoints';
const DATABASE = 'shop';
/** Who reads: he may look at tables and at what runs in the database, and change nothing. */
const READER = 'loadin';
const READER_PASSWORD = 'reads-the-shop';
const DAY = 86_400_000;

export const clientOptions = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});

export type StageOptions = Pick<DemoOptions, 'dir' | 'rows' | 'leaseSeconds'>;

/** Postgres with the shop, the two APIs and AWS, each on a port that the system chooses; nothing outlives this process. */
export async function openStage({ dir, rows = 200_000, leaseSeconds = 3 }: StageOptions): Promise<Stage> {
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  try {
    const postgres = await startPostgres({ tls: true });
    closers.push(() => postgres.stop());
    const connect = connecting(postgres, closers);
    const client = await connect();
    const shop = await createShop({ client, rows });
    await addReader(client);
    const aws = await startLocalAws({ dataDir: join(dir, 'aws'), log: () => undefined });
    closers.push(() => aws.close());
    const sources = await startUpstreams({ baseDate: new Date(Date.now() - DAY).toISOString().slice(0, 10) });
    closers.push(() => sources.close());
    const database = { host: '127.0.0.1', port: postgres.port, database: DATABASE, username: READER, password: READER_PASSWORD };
    const secrets = await makeStorage(aws.url, { database, apiKey: sources.credentials.gatewayApiKey });
    await writeFile(join(dir, 'loadin.jobs.yaml'), DEMO_JOBS);
    await writeFile(join(dir, 'ca.pem'), postgres.ca ?? '');
    // What a killed run held is free for the next one after that.
    const settings = { ...settingsOf(dir, aws.url, sources, secrets), LOADIN_LEASE_SECONDS: String(leaseSeconds) };
    const env = childEnvironment(process.env, settings);
    return { dir, aws, postgres, client, shop, settings, env, connect, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Connections of the owner to the shop's database, which the first one makes. */
function connecting({ host, port, user, password, ca }: PostgresServer, closers: (() => Promise<void>)[]): Stage['connect'] {
  const to = async (database: string): Promise<Client> => {
    const client = new Client({ host, port, user, password, database, ssl: { ca } });
    await client.connect();
    return client;
  };
  let made: Promise<unknown> | undefined;
  return async () => {
    made ??= to('postgres').then((admin) => admin.query(`CREATE DATABASE ${DATABASE}`).finally(() => admin.end()));
    await made;
    const client = await to(DATABASE);
    closers.push(() => client.end());
    return client;
  };
}

async function addReader(client: Client): Promise<void> {
  await client.query(`
    CREATE ROLE ${READER} LOGIN PASSWORD '${READER_PASSWORD}' IN ROLE pg_read_all_stats;
    GRANT CONNECT ON DATABASE ${DATABASE} TO ${READER}; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${READER}`);
}

interface Secrets {
  readonly rds: string;
  readonly apiKey: string;
}

/** Bucket, table and secrets, as an owner has made them. */
async function makeStorage(endpoint: string, { database, apiKey }: { readonly database: object; readonly apiKey: string }): Promise<Secrets> {
  const options = clientOptions(endpoint);
  const clients = {
    s3: new S3Client({ ...options, forcePathStyle: true }),
    dynamodb: new DynamoDBClient(options),
    secrets: new SecretsManagerClient(options),
  };
  const secret = async (Name: string, value: object): Promise<string> =>
    (await clients.secrets.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(value) }))).ARN ?? Name;
  try {
    await clients.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    await clients.dynamodb.send(
      new CreateTableCommand({
        TableName: TABLE,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      }),
    );
    return { rds: await secret('ecom-rds-shop', database), apiKey: await secret('ecom-payments-api-key', { api_key: apiKey }) };
  } finally {
    for (const client of Object.values(clients)) client.destroy();
  }
}

const settingsOf = (dir: string, endpoint: string, sources: Upstreams, secrets: Secrets): Record<string, string> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_EC2_METADATA_DISABLED: 'true',
  S3_BUCKET_NAME: BUCKET,
  RDS_SECRET_ARN: secrets.rds,
  DATABASE_CA: join(dir, 'ca.pem'),
  API_KEY_SECRET_ARN: secrets.apiKey,
  PAYMENTS_API_URL: sources.paymentsUrl,
  SHIPMENTS_API_URL: sources.shipmentsUrl,
  CHECKPOINT_STORE: `dynamodb://${TABLE}`,
  LOADIN_JOBS: join(dir, 'loadin.jobs.yaml'),
});
