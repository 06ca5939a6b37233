import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { startServers } from './bronze.fixture.js';

const ROWS = 4_000;
/** Rows are wide: few make so many bytes that holding them can't be overlooked, 64 MB. */
const WIDTH = 16_000;
const TABLE = `CREATE TABLE wide AS SELECT n::bigint AS id, rpad('row ' || n, ${WIDTH}, md5(n::text)) AS text FROM generate_series(1, ${ROWS}) n; ALTER TABLE wide ADD PRIMARY KEY (id)`;

/** Loads a table and a list twice each; the second time nothing has changed. Prints what the process held at most, before and after each. */
const program = `
  import { S3Client } from '@aws-sdk/client-s3';
  import { awsClientOptions } from '@loadin/aws';
  import { ingestionId, runId, silentLogger, silentMeter } from '@loadin/pipeline';
  import { connectionFromUrl } from '@loadin/postgres-source';
  import { createMemoryStateStore } from '@loadin/testing';
  import { createBronzeLoader } from './create-loader.js';

  const [url, endpoint, bucket, spillDirectory] = process.argv.slice(2);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new S3Client(awsClientOptions({ region: 'us-east-1', endpoint, credentials }).s3);
  // Little room for keys and rows: nearly all wait on the disk.
  const writer = { memoryBytes: 8 * 2 ** 20, rowGroupBytes: 4 * 2 ** 20, spillDirectory };
  const context = { client, bucket, state: createMemoryStateStore(), writer, keysInMemory: ${ROWS / 10} };
  const options = {
    signal: AbortSignal.timeout(100_000), meter: silentMeter, reading: silentMeter, logger: silentLogger, beforeCommit: async () => undefined, onProgress: () => undefined,
    letters: { key: (part) => 'dead-letters/' + part, contentType: 'application/x-ndjson', line: JSON.stringify },
  };
  const load = async (entity, stream, at, slice) => {
    const run = runId({ job: 'bronze', scheduledTime: at });
    const [source, dataType] = stream.split('.');
    const ids = { job: 'bronze', runId: run, ingestionId: ingestionId(run, stream), stream, source, dataType };
    return createBronzeLoader(entity, context).load({ ...ids, scheduledTime: at, second: at, fullRefresh: false, slice: { ordinal: 0, name: 'all', ...slice } }, options);
  };
  const TIMES = ['2024-03-01T02:00:00Z', '2024-03-01T03:00:00Z'];
  const peak = () => process.resourceUsage().maxRSS / 1024;

  const table = { kind: 'table', source: { connection: connectionFromUrl(url + '?sslmode=disable') }, table: { schema: 'public', name: 'wide' }, key: ['id'], profile: false };
  const text = 'x'.repeat(${WIDTH});
  const list = {
    kind: 'list',
    profile: false,
    stream: {
      id: 'payments.payments',
      cursor: { kinds: ['time'], of: ({ updated_at }) => [updated_at] },
      async *read() {
        for (let first = 0; first < ${ROWS}; first += 100)
          yield { records: Array.from({ length: 100 }, (_, n) => ({ payment_id: 'p' + (first + n), text: n + text, updated_at: '2024-03-01T00:00:00Z' })) };
      },
    },
  };
  const loads = [];
  const before = peak();
  for (const at of TIMES) loads.push(await load(table, 'postgres.wide', at, { bounds: { runStart: at } }));
  const tables = peak();
  const [from, to] = [['2024-02-01T00:00:00Z'], ['2024-03-01T00:00:00Z']];
  for (const [n, at] of TIMES.entries()) loads.push(await load(list, 'payments.payments', at, { bounds: {}, interval: { from: n === 0 ? null : from, to } }));
  client.destroy();
  console.log(JSON.stringify({ before, tables, lists: peak(), counts: loads.map(({ read, deduplicated }) => [read, deduplicated]) }));
`;

describe('the memory of a load', () => {
  it('has no room for all rows, whether a table or a list is compared with what was delivered', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'loadin-memory-'));
    const outfile = join(folder, 'process.mjs');
    const [servers] = await Promise.all([
      startServers(),
      build({
        ...{ stdin: { contents: program, resolveDir: __dirname, loader: 'ts' }, outfile, bundle: true, platform: 'node', format: 'esm' },
        ...{ conditions: ['@loadin/source'], external: ['pg-native'], mainFields: ['module', 'main'], logLevel: 'warning' },
        banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
      }),
    ]);
    const database = await servers.postgres?.createDatabase();
    try {
      await database?.client.query(TABLE);
      const args = [outfile, database?.url ?? '', servers.url, await servers.bucket(), folder];
      const { before, tables, lists, counts } = await outputOf(['--max-old-space-size=64', '--max-semi-space-size=4', ...args]);
      expect(counts).toEqual([
        [ROWS, 0],
        [ROWS, ROWS],
        [ROWS, 0],
        [ROWS, ROWS],
      ]);
      // Rows 16 MiB with those on their way to a row group, what makes one, parts of uploads, sorted keys: 70 to 82, and 98 to 133. Holding the rows that wait to be compared makes it 135 and 250.
      // What the writer itself spills is little here: the benches of loads measure that.
      expect(tables - before).toBeLessThan(100);
      expect(lists - before).toBeLessThan(170);
      expect(readdirSync(folder)).toEqual(['process.mjs']);
    } finally {
      await database?.close();
      await servers.close();
      rmSync(folder, { recursive: true });
    }
  }, 120_000);
});

interface Peaks {
  readonly before: number;
  readonly tables: number;
  readonly lists: number;
  readonly counts: readonly (readonly number[])[];
}

/** Not synchronously: the servers are in this process. */
async function outputOf(args: readonly string[]): Promise<Peaks> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  await new Promise((resolve) => child.once('close', resolve));
  if (said.stderr !== '') throw new Error(said.stderr);
  return JSON.parse(said.stdout) as Peaks;
}
