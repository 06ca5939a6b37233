import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsClientOptions } from '@loadin/aws';
import { checkpointTableDefinition } from '@loadin/checkpoint-store';
import { startLocalAws } from '@loadin/local-aws';
import { startChild, withChild, type Child } from '../child.js';
import { countedBy, startLimitedServer, type LimitedServer, type LimitedSettings } from '../limited/limited-source.js';
import type { Report } from '../report.js';
import type { WorkerEnd, WorkerSettings } from './worker.js';

const limits: LimitedSettings = { perSecond: 5, latencyMs: 20, pages: 1_000_000, perPage: 1 };
const workers = 4;
const table = 'loadin-checkpoints';
const worker = new URL('./worker.child.js', import.meta.url).pathname;

type Worker = Child<WorkerEnd>;

/**
 * Whether four processes that share a budget of 5 calls a second and of a day keep to it, one of which is killed in the middle. `--full` uses up a
 * day of 5,000 calls, which takes 17 minutes; without it the day has 180.
 */
export async function measureQuota(args: readonly string[] = []): Promise<Report> {
  const perDay = args.includes('--full') ? 5_000 : 180;
  return withDynamo((endpoint) =>
    withChild(startLimitedServer(limits), async (server) => {
      const start = performance.now();
      const all = Array.from({ length: workers }, (_, n) =>
        startWorker({ url: server.url, endpoint, table, caller: `process ${n}`, perDay, limits }),
      );
      try {
        await Promise.all(all.map((one) => one.next()));
        await killAfter(server, perDay / 3, all[0]);
        const ends = await Promise.all(all.slice(1).map((one) => one.next()));
        return await reportOn(server, perDay, ends, performance.now() - start);
      } finally {
        await Promise.all(all.map((one) => one.stop('SIGKILL')));
      }
    }),
  );
}

const startWorker = (settings: WorkerSettings): Worker => startChild<WorkerEnd>(worker, { args: [JSON.stringify(settings)] });

async function killAfter(server: LimitedServer, calls: number, victim: Worker | undefined): Promise<void> {
  while ((await countedBy(server)).calls < calls) await wait(200);
  await victim?.stop('SIGKILL');
}

async function reportOn(server: LimitedServer, perDay: number, ends: readonly WorkerEnd[], ms: number): Promise<Report> {
  const { calls, mostInASecond, tooManyRequests, byCaller } = await countedBy(server);
  const unexpected = ends.filter(({ reason }) => reason !== 'quota').map(({ reason }) => reason);
  if (unexpected.length > 0) throw new Error(unexpected.join('; '));
  const shares = Object.values(byCaller);
  return {
    title: `${workers} processes, a budget of ${limits.perSecond} calls a second and ${perDay} a day, one of them killed after a third of it`,
    figures: [
      { what: 'calls in the day', measured: calls, unit: 'calls', atMost: perDay },
      { what: 'most in a second', measured: mostInASecond, unit: 'calls', atMost: limits.perSecond },
      { what: 'refused (429)', measured: tooManyRequests, unit: 'calls', atMost: 0 },
      { what: 'processes that made calls', measured: shares.length, unit: '', atLeast: workers },
      { what: 'most calls of one', measured: Math.max(...shares), unit: 'calls' },
      { what: 'fewest calls of one', measured: Math.min(...shares), unit: 'calls' },
      { what: 'calls a second, all together', measured: (calls * 1_000) / ms, unit: 'calls/s', digits: 2 },
    ],
  };
}

/** DynamoDB with the table that state is kept in. */
async function withDynamo<T>(run: (endpoint: string) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'loadin-bench-'));
  const aws = await startLocalAws({ dataDir });
  const client = new DynamoDBClient(
    awsClientOptions({ region: 'us-east-1', endpoint: aws.url, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }).dynamodb,
  );
  try {
    await client.send(new CreateTableCommand(checkpointTableDefinition(table)));
    return await run(aws.url);
  } finally {
    client.destroy();
    await aws.close();
    rmSync(dataDir, { recursive: true });
  }
}
