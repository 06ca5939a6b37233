import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClientOptions } from '@loadin/aws';
import { startPostgres, type PostgresServer, type TestDatabase } from '@loadin/postgres';
import { connectionTo, startAws } from '../aws/aws-server.js';
import { startChild, type Child } from '../child.js';
import type { JobRun } from './job-run.js';

const JOBS = `version: 1
streams:
  postgres.compared: { table: public.orders, key: [id], hard_deletes: true, event_date: order_date }
  postgres.looked_back: { table: public.orders, key: [id], cursor: changed_at, look_back_minutes: 100000, event_date: order_date }
  payments.payments: { event_date: created_at }
jobs:
  compared: { streams: [postgres.compared], sinks: [s3_bronze] }
  looked_back: { streams: [postgres.looked_back], sinks: [s3_bronze] }
  listed: { streams: [payments.payments], sinks: [s3_bronze] }
`;
const BUCKET = 'bench-lake';
/** Read by nobody. */
const API_KEY = 'benchbenchbenchbenchbench';

export interface LoadWorld {
  readonly server: PostgresServer;
  readonly database: TestDatabase;
  /** A run of a job in a process of its own. */
  run(job: string, at: string, load?: 'full'): Promise<JobRun>;
  close(): Promise<void>;
}

/** A Postgres, an S3 and a list of so many payments, in processes of their own. */
export async function openLoadWorld(payments: number): Promise<LoadWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'loadin-bench-'));
  writeFileSync(join(folder, 'jobs.yaml'), JOBS);
  const aws = startAws();
  const api = startChild<{ url: string }>(new URL('./payment-pages.child.js', import.meta.url).pathname, { args: [String(payments)] });
  const server = await startPostgres({ settings: { shared_buffers: '256MB' } });
  const database = await server.createDatabase();
  const [{ url: endpoint }, { url: list }] = [await aws.next(), await api.next()];
  const secret = await makeStorage(endpoint);
  const env = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    S3_BUCKET_NAME: BUCKET,
    CHECKPOINT_STORE: `s3://${BUCKET}/logs/pipeline/ingestion/checkpoints.json`,
    DATABASE_URL: database.url,
    DATABASE_TLS: 'off',
    PAYMENTS_API_URL: list,
    API_KEY_SECRET_ARN: secret,
    LOADIN_JOBS: join(folder, 'jobs.yaml'),
  };
  return {
    server,
    database,
    run: (job, at, load) => ended(startChild<JobRun>(new URL('./run.child.js', import.meta.url).pathname, { args: [job, at, load ?? ''], env })),
    async close() {
      await api.stop();
      // First: a connection that the server ends is an error of its own, in front of the one that counts.
      await database.close();
      await server.stop();
      await aws.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

async function makeStorage(endpoint: string): Promise<string> {
  const options = awsClientOptions(connectionTo(endpoint));
  const [s3, secrets] = [new S3Client(options.s3), new SecretsManagerClient(options.secretsManager)];
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const { ARN = '' } = await secrets.send(new CreateSecretCommand({ Name: 'payments', SecretString: JSON.stringify({ api_key: API_KEY }) }));
  s3.destroy();
  secrets.destroy();
  return ARN;
}

async function ended(child: Child<JobRun>): Promise<JobRun> {
  const run = await child.next();
  await child.stop();
  if (run.status !== 'complete') throw new Error(run.problems.join('; '));
  return run;
}
