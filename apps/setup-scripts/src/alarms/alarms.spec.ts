import { createDynamoStateStore } from '@loadin/checkpoint-store';
import { DEFAULT_JOBS_FILE, loadEnvironment, parseJobsFile } from '@loadin/config';
import { alarmDefinitions, jobsByPlace, resourceNames, RUNBOOKS, type AlarmDefinition } from '@loadin/infrastructure';
import { runNamedJob } from '@loadin/jobs';
import { emfFaults } from '@loadin/observability';
import { startServers, type Servers } from '@loadin/specs';
import { createManualClock } from '@loadin/testing';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createClients } from '../clients.js';
import { ASSUMED } from '../cost/usage.js';
import { dataPointsOf, ringing, rings, type DataPoint } from './alarm-math.fixture.js';

jest.setTimeout(60_000);

const JOBS = `
version: 1
streams:
  ticketmaster.venues: { countries: [IE] }
  spotify.artists: { queries: [midnight], max_per_query: 10 }
jobs:
  hourly: { schedule: cron(0 * * * ? *), streams: [ticketmaster.venues], sinks: [s3_raw, kinesis] }
  artist_refresh: { schedule: cron(0 3 ? * SUN *), streams: [spotify.artists], sinks: [s3_raw, kinesis] }
`;
const HOUR_MS = 3_600_000;
const START = Date.parse('2026-03-01T03:00:00Z');
const limits = { spotify: { callsPerWindow: 1e6 }, ticketmaster: { perSecond: 1e6, perDay: 1e6 } };

const { jobs } = parseJobsFile(JOBS, 'jobs.yaml');
const names = resourceNames({ environment: 'dev', account: '123456789012', region: 'us-east-1' });
const alarms = alarmDefinitions({
  names,
  jobs: jobsByPlace({ jobs }, []),
  stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:loadin-run',
  streamHours: 24,
});
const alarmNamed = (name: string): AlarmDefinition => {
  const found = alarms.find((alarm) => alarm.name === name);
  if (found === undefined) throw new Error(`no alarm ${name}: ${alarms.map((one) => one.name).join(', ')}`);
  return found;
};

