// Writes one file of rows as bronze and says how long that took and what memory it needed.
// Arguments: loadin or duckdb; copy or records; the file; a folder for the output; "partitioned" or "single"; how many threads
// encode beside the one that reads.
import { createReadStream, openSync, readSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { directoryOutput, writeCopyText, writeRecords, type BronzeLoad } from '@loadin/bronze-writer';
import type { JsonObject } from '@loadin/pipeline';
import { ORDER_COLUMNS } from './order-rows.js';

const [tool, feed, file = '', folder = '', layout, threads] = process.argv.slice(2);
const isPartitioned = layout === 'partitioned';

const start = performance.now();
const cpu = process.cpuUsage();
const rows = tool === 'duckdb' ? await withDuckdb() : await withLoadin();
const seconds = (performance.now() - start) / 1_000;
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ rows, seconds, cpuSeconds: (user + system) / 1e6, rssMB: process.resourceUsage().maxRSS / 1_024 }));

async function withLoadin(): Promise<number> {
  const output = directoryOutput(folder, 'bench');
  const load: BronzeLoad = {
    entity: 'orders',
    ingestionDate: '2026-03-01',
    loadType: 'full',
    ingestionId: 'bench',
    ingestionTs: '2026-03-01T02:00:00Z',
    sourceSystem: feed === 'copy' ? 'rds' : 'api',
    output,
    partitionBy: isPartitioned ? 'order_date' : undefined,
    threads: threads === '1' ? 1 : 0,
  };
  const report = feed === 'copy' ? await writeCopyText(load, ORDER_COLUMNS, chunks()) : await writeRecords(load, records());
  await output.commit();
  return report.rows;
}

/** As a connection would deliver them: into the same memory each time. */
function* chunks(): Generator<Uint8Array> {
  const descriptor = openSync(file, 'r');
  const buffer = Buffer.alloc(64 * 1024);
  for (let bytes = readSync(descriptor, buffer, 0, buffer.length, null); bytes > 0; bytes = readSync(descriptor, buffer, 0, buffer.length, null))
    yield buffer.subarray(0, bytes);
}

/** Lines of NDJSON, some hundreds at once. */
async function* records(): AsyncGenerator<JsonObject[]> {
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 256 * 1024 }) as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield lines.map((line) => JSON.parse(line) as JsonObject);
  }
}

/** One thread, a hash of each row, the same metadata columns, the same compression. */
async function withDuckdb(): Promise<number> {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  const names = ORDER_COLUMNS.map(({ name }) => `'${name}': 'VARCHAR'`).join(', ');
  const source =
    feed === 'copy'
      ? `read_csv('${file}', delim = '\\t', header = false, quote = '', escape = '', nullstr = '\\N', columns = {${names}})`
      : `read_json('${file}', format = 'newline_delimited')`;
  const metadata = `now() as _ingestion_ts, 'rds' as _source_system, md5(to_json(r)::VARCHAR) as _record_hash, 'bench' as _ingestion_id`;
  const target = isPartitioned ? `PARTITION_BY (event_date)` : 'PER_THREAD_OUTPUT false';
  const result = await connection.runAndReadAll(
    `COPY (SELECT *, ${metadata}${isPartitioned ? ', order_date as event_date' : ''} FROM ${source} r) TO '${folder}/out${isPartitioned ? '' : '.parquet'}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ${target})`,
  );
  return Number(result.getRowsJson()[0]?.[0]);
}
