import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Plan, RunReport } from '@loadin/pipeline';
import { differentIdsOf, expectedIds, idsOf, type DataRecord } from '@loadin/specs';
import { createRecordingLogger } from '@loadin/testing';
import { gunzipSync, gzipSync } from 'node:zlib';
import { startWorld, type World } from '../world.fixture.js';
import type { StoredChanges } from './change-index.js';
import { changesKey } from './change-store.js';

const COUNTRIES = ['GB', 'SE'];
const HORIZON = 365;
const COVERAGE_HOURS = 6;
const JOBS = `
version: 1
streams:
  ticketmaster.events: { countries: [GB, SE], horizon_days: ${HORIZON} }
jobs:
  daily: { schedule: cron(0 2 * * ? *), streams: [ticketmaster.events], sinks: [s3_raw] }
  hourly:
    schedule: cron(0 * * * ? *)
    streams: [ticketmaster.events]
    sinks: [s3_raw]
    overrides: { ticketmaster.events: { refresh: { near_days: 2, coverage_hours: ${COVERAGE_HOURS} } } }
`;

jest.setTimeout(60_000);

describe('an hourly job with a refresh', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ jobs: JOBS });
  });
  afterAll(() => world.close());

  const key = changesKey('ticketmaster.events');
  const index = async (): Promise<StoredChanges> => {
    const { Body } = await world.s3.send(new GetObjectCommand({ Bucket: world.bucket, Key: key }));
    return JSON.parse(gunzipSync((await Body?.transformToByteArray()) ?? '').toString('utf8')) as StoredChanges;
  };
  /** A run at its time, and what it asked the source for. */
  const runAt = async (job: string, at: string, more: Parameters<World['run']>[1] = {}): Promise<{ report: RunReport; calls: number }> => {
    await world.clock.advance(Math.max(0, Date.parse(at) + 5_000 - world.clock.now()));
    const before = world.sources.requests().byApi.ticketmaster.calls;
    const report = await world.run(job, { at, ...more });
    expect(report).toMatchObject({ status: 'complete', problems: [] });
    return { report, calls: world.sources.requests().byApi.ticketmaster.calls - before };
  };
  const skipped = ({ streams }: RunReport): string[] =>
    streams.flatMap(({ notes }) => notes.filter(({ kind }) => kind === 'skipped').map(({ message }) => message));
  const windowsOf = async (job: string, { run_id }: RunReport): Promise<readonly { from: string; to: string }[]> => {
    const plan = JSON.parse(await world.lake.text(`_loadin/plans/${job}/${run_id}.json`)) as Plan;
    return (plan.streams[0]?.slices[0]?.bounds['windows'] ?? []) as unknown as readonly { from: string; to: string }[];
  };
  const secondOf = (at: string): string => at.replaceAll(/[-:]/g, '').replace('T', '_').slice(0, 15);

  it('spends less than a full pull, and says what it left for later', async () => {
    const full = await runAt('daily', '2026-03-01T02:00:00Z');
    expect(skipped(full.report)).toEqual([]);
    const { report, calls } = await runAt('hourly', '2026-03-01T03:00:00Z');
    expect(calls).toBeLessThan(full.calls);
    expect(skipped(report).map((message) => message.slice(0, 4))).toEqual(['GB: ', 'SE: ']);
    expect(report.streams[0]?.ledger.accepted).toBeLessThan(full.report.streams[0]?.ledger.accepted ?? 0);
  });

  it('reads the days again on which something has changed, though it is not their turn', async () => {
    world.sources.setDay(1);
    await runAt('daily', '2026-03-02T02:00:00Z');
    const days = Object.entries((await index()).days);
    const changed = days.filter(([date, day]) => day.changed === '2026-03-02T02:00:00Z' && date > '2026-03-04').map(([date]) => date);
    expect(changed.length).toBeGreaterThan(0);
    const { report } = await runAt('hourly', '2026-03-02T03:00:00Z');
    const windows = await windowsOf('hourly', report);
    const most = days.filter(([date]) => changed.includes(date)).sort(([, a], [, b]) => (b.changes ?? 0) - (a.changes ?? 0))[0]?.[0] ?? '';
    expect(windows.some(({ from, to }) => from <= `${most}T00:00:00Z` && to >= `${most}T23:59:59Z`)).toBe(true);
    const { events } = expectedIds(world.sources, { countries: COUNTRIES, horizonDays: HORIZON }, '2026-03-02T03:00:00Z');
    const ofThatDay = new Set(
      (await world.lake.raw('events', secondOf('2026-03-02T02:00:00Z'))).filter((one) => one['local_date'] === most).map((one) => one['concert_id']),
    );
    const delivered = new Set(idsOf(await world.lake.raw('events', secondOf('2026-03-02T03:00:00Z')), 'events'));
    expect([...ofThatDay].filter((id) => events.includes(String(id)) && !delivered.has(String(id)))).toEqual([]);
  });

  it('has delivered every event of the horizon once its hours of coverage are over', async () => {
    const times = Array.from({ length: COVERAGE_HOURS }, (_, hour) => `2026-03-02T${String(4 + hour).padStart(2, '0')}:00:00Z`);
    const delivered: DataRecord[] = [];
    for (const at of times) {
      await runAt('hourly', at);
      delivered.push(...(await world.lake.raw('events', secondOf(at))));
    }
    // What started meanwhile, and what is new at the end, is in the horizon of some of the runs only.
    const inAll = [times[0] ?? '', times.at(-1) ?? ''].map(
      (at) => expectedIds(world.sources, { countries: COUNTRIES, horizonDays: HORIZON }, at).events,
    );
    const wanted = (inAll[0] ?? []).filter((id) => inAll[1]?.includes(id));
    const found = new Set(differentIdsOf(delivered, 'events'));
    expect(wanted.length).toBeGreaterThan(1_000);
    expect(wanted.filter((id) => !found.has(id))).toEqual([]);
  });

  it('takes an index that is broken for none, with a warning, and writes a good one', async () => {
    await world.s3.send(new PutObjectCommand({ Bucket: world.bucket, Key: key, Body: gzipSync('{"version":1') }));
    const logger = createRecordingLogger();
    await runAt('hourly', '2026-03-02T12:00:00Z', { logger });
    expect(logger.messages('warn')).toEqual([expect.stringMatching(/^What has changed lately is not known: /)]);
    expect(Object.keys((await index()).days).length).toBeGreaterThan(2);
  });

  it('leaves the index alone in a dry run', async () => {
    const before = await index();
    await world.clock.advance(3_600_000);
    await world.run('hourly', { at: '2026-03-02T13:00:00Z', dryRun: true });
    expect(await index()).toEqual(before);
  });
});
