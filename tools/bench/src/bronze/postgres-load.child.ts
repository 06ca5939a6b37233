// Reads a table of orders from Postgres, writes it as bronze, and says how long that took and what memory it needed.
// Arguments: the database's URL; the table; a folder for the output; how many threads encode beside the one that reads.
import { setFlagsFromString } from 'node:v8';
import { directoryOutput, writeCopyText } from '@loadin/bronze-writer';
import { connectionFromUrl, describeTable, openSession, readTable, type PlacedBlock } from '@loadin/postgres-source';

// As jobs do in a process that loads (young-space.ts of @loadin/jobs says why).
setFlagsFromString('--semi-space-growth-factor=1');

const [url = '', table = '', folder = '', threads] = process.argv.slice(2);
const LOOK_EVERY = 20_000;
const MILLION = 1_000_000;

/** The most that was resident within each million of rows. */
const residentMB: number[] = [];
let [bytesRead, rowsRead] = [0, 0];
const start = performance.now();
const cpu = process.cpuUsage();
const report = await load();
const seconds = (performance.now() - start) / 1_000;
const { user, system } = process.cpuUsage(cpu);
console.log(
  JSON.stringify({
    rows: report.rows,
    files: report.parts.length,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    rssMB: process.resourceUsage().maxRSS / 1_024,
    spilled: report.spilledBytes / bytesRead,
    residentMB,
  }),
);

async function load(): Promise<Awaited<ReturnType<typeof writeCopyText>>> {
  const options = { connection: connectionFromUrl(url), signal: new AbortController().signal };
  const session = await openSession(options);
  const description = await describeTable(session, table).finally(() => session.end());
  const { columns, blocks } = readTable({ table: description }, options);
  const output = directoryOutput(folder, 'bench');
  const report = await writeCopyText(
    {
      entity: 'orders',
      ingestionDate: '2026-03-01',
      loadType: 'full',
      ingestionId: 'bench',
      ingestionTs: '2026-03-01T02:00:00Z',
      sourceSystem: 'rds',
      output,
      partitionBy: 'order_date',
      threads: threads === '1' ? 1 : 0,
    },
    columns.map(({ name, type }) => ({ name, type: type.sql })),
    watched(blocks),
  );
  await output.commit();
  return report;
}

async function* watched(blocks: AsyncIterable<PlacedBlock>): AsyncGenerator<PlacedBlock> {
  for await (const block of blocks) {
    for (let i = 0; i < block.count; i++) bytesRead += (block.ends[i] ?? 0) - (block.starts[i] ?? 0) + 1;
    if (Math.floor((rowsRead + block.count) / LOOK_EVERY) > Math.floor(rowsRead / LOOK_EVERY)) look();
    rowsRead += block.count;
    yield block;
  }
}

function look(): void {
  const million = Math.floor(rowsRead / MILLION);
  residentMB[million] = Math.max(residentMB[million] ?? 0, process.memoryUsage.rss() / 1_048_576);
}
