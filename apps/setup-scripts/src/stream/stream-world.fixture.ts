import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  type KinesisClient,
  PutRecordsCommand,
  type StreamDescriptionSummary,
} from '@aws-sdk/client-kinesis';
import { loadEnvironment } from '@loadin/config';
import { startLocalAws, type LocalAws } from '@loadin/local-aws';
import { createManualClock } from '@loadin/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClients } from '../clients.js';
import type { Prompt } from '../prompt.js';
import { runProgram } from '../program.js';

export const STREAM = 'concerts';

/** A stream of one shard whose changes take two seconds of a clock on which waiting takes no time. */
export interface StreamWorld {
  readonly client: KinesisClient;
  readonly server: LocalAws;
  readonly clock: ReturnType<typeof createManualClock>;
  /** What whoever sits there answers; undefined: nobody does. */
  answer: string | undefined;
  readonly asked: string[];
  interruption: (() => AbortSignal) | undefined;
  /** Called with each line as it is printed. */
  onLine: (line: string) => void;
  run(...args: string[]): Promise<{ status: number; lines: string[]; text: string; complaints: string }>;
  summary(): Promise<StreamDescriptionSummary | undefined>;
  put(...records: (readonly [key: string, data: string | Uint8Array])[]): Promise<void>;
}

/** Call it once at the top of a specification file. */
export function useStreamWorld(): StreamWorld {
  const world = { run, summary, put } as StreamWorld & Record<'client' | 'server' | 'clock', unknown> & { dir: string };
  beforeEach(async () => {
    const clock = createManualClock(Date.parse('2026-03-01T02:00:00Z'));
    const dir = mkdtempSync(join(tmpdir(), 'loadin-stream-'));
    const server = await startLocalAws({ dataDir: dir, now: () => clock.now(), kinesis: { transitionMs: 2_000 } });
    const { kinesis: client } = createClients('us-east-1', loadEnvironment({ cwd: dir, env: envOf(server) }));
    Object.assign(world, { clock, dir, server, client, answer: undefined, asked: [], interruption: undefined, onLine: () => undefined });
    await client.send(new CreateStreamCommand({ StreamName: STREAM, ShardCount: 1 }));
    await clock.sleep(3_000);
  });
  afterEach(async () => {
    world.client.destroy();
    await world.server.close();
    rmSync(world.dir, { recursive: true });
  });
  return world;

  async function run(...args: string[]) {
    const lines: string[] = [];
    const complaints: string[] = [];
    const output = {
      print: (line: string) => {
        lines.push(...line.split('\n'));
        world.onLine(line);
      },
      complain: (text: string) => void complaints.push(text),
    };
    const env = envOf(world.server);
    const { clock, interruption } = world;
    const status = await runProgram(['stream', ...args], { output, env, cwd: world.dir, clock, prompt: promptOf(world), interruption });
    return { status, lines, text: lines.join('\n'), complaints: complaints.join('\n') };
  }

  async function summary(): Promise<StreamDescriptionSummary | undefined> {
    return (await world.client.send(new DescribeStreamSummaryCommand({ StreamName: STREAM }))).StreamDescriptionSummary;
  }

  async function put(...records: (readonly [string, string | Uint8Array])[]): Promise<void> {
    const Records = records.map(([PartitionKey, data]) => ({ PartitionKey, Data: Buffer.from(data) }));
    await world.client.send(new PutRecordsCommand({ StreamName: STREAM, Records }));
  }
}

function promptOf(world: StreamWorld): Prompt {
  const ask = async (question: string): Promise<string> => {
    world.asked.push(question);
    return world.answer ?? '';
  };
  return { interactive: world.answer !== undefined, ask, askSecretly: ask, readAll: async () => '' };
}

const envOf = ({ url }: LocalAws): Record<string, string> => ({
  AWS_ENDPOINT_URL: url,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'any',
  AWS_SECRET_ACCESS_KEY: 'any',
  AWS_KINESIS_STREAM_NAME: STREAM,
});
