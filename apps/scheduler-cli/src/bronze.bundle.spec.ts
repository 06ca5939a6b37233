import type { RunReport, StreamReport } from '@loadin/pipeline';
import { changeShop, copyLake, fingerprintsOfLake, fingerprintsOfShop, openLake, openStage, readObject, type Stage } from '@loadin/shop';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadin, type CommandResult } from './bundle.fixture.js';

jest.setTimeout(180_000);

const TABLES = ['customers', 'inventory', 'order_items', 'orders', 'products'];
const reportIn = ({ stdout }: CommandResult): RunReport => JSON.parse(stdout) as RunReport;

/** By entity. */
const counts = (report: RunReport, of: (stream: StreamReport) => unknown): Record<string, unknown> =>
  Object.fromEntries(report.streams.map((stream) => [stream.data_type, of(stream)]));

describe('loadin run bronze, as a command on a real Postgres', () => {
  let folder: string;
  let stage: Stage;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loadin bronze '));
    stage = await openStage({ dir: join(folder, 'stage'), rows: 1_000, leaseSeconds: 2 });
  });
  afterAll(async () => {
    await stage.close();
    await rm(folder, { recursive: true });
  });
  const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<CommandResult> =>
    loadin(args, { cwd: stage.dir, env: { ...stage.settings, LOADIN_JOBS: 'discovered.yaml', ...more } });
  const bronze = (at: string, args: readonly string[] = [], more: Readonly<Record<string, string>> = {}): Promise<CommandResult> =>
    run(['run', 'bronze', '--at', at, '--json', ...args], more);
  /** A run brings what was changed before its second; hours that are over do for the ones below. */
  const at = (minutes: number): string => `${new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 19)}Z`;

  it('runs the jobs file that was discovered, as it is', async () => {
    expect(await run(['discover', 'postgres', '--schema', 'public', '--write', 'discovered.yaml'])).toMatchObject({ status: 0 });
    const result = await run(['run', 'bronze', '--json']);
    expect({ status: result.status, problems: reportIn(result).problems }).toEqual({ status: 0, problems: [] });
    expect(counts(reportIn(result), ({ ledger }) => ledger.accepted)).toEqual(
      Object.fromEntries(TABLES.map((name) => [name, stage.shop[name as 'orders']])),
    );
    const lake = await openLakeOf();
    expect(await fingerprintsOfLake(lake)).toEqual(await fingerprintsOfShop(stage.client));
    lake.close();
    const lines = (
      await readObject(
        stage.aws.url,
        `logs/pipeline/ingestion/date=${reportIn(result).scheduled_time.slice(0, 10)}/${reportIn(result).run_id}.ndjson`,
      )
    ).split('\n');
    for (const said of [
      'Completed: Configuration Validation',
      'Starting: Processing customers',
      'Processing customers: Extracted 100 records',
      'Completed: Processing customers',
    ]) {
      expect(result.stderr).toMatch(new RegExp(`^\\[\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\] ${said}$`, 'm'));
      expect(lines.filter((line) => line.includes(`"message":"${said}"`))).toHaveLength(1);
    }
    expect(result.stderr.split('\n')[0]).toMatch(/\] Starting: Configuration Validation$/);
  });

  const openLakeOf = async (): ReturnType<typeof openLake> => {
    await copyLake(stage.aws.url, join(folder, 'lake'));
    return openLake(join(folder, 'lake'));
  };

  it('brings what has changed, and everything again with --full-refresh or LOAD_TYPE=FULL', async () => {
    await changeShop({ client: stage.client, step: 1, share: 0.02 });
    const orders = async (args: readonly string[], more?: Readonly<Record<string, string>>): Promise<Record<string, unknown>> => {
      const report = reportIn(await bronze(at(1), ['--again', '--entity', 'orders', ...args], more));
      return counts(report, ({ status, ledger, objects }) => [
        status,
        ledger.read,
        new Set(objects.map(({ uri }) => /load_type=(\w+)/.exec(uri)?.[1])),
      ]);
    };
    const [{ count }] = (await stage.client.query<{ count: string }>('SELECT count(*) FROM orders')).rows as [{ count: string }];
    const [changed] = Object.values(await orders([])) as [[string, number, Set<string>]];
    expect(changed).toEqual(['complete', expect.any(Number), new Set(['incremental'])]);
    expect(changed[1]).toBeLessThan(Number(count) / 2);
    const full = { orders: ['complete', Number(count), new Set(['full'])] };
    expect(await orders(['--full-refresh'])).toEqual(full);
    expect(await orders([], { LOAD_TYPE: 'FULL' })).toEqual(full);
    expect(Object.values(await orders([], { LOAD_TYPE: 'INCREMENTAL' }))).not.toEqual(Object.values(full));
  });

  it('is checked: each table, and what to run then', async () => {
    const { status, stdout } = await run(['check']);
    expect({ status, wrong: stdout.match(/^WRONG.*/gm) }).toEqual({ status: 0, wrong: null });
    for (const table of TABLES) expect(stdout).toMatch(new RegExp(`^OK +postgres\\.${table} `, 'm'));
    expect(stdout).toMatch(/\nAll is ready: loadin run bronze\n$/);
  });

  it('goes on with the other entities when one of them fails, and says in a line what to do', async () => {
    await stage.client.query('REVOKE SELECT ON products FROM loadin');
    const { status, stdout, stderr } = await run(['run', 'bronze', '--at', at(2)]);
    await stage.client.query('GRANT SELECT ON products TO loadin');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^products +failed /m);
    for (const other of ['customers', 'inventory', 'orders', 'order_items']) expect(stdout).toMatch(new RegExp(`^${other} +complete `, 'm'));
    expect(stdout).toMatch(/^PROBLEMS\n {2}postgres\.products: The user may not read public\.products\n {2}→ Grant /m);
    expect(stderr).toMatch(/Failed: Processing products/);
    expect(`${stdout}${stderr}`).not.toContain('reads-the-shop');
  });

  it('encodes a large table in a second thread, where there is a processor for it', async () => {
    // Some 48 MB of text.
    await stage.client.query(`CREATE TABLE wide AS SELECT n::bigint AS id, repeat(md5(n::text), 37) AS text FROM generate_series(1, 40000) n;
      ALTER TABLE wide ADD PRIMARY KEY (id); GRANT SELECT ON wide TO loadin`);
    const jobs = `version: 1\nstreams: { postgres.wide: { table: public.wide, key: [id], mode: full } }\njobs: { bronze: { streams: [postgres.wide], sinks: [s3_bronze] } }\n`;
    await writeFile(join(stage.dir, 'wide.yaml'), jobs);
    const result = await bronze(at(3), ['--verbose'], { LOADIN_JOBS: 'wide.yaml' });
    expect({ status: result.status, ...counts(reportIn(result), ({ ledger }) => ledger.accepted) }).toEqual({ status: 0, wide: 40_000 });
    expect(result.stderr.includes('A second thread encodes')).toBe(availableParallelism() > 1);
  });
});
