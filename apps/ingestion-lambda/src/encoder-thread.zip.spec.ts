import { startLocalLambda } from '@loadin/local-lambda';
import { copyLake, openLake, openStage, type Stage } from '@loadin/shop';
import { unzipSync, zipSync } from 'fflate';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestionAnswer } from './answer.js';
import { ZIP } from './world.fixture.js';

jest.setTimeout(180_000);

const JOBS = `version: 1
streams:
  postgres.wide: { table: public.wide, key: [id], mode: full }
  postgres.customers: { table: public.customers, key: [id], mode: full }
jobs:
  bronze: { schedule: cron(0 1 * * ? *), streams: [postgres.wide, postgres.customers], sinks: [s3_bronze] }
`;
const ROWS = 40_000;
/** Some 48 MB of text: enough that a second thread pays. */
const WIDE = `CREATE TABLE wide AS SELECT n::bigint AS id, repeat(md5(n::text), 37) AS text FROM generate_series(1, ${ROWS}) n; ALTER TABLE wide ADD PRIMARY KEY (id); GRANT SELECT ON wide TO loadin`;
const THREAD = 'A second thread encodes';

describe('the function with a large table', () => {
  let folder: string;
  let stage: Stage;
  let settings: Record<string, string>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loadin thread '));
    stage = await openStage({ dir: join(folder, 'stage'), rows: 1_000, leaseSeconds: 2 });
    await stage.client.query(WIDE);
    const jobs = join(folder, 'jobs.yaml');
    writeFileSync(jobs, JOBS);
    settings = { ...stage.settings, LOADIN_JOBS: jobs, LOADIN_JOB: 'bronze', LOG_LEVEL: 'debug' };
  });
  afterAll(async () => {
    await stage.close();
    await rm(folder, { recursive: true });
  });

  /** A run of its own, the stream that a thread was started for, and what all rows are. */
  const run = async (minute: number, { memoryMB = 2_048, zip = ZIP } = {}) => {
    const lambda = startLocalLambda({ zip, functionName: 'bronze', timeoutMs: 60_000, memoryMB, env: settings });
    const scheduled_time = `2026-03-01T02:0${minute}:00Z`;
    const { payload, logs } = await lambda.invoke({ scheduled_time }).finally(() => lambda.stop());
    const threads = logs.filter((line) => line.includes(`"message":"${THREAD}"`)).map((line) => (JSON.parse(line) as { stream: string }).stream);
    return { answer: payload as IngestionAnswer, threads };
  };
  const sums = async (): Promise<Record<string, string | null>[]> => {
    await copyLake(stage.aws.url, join(folder, 'lake'));
    const lake = await openLake(join(folder, 'lake'));
    const path = join(folder, 'lake/wide/**/*.parquet');
    const all = `SELECT _ingestion_id AS load, count(*) AS rows, bit_xor(md5_number(id || text))::text AS hash, bit_xor(md5_number(_record_hash))::text AS hashes
      FROM read_parquet('${path}') GROUP BY ALL ORDER BY load`;
    const found = await lake.query(all);
    lake.close();
    return found.map(({ rows, hash, hashes }) => ({ rows, hash, hashes }) as Record<string, string | null>);
  };
  const hasProcessors = availableParallelism() > 1;

  it('encodes it in a second thread, and a small one beside it not; with the memory of one processor in one thread, and the same rows', async () => {
    const two = await run(0);
    expect(two).toMatchObject({ answer: { status: 'complete', problems: [] }, threads: hasProcessors ? ['postgres.wide'] : [] });
    const one = await run(1, { memoryMB: 1_024 });
    expect(one).toMatchObject({ answer: { status: 'complete' }, threads: [] });
    const [first, ...others] = await sums();
    expect([first?.['rows'], others]).toEqual([String(ROWS), [first]]);
  });

  it('says so when its zip lacks the file of the thread, and loads nothing in part', async () => {
    const { ['encoder-thread.mjs']: file, ...rest } = unzipSync(readFileSync(ZIP));
    expect(file).toBeDefined();
    const zip = join(folder, 'without.zip');
    writeFileSync(zip, zipSync(rest));
    const { answer } = await run(2, { zip });
    if (!hasProcessors) return expect(answer.status).toBe('complete');
    expect(answer).toMatchObject({
      status: 'failed',
      counts: { 'postgres.wide': { status: 'failed' }, 'postgres.customers': { status: 'complete' } },
      problems: [expect.stringMatching(/The thread that encodes can't be started: .*encoder-thread\.mjs/)],
    });
  });
});
