import { parseJobsFile } from '@loadin/config';
import { alarmDefinitions, jobsByPlace, resourceNames } from '@loadin/infrastructure';
import { emfFaults } from '@loadin/observability';
import { startServers, type Servers } from '@loadin/specs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { dataPointsOf, ringing } from './alarm-math.fixture.js';

jest.setTimeout(60_000);

/** What the image runs. */
const BUNDLE = join(__dirname, '../../../scheduler-cli/dist/main.mjs');
const JOBS = `
version: 1
streams: { ticketmaster.venues: { countries: [IE] } }
jobs: { hourly: { schedule: cron(0 * * * ? *), streams: [ticketmaster.venues], sinks: [s3_raw, kinesis] } }
`;
const alarms = alarmDefinitions({
  names: resourceNames({ environment: 'dev', account: '123456789012', region: 'us-east-1' }),
  jobs: jobsByPlace(parseJobsFile(JOBS, 'jobs.yaml'), ['hourly']),
  stateMachineArn: undefined,
  streamHours: 24,
});
/** What ended lately, by the real clock, which the bundle has. */
const hoursAgo = (hours: number): string => `${new Date(Date.now() - hours * 3_600_000).toISOString().slice(0, 13)}:00:00Z`;

describe('alarms on what a container prints', () => {
  let servers: Servers;
  beforeAll(async () => (servers = await startServers({ jobs: JOBS })));
  afterAll(async () => servers.close());

  /** Stdout and stderr, both of which the log driver takes. */
  async function run(args: readonly string[], env: Readonly<Record<string, string>>) {
    const child = spawn(process.execPath, [BUNDLE, 'run', 'hourly', ...args], {
      cwd: servers.dir,
      env: { HOME: servers.dir, ...servers.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    const metrics = `${stdout}\n${stderr}`.split('\n').filter((line) => line.includes('"_aws"'));
    return { stdout, status: child.exitCode, metrics, points: dataPointsOf(metrics) };
  }
  const EMF = { LOADIN_METRICS: 'emf' };

  it('ring for no healthy run, whose metrics are lines of their own', async () => {
    const { status, metrics, points } = await run(['--at', hoursAgo(2)], EMF);
    expect([status, metrics.flatMap(emfFaults)]).toEqual([0, []]);
    expect(points).toContainEqual(expect.objectContaining({ name: 'RecordsIngested', dimensions: { DataType: 'venues', Source: 'ticketmaster' } }));
    expect(points).toContainEqual(expect.objectContaining({ name: 'RunsCompleted', dimensions: { Job: 'hourly' }, value: 1 }));
    expect(ringing(alarms, points, Date.now())).toEqual([]);
  });

  it('ring when a run fails, and where stdout has the report alone as well', async () => {
    servers.sources.faults.add({ api: 'ticketmaster', effect: { kind: 'status', status: 500 } });
    const { status, stdout, metrics, points } = await run(['--at', hoursAgo(1), '--json'], {
      ...EMF,
      API_RETRY_ATTEMPTS: '1',
      API_RETRY_BACKOFF: '0',
    });
    servers.sources.faults.clear();
    expect([status, JSON.parse(stdout)]).toEqual([1, expect.objectContaining({ status: 'failed' })]);
    expect(metrics.flatMap(emfFaults)).toEqual([]);
    expect(ringing(alarms, points, Date.now())).toContain('hourly-run-failed');
  });

  it('have nothing to go by where metrics are not asked for, which is where people run it', async () => {
    expect((await run(['--at', hoursAgo(3)], {})).metrics).toEqual([]);
  });
});
