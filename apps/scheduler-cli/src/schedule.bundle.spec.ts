import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { BUCKET, DATA_TYPES, expectedIds, idsOf } from '@loadin/specs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLoadin, type CommandResult, type StartedCommand } from './bundle.fixture.js';
import { JOBS, SELECTION, startWorld, type World } from './world.fixture.js';

jest.setTimeout(60_000);

describe('loadin schedule, as a command', () => {
  let world: World;
  beforeAll(async () => (world = await startWorld()));
  afterEach(() => world.sources.faults.clear());
  afterAll(() => world.close());

  it('shows when jobs are due', async () => {
    const { stdout, status } = await world.loadin(['schedule', '--count', '2', '--from', '2026-03-01T00:00:00Z']);
    expect(status).toBe(0);
    expect(stdout.replaceAll(/ +/g, ' ')).toBe(
      `JOB SCHEDULE ZONE NEXT RUNS
daily cron(0 2 * * ? *) UTC 2026-03-01 02:00:00 UTC
 2026-03-02 02:00:00 UTC
hourly – on request
artist_refresh – on request

jobs.yaml
`,
    );
    const { stdout: json } = await world.loadin(['schedule', '--json', '--count', '1', '--from', '2026-03-01T00:00:00Z', '--job', 'daily']);
    expect(JSON.parse(json)).toMatchObject({ jobs: [{ job: 'daily', next: ['2026-03-01T02:00:00Z'], crontab: ['0 2 * * *'] }] });
  });

  it('writes a crontab and units of systemd, which run this command', async () => {
    const crontab = await world.loadin(['schedule', '--crontab', '--cron-zone', 'UTC', '--log-dir', 'logs']);
    expect(crontab).toMatchObject({
      status: 0,
      stdout: `# daily: cron(0 2 * * ? *)\n0 2 * * * cd '${world.dir}' && ${launched(`'`)} >> '${world.dir}/logs/daily.log' 2>&1\n`,
    });
    const systemd = await world.loadin(['schedule', '--systemd', '--out', 'units', '--environment-file', 'loadin.env']);
    expect(systemd.status).toBe(0);
    // The world's shell names the jobs file, which cron would not know.
    expect(crontab.stderr).toMatch(/^The jobs are those of jobs\.yaml, which LOADIN_JOBS of this shell names\n {2}→ .*--environment-file\.\n$/);
    expect(systemd.stderr).toMatch(/^2 files are in .*systemctl daemon-reload && systemctl enable --now loadin-daily\.timer\n$/);
    const service = await readFile(join(world.dir, 'units/loadin-daily.service'), 'utf8');
    expect(service).toContain(`EnvironmentFile=${world.dir}/loadin.env\nExecStart=${launched('"')}\n`);
    expect(await readFile(join(world.dir, 'units/loadin-daily.timer'), 'utf8')).toContain('OnCalendar=*-*-* 02:00:00 UTC\n');
  });

  it('says with status 1 what can not be written, and with status 2 what is wrong', async () => {
    const elsewhere = await world.loadin(['schedule', '--crontab', '--cron-zone', 'Asia/Tokyo']);
    expect(elsewhere.status).toBe(1);
    expect(elsewhere.stderr).toMatch(/^daily is left out: its times are of UTC, and cron goes by Asia\/Tokyo\n {2}→ Name the zone/);
    for (const [args, text] of [
      [['schedule', '--job', 'dialy'], /^There is no job "dialy"/],
      [['schedule', '--json', '--crontab'], /^--json, --crontab and --systemd are different outputs/],
      [['schedule', '--out', 'units'], /^--out belongs to --systemd\n {2}→ /],
      [['schedule', '--systemd', '--cron-tz'], /^--cron-tz belongs to --crontab/],
      [['schedule', '--dir', '/srv/loadin'], /^--dir belongs to --crontab or --systemd/],
      [['schedule', '--crontab', '--job', 'hourly'], /^None of the jobs has a schedule/],
      [['schedule', 'run', '--job', 'hourly'], /^None of the jobs has a schedule/],
      [['run', 'hourly', '--due'], /^The job hourly has no schedule/],
      [['run', 'daily', '--due', '--at', '2026-03-01T02:00:00Z'], /^--at and --due name two times/],
    ] as const) {
      const { status, stderr } = await world.loadin(args);
      expect([args, status, stderr]).toEqual([args, 2, expect.stringMatching(text)]);
    }
  });
});

/** How this command is started; a path with a space in it, such as that of a clone may have, stands in quotes. */
function launched(quote: string): string {
  const words = [process.execPath, join(__dirname, '../bin/loadin.mjs')].map((word) => (word.includes(' ') ? `${quote}${word}${quote}` : word));
  return `${words.join(' ')} run daily --due`;
}

const HOUR_MS = 3_600_000;
/** The latest time at which the daily job was due and the next one are half a day away: none of them comes while the commands run. */
const LAST_DUE = new Date((Math.floor(Date.now() / HOUR_MS) - 12) * HOUR_MS).toISOString().replace('.000Z', 'Z');
const HALF_A_DAY_AWAY = JOBS.replace('cron(0 2 * * ? *)', `cron(0 ${Number(LAST_DUE.slice(11, 13))} * * ? *)`);

const before = (at: string, days: number): string => new Date(Date.parse(at) - days * 86_400_000).toISOString().replace('.000Z', 'Z');

