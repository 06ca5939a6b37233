import { startLocalAws, type LocalAws } from '@loadin/local-aws';
import type { PostgresServer } from '@loadin/postgres';
import { BUCKET, connectStorage, TABLE, type Storage } from '@loadin/specs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKPOINT_OBJECT } from '../delivery/steps.js';
import { LEASE_MS } from '../delivery/world.js';
import type { LoadScenario } from './scenario.js';
import { ENTITIES, jobsFile, type Database } from './tables.js';

/** The servers of one storm over entities. The database lies on a server that storms share. */
export interface LoadWorld {
  readonly dir: string;
  readonly aws: LocalAws;
  readonly storage: Storage;
  readonly sql: Database;
  /** Of the database. */
  readonly url: string;
  envOf(attempt: string): Readonly<Record<string, string>>;
  lambdaEnvOf(attempt: string): Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** A line about a client that was killed in the middle of its call is not worth reading, and a full disk is what was asked for. */
const log = (line: string): void => void (/aborted|no space left|ECONNRESET|EPIPE/.test(line) || process.stderr.write(`${line}\n`));

export async function startLoadWorld(
  { store, only, overlap }: Pick<LoadScenario, 'store' | 'only' | 'overlap'>,
  postgres: PostgresServer,
): Promise<LoadWorld> {
  const dir = await mkdtemp(join(tmpdir(), 'loadin bronze storm '));
  const [aws, database] = await Promise.all([startLocalAws({ dataDir: join(dir, 'aws'), log }), postgres.createDatabase()]);
  const storage = connectStorage(aws.url);
  await storage.create({ parts: ['bucket', 'table'] });
  await writeFile(join(dir, 'jobs.yaml'), jobsFile(only === undefined ? ENTITIES : [only], overlap ? 0 : 10));
  const envOf = (attempt: string): Record<string, string> => ({
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: attempt,
    AWS_SECRET_ACCESS_KEY: 'canary+aws/secret=access&key',
    S3_BUCKET_NAME: BUCKET,
    CHECKPOINT_STORE: store === 's3' ? `s3://${BUCKET}/${CHECKPOINT_OBJECT}` : `dynamodb://${TABLE}`,
    LOADIN_LEASE_SECONDS: String(LEASE_MS / 1_000),
    LOADIN_JOBS: 'jobs.yaml',
    DATABASE_URL: database.url,
    DATABASE_TLS: 'off',
  });
  return {
    ...{ dir, aws, storage, sql: database.client, url: database.url },
    envOf,
    lambdaEnvOf: envOf,
    async close() {
      storage.close();
      await Promise.all([aws.close(), database.close()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}