describe('alarms on what runs log', () => {
  let servers: Servers;
  let clock: ReturnType<typeof createManualClock>;
  let log: string[];
  let tooLong = false;

  beforeEach(async () => {
    tooLong = false;
    clock = createManualClock(START);
    log = [];
    const edit = (api: string, body: Record<string, unknown>): void => {
      const [venue] = (body['_embedded'] as { venues?: { name: string }[] } | undefined)?.venues ?? [];
      if (tooLong && api === 'ticketmaster' && venue !== undefined) venue.name = 'x'.repeat(1_100_000);
    };
    servers = await startServers({ jobs: JOBS, upstreams: { baseDate: '2026-03-01', limits, edit } });
  });
  afterEach(async () => {
    expect(log.flatMap(emfFaults)).toEqual([]);
    await servers.close();
  });

  const environment = (more: Readonly<Record<string, string>> = {}) =>
    loadEnvironment({ cwd: servers.dir, env: { ...servers.env, LOADIN_JOBS: join(servers.dir, 'jobs.yaml'), ...more } });

  /** A run now; its lines are what a function prints. */
  async function run(job: string, more: Readonly<Record<string, string>> = {}) {
    const at = new Date(clock.now()).toISOString().replace('.000Z', 'Z');
    const metrics = (line: unknown): void => void log.push(JSON.stringify(line));
    return runNamedJob({ job, environment: environment(more), clock, at, metrics });
  }
  const ringingNow = (): string[] => ringing(alarms, dataPointsOf(log), clock.now());
  /** On the hour. */
  const passHours = (hours: number): Promise<void> => clock.sleep(Math.floor(clock.now() / HOUR_MS) * HOUR_MS + hours * HOUR_MS - clock.now());

  it('ring for no healthy run, and records are counted by data type and source', async () => {
    expect(await run('artist_refresh')).toMatchObject({ status: 'complete' });
    for (let hour = 0; hour < 4; hour += 1) {
      const report = await run('hourly');
      expect(report).toMatchObject({ status: 'complete', problems: [] });
      expect(ringingNow()).toEqual([]);
      await passHours(1);
    }
    const ingested = dataPointsOf(log).filter(({ name }) => name === 'RecordsIngested');
    expect(ingested.map(({ dimensions }) => dimensions)).toEqual([
      { DataType: 'artists', Source: 'spotify' },
      ...Array(4).fill({ DataType: 'venues', Source: 'ticketmaster' }),
    ]);
    expect(ingested.every(({ value }) => value > 0)).toBe(true);
    expect(
      dataPointsOf(log)
        .filter(({ name }) => name === 'UploadSuccess')
        .every(({ value }) => value === 100),
    ).toBe(true);
  });

  it('run-failed rings when a run fails', async () => {
    await run('hourly');
    await passHours(1);
    servers.sources.faults.add({ api: 'ticketmaster', effect: { kind: 'status', status: 500 } });
    expect((await run('hourly', { API_RETRY_ATTEMPTS: '2' })).status).toBe('failed');
    expect(ringingNow()).toEqual(['hourly-run-failed']);
  });

  it('dead-letters rings when the stream does not take a record', async () => {
    tooLong = true;
    const report = await run('hourly');
    expect(report.streams[0]?.ledger.sinks['kinesis']?.dead_lettered).toBe(1);
    expect(ringingNow()).toContain('hourly-dead-letters');
  });

  it('no-complete-run rings once no run has completed for an hour more than it may take, also when none begins', async () => {
    await run('hourly');
    for (const hour of [1, 2]) {
      await passHours(1);
      expect([hour, ringingNow()]).toEqual([hour, []]);
    }
    await passHours(1);
    await clock.sleep(60_000);
    expect(ringingNow()).toEqual(['hourly-no-complete-run']);
    await run('hourly');
    expect(ringingNow()).toEqual([]);
  });

  it('stale rings for what a weekly job has not read, by what other runs tell', async () => {
    await run('artist_refresh');
    await passHours(7 * 24 + 1);
    await run('hourly');
    expect(ringingNow()).toEqual([]);
    await passHours(2);
    await run('hourly');
    expect(ringingNow()).toEqual(['spotify-artists-stale']);
    await run('artist_refresh');
    await run('hourly');
    expect(rings(alarmNamed('spotify-artists-stale'), dataPointsOf(log), clock.now())).toBe(false);
  });

  it('api-errors rings when a source fails again and again', async () => {
    servers.sources.faults.add({ api: 'ticketmaster', effect: { kind: 'status', status: 503 }, when: { first: 55 } });
    for (let minute = 0; minute < 30 && !ringingNow().includes('ticketmaster-api-errors'); minute += 1) {
      await run('hourly', { API_RETRY_ATTEMPTS: '5' });
      await clock.sleep(60_000);
    }
    expect(ringingNow()).toContain('ticketmaster-api-errors');
  });

  it('quota rings when others have spent nearly all of the day', async () => {
    await run('hourly');
    expect(ringingNow()).toEqual([]);
    const clients = createClients('us-east-1', environment());
    const state = createDynamoStateStore({ client: clients.dynamodb, table: 'loadin-checkpoints' });
    for await (const { key, value, revision } of state.list('quota/ticketmaster/')) {
      if (!key.endsWith('/86400s')) continue;
      const hour = String(Math.floor(clock.now() / HOUR_MS));
      const calls = value['calls'] as Record<string, number>;
      await state.put(key, { ...value, calls: { ...calls, [hour]: (calls[hour] ?? 0) + 4_100 } }, revision);
    }
    clients.close();
    await passHours(1);
    await run('hourly');
    expect(ringingNow()).toEqual(['ticketmaster-quota']);
  });
});