describe('loadin schedule run, as a command on real servers', () => {
  const ITEM = { Bucket: BUCKET, Key: '_loadin/state/schedule/daily.json' };
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    await writeFile(join(world.dir, 'jobs.yaml'), HALF_A_DAY_AWAY);
  });
  afterEach(() => world.sources.faults.clear());
  afterAll(() => world.close());

  const start = (): StartedCommand =>
    startLoadin(['schedule', 'run', '--job', 'daily'], {
      cwd: world.dir,
      env: { ...world.env, CHECKPOINT_STORE: `s3://${BUCKET}/logs/pipeline/ingestion/checkpoints.json` },
    });
  const remembered = async (): Promise<unknown> => {
    const { Body } = await world.s3.send(new GetObjectCommand(ITEM));
    return (JSON.parse((await Body?.transformToString()) ?? '') as { value: unknown }).value;
  };
  const remember = (settled: string): Promise<unknown> =>
    world.s3.send(
      new PutObjectCommand({ ...ITEM, Body: JSON.stringify({ write_id: 'w', value: { version: 1, settled, running: null, last: null } }) }),
    );
  const stop = async (command: StartedCommand): Promise<CommandResult> => {
    command.child.kill('SIGTERM');
    return command.ended;
  };

  it('has missed nothing at its first start, and ends with status 0 when nothing is under way', async () => {
    const command = start();
    await command.said('daily: next run at ');
    const { status, stdout } = await stop(command);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(await remembered()).toMatchObject({ running: null, last: null });
  });

  it('remembers in a table as well', async () => {
    for (let starts = 0; starts < 2; starts++) {
      const command = startLoadin(['schedule', 'run', '--job', 'daily'], { cwd: world.dir, env: world.env });
      await command.said('daily: next run at ');
      expect(await stop(command)).toMatchObject({ status: 0 });
    }
    expect(world.aws.requests().dynamodb?.['PutItem']).toBe(1);
  });

  it('makes up once for the nights in which it did not run; stopped in the middle it ends with status 3, and the next start brings exactly the rest', async () => {
    const at = LAST_DUE;
    await remember(before(at, 3));
    world.sources.faults.add({ api: 'spotify', effect: { kind: 'latency', ms: 1_500 } });
    const first = start();
    await first.said(
      `daily: 2 times from ${before(at, 2)} to ${before(at, 1)} passed without a run and are left out; the run of ${at} is made up for`,
    );
    await first.said('daily | ');
    const { status, stderr } = await stop(first);
    expect([status, stderr]).toEqual([3, expect.stringContaining(`daily: the run of ${at} has stopped; the next start goes on with it`)]);
    expect(await remembered()).toMatchObject({ settled: at, running: { at } });

    world.sources.faults.clear();
    const second = start();
    await second.said(`daily: goes on with the run of ${at}`);
    await second.said(`daily: the run of ${at} is complete`);
    await second.said('daily: next run at ');
    expect((await stop(second)).status).toBe(0);
    expect(await remembered()).toMatchObject({ settled: at, running: null, last: { at, status: 'complete' } });
    const expected = expectedIds(world.sources, SELECTION, at);
    const second_ = at.replaceAll(/[-:Z]/g, '').replace('T', '_');
    for (const type of DATA_TYPES) expect([type, idsOf(await world.lake.raw(type, second_), type)]).toEqual([type, expected[type]]);
  });

  it('leaves the run to itself when it is killed: that ends its work, and the next start finds it complete', async () => {
    const at = before(LAST_DUE, 7); // no other specification is about it
    const reports = async (): Promise<number> =>
      (await world.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: '_loadin/reports/' }))).KeyCount ?? 0;
    const reported = await reports();
    await world.s3.send(
      new PutObjectCommand({
        ...ITEM,
        Body: JSON.stringify({ write_id: 'w', value: { version: 1, settled: LAST_DUE, running: { at, resume_after: null, lost: 0 }, last: null } }),
      }),
    );
    world.sources.faults.add({ api: 'spotify', effect: { kind: 'latency', ms: 1_000 }, count: 3 });
    const killed = start();
    await killed.said('daily | ');
    killed.child.kill('SIGKILL');
    expect(await killed.ended).toMatchObject({ signal: 'SIGKILL' });
    expect(await reports()).toBe(reported);
    while ((await reports()) === reported) await new Promise((resolve) => setTimeout(resolve, 50));
    const asked = world.sources.requests().total;
    const next = start();
    await next.said(`daily: goes on with the run of ${at}`);
    await next.said(`daily: the run of ${at} is complete`);
    expect((await stop(next)).status).toBe(0);
    expect(world.sources.requests().total).toBe(asked);
    expect(await remembered()).toMatchObject({ running: null, last: { at, status: 'complete' } });
  });

  it('outlives a run that fails, and says why', async () => {
    const at = LAST_DUE;
    await remember(before(at, 1));
    const failing = startLoadin(['schedule', 'run', '--job', 'daily'], {
      cwd: world.dir,
      env: {
        ...world.env,
        CHECKPOINT_STORE: `s3://${BUCKET}/logs/pipeline/ingestion/checkpoints.json`,
        API_TICKETMASTER_API_KEY: '',
      },
    });
    await failing.said(`daily: the run of ${at} has failed: `);
    await failing.said('daily: next run at ');
    const { status, stderr } = await stop(failing);
    expect([status, stderr]).toEqual([0, expect.stringMatching(/has failed: .*API_TICKETMASTER_API_KEY is missing/)]);
    expect(await remembered()).toMatchObject({ settled: at, running: null, last: { at, status: 'failed' } });
  });
});
