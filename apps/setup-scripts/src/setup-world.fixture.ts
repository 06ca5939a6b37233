import { loadEnvironment } from '@loadin/config';
import { startLocalAws, type LocalAws } from '@loadin/local-aws';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClients, type Clients } from './clients.js';
import { runProgram } from './program.js';

/** A server of its own for each specification, clients to look at it, and the settings that lead to it. */
export interface SetupWorld {
  dir: string;
  server: LocalAws;
  clients: Clients;
  env: Record<string, string>;
  /** Runs loadin-setup with these arguments. */
  setup(...args: string[]): Promise<{ status: number; lines: string[]; complaints: string }>;
}

/** Call it once at the top of a specification file; the fields are there while a specification runs. */
export function useSetupWorld(): SetupWorld {
  const world = { setup } as SetupWorld;
  beforeEach(async () => {
    world.dir = mkdtempSync(join(tmpdir(), 'loadin-setup-'));
    world.server = await startLocalAws({ dataDir: join(world.dir, 'aws') });
    world.env = {
      AWS_ENDPOINT_URL: world.server.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_S3_BUCKET_RAW: 'lake-raw',
      AWS_S3_BUCKET_PROCESSED: 'lake-processed',
      AWS_KINESIS_STREAM_NAME: 'concerts',
      AWS_KINESIS_SHARD_COUNT: '2',
      CHECKPOINT_STORE: 'dynamodb://state',
    };
    world.clients = createClients('us-east-1', loadEnvironment({ cwd: world.dir, env: world.env }));
  });
  afterEach(async () => {
    world.clients.close();
    await world.server.close();
    rmSync(world.dir, { recursive: true });
  });
  return world;

  async function setup(...args: string[]): Promise<{ status: number; lines: string[]; complaints: string }> {
    const lines: string[] = [];
    const complaints: string[] = [];
    const output = { print: (line: string) => void lines.push(...line.split('\n')), complain: (text: string) => void complaints.push(text) };
    const status = await runProgram(args, { output, env: world.env, cwd: world.dir });
    return { status, lines, complaints: complaints.join('\n') };
  }
}

/** Words of the lines that tell of steps, by their subject. */
export const stepsOf = (lines: readonly string[]): Record<string, string> =>
  Object.fromEntries(lines.flatMap((line) => (/^(\S.{13}) (\S+:\/\/[^(]*?)(?: \(.*)?$/.exec(line) ? [[RegExp.$2, RegExp.$1.trim()]] : [])));