// What functions, executions and streams really do rings them in aws-alarms.zip.spec.ts. No run here lasts seven days, and there is no queue: AWS alone tells
// of executions that time out and of events that a schedule gave up.
describe("the limits of alarms on AWS's own metrics, by invented points", () => {
  const now = START;
  const point = ({ metric }: AlarmDefinition, value: number, minutesAgo: number): DataPoint => ({ ...metric, at: now - minutesAgo * 60_000, value });
  const rung = (name: string, ...values: readonly (readonly [value: number, minutesAgo: number])[]): boolean =>
    rings(
      alarmNamed(name),
      values.map(([value, ago]) => point(alarmNamed(name), value, ago)),
      now,
    );

  it.each([
    ['ingestion-errors', [[1, 1]], [[0, 1]]],
    ['ingestion-duration', [[780_001, 1]], [[780_000, 1]]],
    [
      'ingestion-throttles',
      [
        [1, 1],
        [1, 6],
        [1, 11],
      ],
      [
        [1, 1],
        [1, 6],
      ],
    ],
    ['runs-failed', [[1, 1]], [[0, 1]]],
    ['runs-timed-out', [[1, 1]], [[0, 1]]],
    ['schedules-not-started', [[1, 1]], [[0, 1]]],
    [
      'stream-writes-throttled',
      [
        [5, 1],
        [0, 6],
        [5, 11],
      ],
      [[5, 1]],
    ],
    [
      'consumer-errors',
      [
        [1, 1],
        [1, 6],
        [1, 11],
      ],
      [[1, 1]],
    ],
    [
      'consumer-iterator-age',
      [
        [3_600_001, 1],
        [3_600_001, 6],
        [3_600_001, 11],
      ],
      [
        [3_600_001, 1],
        [0, 6],
        [3_600_001, 11],
      ],
    ],
    ['batches-given-up', [[1, 1]], [[0, 1]]],
  ] as const)('%s rings for %j and not for %j', (name, ill, well) => {
    expect([rung(name, ...ill), rung(name, ...well), rung(name)]).toEqual([true, false, false]);
  });

  it('are as many as loadin-setup cost assumes, with the metrics of the jobs that are built in', () => {
    const builtIn = jobsByPlace(parseJobsFile(DEFAULT_JOBS_FILE, 'the built-in jobs file'), []);
    const all = alarmDefinitions({ names, jobs: builtIn, stateMachineArn: 'arn', streamHours: 24 });
    expect(all).toHaveLength(ASSUMED.alarms);
    const streams = new Set([...builtIn.records, ...builtIn.entities].flatMap((job) => job.streams.map(({ id }) => id)));
    const jobCount = builtIn.records.length + builtIn.entities.length;
    const sources = new Set([...streams].map((id) => id.split('.')[0]));
    // By stream five, by job four, by source one and Ticketmaster's quota, by sink one of three; the consumer tells three of each data type.
    expect(streams.size * 5 + jobCount * 4 + sources.size + 1 + 3 + streams.size * 3).toBe(ASSUMED.metrics);
  });

  it('all have a runbook that is there, names that are unique, and periods that CloudWatch takes', () => {
    expect(new Set(alarms.map(({ name }) => name)).size).toBe(alarms.length);
    for (const { name, runbook, metric, periods = 1, datapoints = periods } of alarms) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(existsSync(join(__dirname, '../../../..', runbook ?? 'none'))).toBe(true);
      expect(metric.periodSeconds % 60).toBe(0);
      expect(periods * metric.periodSeconds).toBeLessThanOrEqual(metric.periodSeconds >= 3_600 ? 7 * 86_400 : 86_400);
      expect(datapoints).toBeLessThanOrEqual(periods);
    }
    const used = new Set(alarms.map(({ runbook }) => runbook?.replace(/^.*\/|\.md$/g, '')));
    expect(RUNBOOKS.filter((one) => !used.has(one))).toEqual([]);
  });
});
