import type { FaultRule } from '@loadin/local-aws';
import type { RunReport } from '@loadin/pipeline';
import { DATA_TYPES, differentIdsOf, expectedIds, idOf, idsOf, type DataRecord, type DataType } from '@loadin/specs';
import { setTimeout as delay } from 'node:timers/promises';
import type { StartedCommand } from './bundle.fixture.js';
import { SELECTION, startWorld, type World } from './world.fixture.js';

/** Long enough for a signal to arrive while the call waits at the server. */
const HELD = { latencyMs: 400 };
/** Longer than what tells a second signal from the first one's echo. */
const HELD_LONG = { latencyMs: 2000 };
const ECHO_MS = 310;

jest.setTimeout(30_000);

describe('a run that is ended half-way', () => {
  let world: World;
  beforeAll(async () => (world = await startWorld()));
  afterEach(() => world.aws.faults.clear());
  afterAll(async () => world.close());

  /** Starts a run, and sends the signal while the call that the rule holds is under way. */
  const interrupt = async (
    args: readonly string[],
    rule: Omit<FaultRule, 'effect'> & Partial<FaultRule>,
    signal: NodeJS.Signals,
  ): Promise<StartedCommand> => {
    world.aws.faults.add({ effect: HELD, ...rule });
    const started = world.start(args);
    while (world.aws.faults.list()[0]?.fired === 0) {
      if (started.child.exitCode !== null) throw new Error(`the run ended before it could be interrupted: ${(await started.ended).stderr}`);
      await delay(5);
    }
    started.child.kill(signal);
    return started;
  };

  const goOn = async (args: readonly string[]): Promise<RunReport> => {
    world.aws.faults.clear();
    const { status, stdout, stderr } = await world.loadin([...args, '--json']);
    if (status !== 0) throw new Error(`status ${status}: ${stderr}`);
    return JSON.parse(stdout) as RunReport;
  };

  it('is left to another process that is at work with its job: one that comes meanwhile says who, until when and what to do', async () => {
    const args = ['run', 'daily', '--at', '2026-03-20T02:00:00Z', '--json'];
    world.aws.faults.add({ service: 's3', operation: 'PutObject', key: '_loadin/plans/', effect: { latencyMs: 6_500 } });
    const first = world.start(args);
    while (world.aws.faults.list()[0]?.fired === 0) await delay(5);
    const [json, text, stopped] = [world.start(args), world.start(args.slice(0, -1)), world.start(args)];
    await stopped.said('Waiting for ');
    stopped.child.kill('SIGINT');
    const [second, third, fourth] = await Promise.all([json.ended, text.ended, stopped.ended]);
    expect([second.status, third.status, fourth.status]).toEqual([3, 3, 3]);
    const document = {
      run_id: null,
      job: 'daily',
      scheduled_time: '2026-03-20T02:00:00Z',
      already_complete: false,
      status: 'stopped',
      streams: [],
      report_uri: null,
    };
    expect(JSON.parse(second.stdout)).toEqual({
      ...document,
      reason: 'lease',
      resume_after: expect.stringMatching(/Z$/),
      problems: [expect.stringMatching(/ until .+ lease\/job\/daily · Wait /)],
    });
    expect(third.stdout).toBe('');
    expect(third.stderr).toMatch(
      /^(\S+) is at work on this: it holds the lease until \S+Z and renews it\n {2}at .* lease\/job\/daily\n {2}→ Wait until /m,
    );
    expect(JSON.parse(fourth.stdout)).toEqual({ ...document, reason: 'cancelled', problems: [] });
    expect((await first.ended).status).toBe(0);
  });

  /** The lake has every id of the catalogue once; the stream has every one, and where it has one twice it is the same record. */
  const expectTheTruth = async ({ run_id, scheduled_time }: RunReport): Promise<void> => {
    const expected = expectedIds(world.sources, SELECTION, scheduled_time);
    const second = scheduled_time.replaceAll(/[-:Z]/g, '').replace('T', '_');
    const streamed = (await world.lake.stream()).filter((record) => record['run_id'] === run_id);
    for (const type of DATA_TYPES) {
      expect(idsOf(await world.lake.raw(type, second), type)).toEqual(expected[type]);
      const ofType = streamed.filter((record) => record['data_type'] === type);
      expect(differentIdsOf(ofType, type)).toEqual(expected[type]);
      expect(new Set(ofType.map((record) => identity(record, type))).size).toBe(expected[type].length);
    }
  };
  const identity = (record: DataRecord, type: DataType): string => `${idOf(record, type)} ${String(record['record_hash'])}`;

  describe.each<[string, string, Omit<FaultRule, 'effect'>]>([
    ['while its first page is landed', '2026-03-01T02:00:00Z', { service: 's3', operation: 'PutObject', key: 'landing/', nth: 1 }],
    ['while a raw object is written', '2026-03-02T02:00:00Z', { service: 's3', operation: 'PutObject', key: 'raw/ticketmaster/events', nth: 1 }],
    ['while the stream is fed', '2026-03-03T02:00:00Z', { service: 'kinesis', operation: 'PutRecords', nth: 2 }],
    ['when only its report is missing', '2026-03-04T02:00:00Z', { service: 's3', operation: 'PutObject', key: '_loadin/reports/', nth: 1 }],
  ])('by SIGKILL %s', (_when, at, rule) => {
    it('is gone on with, and the lake has exactly what the sources have', async () => {
      const args = ['run', 'daily', '--at', at];
      const killed = await (await interrupt(args, rule, 'SIGKILL')).ended;
      expect(killed).toMatchObject({ status: undefined, signal: 'SIGKILL' });
      const report = await goOn(args);
      expect(report).toMatchObject({ status: 'complete', attempts: 2, problems: [] });
      await expectTheTruth(report);
    });
  });

  it('by SIGTERM finishes its batch and stops with status 3; the same command without a time goes on', async () => {
    const args = ['run', 'daily'];
    const started = await interrupt(args, { service: 'kinesis', operation: 'PutRecords', nth: 1 }, 'SIGTERM');
    const { status, stdout, stderr } = await started.ended;
    expect(status).toBe(3);
    expect(stderr).toContain('Stopping after the batch under way … (once more ends at once)\n');
    expect(stdout).toContain('\nStopped (cancelled): run the same command again to go on.\n');
    const [, stoppedRun] = /^Run (\S+) · report /m.exec(stdout) ?? [];
    const report = await goOn(args);
    expect(report).toMatchObject({ run_id: stoppedRun, status: 'complete', attempts: 2, problems: [] });
    await expectTheTruth(report);
  });

  it('by a second signal ends at once', async () => {
    const rule = { service: 'kinesis', operation: 'PutRecords', nth: 1, effect: HELD_LONG } as const;
    const { child, said, ended } = await interrupt(['run', 'daily', '--at', '2026-03-05T02:00:00Z'], rule, 'SIGINT');
    await said('Stopping after ');
    await delay(ECHO_MS);
    child.kill('SIGINT');
    expect((await ended).status).toBe(130);
  });

  it('by one Ctrl-C below npx, which arrives twice, stops with status 3 all the same', async () => {
    const rule = { service: 'kinesis', operation: 'PutRecords', nth: 1 } as const;
    const { child, said, ended } = await interrupt(['run', 'daily', '--at', '2026-03-06T02:00:00Z'], rule, 'SIGINT');
    await said('Stopping after ');
    child.kill('SIGINT');
    const { status, stderr } = await ended;
    expect({ status, said: stderr.match(/Stopping after /g) }).toEqual({ status: 3, said: ['Stopping after '] });
  });
});
