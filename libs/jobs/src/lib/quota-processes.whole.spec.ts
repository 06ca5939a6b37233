import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServers, TABLE, type Servers } from '@loadin/specs';

const perSecond = 5;
const perDay = 40;
const childCount = 4;

/** What each process does: calls one after the other until the quota is used up. */
const program = `
  import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
  import { defineSource, one } from '@loadin/api-clients';
  import { awsClientOptions } from '@loadin/aws';
  import { createDynamoStateStore } from '@loadin/checkpoint-store';
  import { StopError } from '@loadin/pipeline';

  const [awsUrl, table, baseUrl, name] = process.argv.slice(2);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const dynamodb = new DynamoDBClient(awsClientOptions({ region: 'us-east-1', endpoint: awsUrl, credentials }).dynamodb);
  const things = defineSource({
    name: 'things',
    title: 'Things',
    baseUrl,
    auth: { kind: 'api-key', in: 'header', name: 'x-api-key' },
    settings: { baseUrl: 'API_THINGS_BASE_URL' },
    rate: { windows: [{ limit: ${perSecond}, windowMs: 1_000 }, { limit: ${perDay}, windowMs: 86_400_000 }], pace: { perSecond: 20, burst: 5 } },
    endpoints: { thing: { path: '/thing', params: { process: 'string' }, answer: one('id') } },
  });
  const client = things.connect({ apiKey: 'canary-key-of-things', quota: { state: createDynamoStateStore({ client: dynamodb, table }), leaseMs: 1_500 } });
  const work = async () => {
    for (;;) await client.get('thing', { process: name });
  };
  const ends = await Promise.allSettled([work(), work(), work()]);
  await client.close();
  const stopped = ends.every(({ reason }) => reason instanceof StopError && reason.reason === 'quota' && Date.parse(reason.resumeAfter) > Date.now());
  console.log(stopped ? 'quota' : String(ends[0].reason?.stack));
`;

/** The program as one file: nothing has to be built before. */
function bundled(folder: string): string {
  const require = createRequire(__filename);
  const file = join(folder, 'process.mjs');
  const flags = ['--bundle', '--platform=node', '--format=esm', '--conditions=@loadin/source', '--loader=ts', '--log-level=warning'];
  const banner = `--banner:js=import{createRequire}from'node:module';const require=createRequire(import.meta.url);`;
  const made = spawnSync(require.resolve('esbuild/bin/esbuild'), [...flags, banner, `--outfile=${file}`], {
    input: program,
    cwd: __dirname,
  });
  if (made.status !== 0) throw new Error(made.stderr.toString());
  return file;
}

/** Counts every call at the moment at which it arrives. */
async function startCounting() {
  const calls: { readonly at: number; readonly process: string }[] = [];
  const server = createServer((request, response) => {
    calls.push({ at: performance.now(), process: new URL(request.url ?? '', 'http://x').searchParams.get('process') ?? '' });
    setTimeout(() => response.setHeader('content-type', 'application/json').end('{"id":"1"}'), 20);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () => new Promise<void>((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  };
}

interface Ended {
  readonly signal: NodeJS.Signals | null;
  readonly said: string;
}

function started(file: string, args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'] } });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  return { child, ended: new Promise((resolve) => child.once('close', (_status, signal) => resolve({ signal, said: said.trim() }))) };
}

describe('four processes with one quota in DynamoDB', () => {
  let servers: Servers;
  let server: Awaited<ReturnType<typeof startCounting>>;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'loadin-quota-'));
    [servers, server] = await Promise.all([startServers({ made: ['table'] }), startCounting()]);
  });
  afterAll(async () => {
    await Promise.all([servers.close(), server.close(), rm(folder, { recursive: true })]);
  });

  it('never exceed the second nor the day, and lose only what a killed one held', async () => {
    const file = bundled(folder);
    const processes = Array.from({ length: childCount }, (_, index) => started(file, [servers.aws.url, TABLE, server.url, `p${index}`]));
    const all = Promise.all(processes.map(({ ended }) => ended));
    let over = false;
    void all.then(() => (over = true));
    while (!over && server.calls.length < perDay / 3) await new Promise((resolve) => setTimeout(resolve, 5));
    processes[Number(server.calls.at(-1)?.process.slice(1) ?? 0)]?.child.kill('SIGKILL');
    const ends = await all;

    expect(ends.map(({ said, signal }) => signal ?? said).sort()).toEqual(['SIGKILL', 'quota', 'quota', 'quota']);
    const { calls } = server;
    expect(calls.length).toBeLessThanOrEqual(perDay);
    expect(calls.length).toBeGreaterThanOrEqual(perDay - 1); // a block of this budget is one call
    const spans = calls.slice(perSecond).map(({ at }, i) => at - (calls[i]?.at ?? 0));
    expect(Math.min(...spans)).toBeGreaterThanOrEqual(1_000);
    expect(new Set(calls.map(({ process }) => process)).size).toBe(childCount);
  }, 60_000);
});
