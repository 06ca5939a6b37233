import { createManualClock, createMemoryStateStore, createRecordingLogger, type ManualClock, type MemoryStateStore } from '@loadin/testing';
import { parseSchedule } from '../expressions/parse-schedule.js';
import { keyOf } from './memory.js';
import { missedTimes } from './missed.js';
import { runScheduler } from './run-scheduler.js';
import type { Attempt, SchedulerState, StartRun } from './types.js';

const hourly = { name: 'hourly', schedule: parseSchedule('cron(0 * * * ? *)') };
const T = (time: string): number => Date.parse(`2026-03-01T${time}:00Z`);
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const complete: Attempt = { status: 'complete' };
const hourOf = (at: string | number): string => new Date(at).toISOString().slice(11, 16);

interface Machine {
  readonly clock: ManualClock;
  readonly state: MemoryStateStore;
  readonly until: number;
  /** How far the clock of this machine is from the right time, at a right time. */
  readonly wrongBy?: (rightTime: number) => number;
  readonly run?: StartRun;
  readonly jobs?: readonly (typeof hourly)[];
}

/** A scheduler from now until a time; what it says, and what it started when by the right time. */
async function scheduleOn({ clock, state, until, wrongBy = () => 0, run = async () => complete, jobs = [hourly] }: Machine) {
  const logger = createRecordingLogger();
  const controller = new AbortController();
  const started: string[] = [];
  void clock.sleep(until - clock.now()).then(() => controller.abort(new Error('enough')));
  const result = await runScheduler({
    jobs,
    state: state as SchedulerState,
    clock: { ...clock, now: () => clock.now() + wrongBy(clock.now()) },
    logger,
    signal: controller.signal,
    run: (job, at, signal) => {
      started.push(`${at.slice(0, 16)} at ${hourOf(clock.now())}`);
      return run(job, at, signal);
    },
  });
  return { started, lines: logger.lines.map(({ level, message }) => `${level} ${message}`), result };
}

describe('a clock that is set', () => {
  it('back by less than an hour runs nothing twice', async () => {
    const clock = createManualClock(T('00:30'));
    const wrongBy = (now: number): number => (now >= T('02:10') ? -30 * MINUTE : 0);
    const { started } = await scheduleOn({ clock, state: createMemoryStateStore(), until: T('04:00'), wrongBy });
    expect(started).toEqual(['2026-03-01T01:00 at 01:00', '2026-03-01T02:00 at 02:00', '2026-03-01T03:00 at 03:30']);
  });

  it('forward runs the newest of the times that it leaps over', async () => {
    const clock = createManualClock(T('00:30'));
    const wrongBy = (now: number): number => (now >= T('01:10') ? 150 * MINUTE : 0);
    const { started, lines } = await scheduleOn({ clock, state: createMemoryStateStore(), until: T('02:00'), wrongBy });
    expect(started).toEqual(['2026-03-01T01:00 at 01:00', '2026-03-01T03:00 at 01:10', '2026-03-01T04:00 at 01:30']);
    expect(lines).toContainEqual(expect.stringContaining('2026-03-01T02:00:00Z passed without a run and is left out'));
  });

  it('right again, after it was far ahead, does not leave the job waiting for that time', async () => {
    const clock = createManualClock(T('00:30'));
    const state = createMemoryStateStore();
    const years = 70 * 365 * DAY;
    const ahead = await scheduleOn({ clock, state, until: T('01:30'), wrongBy: () => years });
    expect(ahead.started).toHaveLength(1);
    const { started, lines } = await scheduleOn({ clock, state, until: T('03:30') });
    expect(started).toEqual(['2026-03-01T02:00 at 02:00', '2026-03-01T03:00 at 03:00']);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^warn hourly: it is 2026-03-01T01:30:00Z by the clock of this machine, and times until 2096-.* one of them is wrong$/),
        'warn hourly: what is due from 2026-03-01T01:40:00.000Z on is run',
      ]),
    );
  });

  it('late, some minutes after the machine has started, changes nothing of what is remembered', async () => {
    const clock = createManualClock(T('00:30'));
    const state = createMemoryStateStore();
    await scheduleOn({ clock, state, until: T('01:30') });
    const wrongBy = (now: number): number => (now < T('01:35') ? -20 * 365 * DAY : 0);
    const { started } = await scheduleOn({ clock, state, until: T('02:30'), wrongBy });
    expect(started).toEqual(['2026-03-01T02:00 at 02:00']);
  });

  it('by seventy years keeps nobody waiting while times are counted', () => {
    const everyMinute = parseSchedule('rate(1 minute)');
    expect(missedTimes(everyMinute, T('00:00'), T('00:00') + 70 * 365 * DAY)).toEqual({
      newest: T('00:00') + 70 * 365 * DAY,
      leftOut: { count: 10_000, first: T('00:01'), last: T('00:00') + 70 * 365 * DAY - MINUTE, more: true },
    });
    expect(missedTimes(everyMinute, T('00:00'), T('00:02'))?.leftOut).toEqual({ count: 1, first: T('00:01'), last: T('00:01'), more: false });
  });
});

describe('clocks that are put forward and back in a time zone', () => {
  const nightly = { name: 'nightly', schedule: parseSchedule('cron(30 2 * * ? *)', { zone: 'Europe/Stockholm' }) };

  it.each([
    ['forward: the night without that hour has no run', '2026-03-27T12:00:00Z', ['2026-03-28T01:30', '2026-03-30T00:30']],
    ['back: the night with that hour twice has one', '2026-10-23T12:00:00Z', ['2026-10-24T00:30', '2026-10-25T00:30', '2026-10-26T01:30']],
  ])('%s', async (_what, from, times) => {
    const clock = createManualClock(Date.parse(from));
    const { started } = await scheduleOn({ clock, state: createMemoryStateStore(), until: Date.parse(from) + 3 * DAY, jobs: [nightly] });
    expect(started.map((line) => line.slice(0, 16))).toEqual(times);
  });
});

describe('two schedulers', () => {
  /** The run of 01:00 takes until 03:30, by whoever works at it; another process at it finds it leased, and at its end complete. */
  const longRun =
    (clock: ManualClock): StartRun =>
    async (_job, at, signal) => {
      if (!at.includes('T01:00')) return complete;
      if (clock.now() > T('01:30') && clock.now() < T('03:30')) return { status: 'stopped', reason: 'lease' };
      if (clock.now() < T('03:30')) await clock.sleep(T('03:30') - clock.now(), signal);
      return complete;
    };

  it('have no two runs of a job under way: one goes on with what the other has begun', async () => {
    const clock = createManualClock(T('00:30'));
    const state = createMemoryStateStore();
    const run = longRun(clock);
    const [one, other] = await Promise.all([
      scheduleOn({ clock, state, until: T('04:30'), run }),
      scheduleOn({ clock, state, until: T('04:30'), run }),
    ]);
    const all = [...one.started, ...other.started].sort();
    expect(all.filter((line) => line.startsWith('2026-03-01T02'))).toEqual([]);
    const later = all.filter((line) => /T0[234]:00 at/.test(line));
    expect(later).toEqual(['2026-03-01T03:00 at 03:30', '2026-03-01T04:00 at 04:00']);
    expect([...one.lines, ...other.lines]).toContainEqual(
      'warn hourly: goes on with the run of 2026-03-01T01:00:00Z, which another scheduler has begun and not ended',
    );
    expect((await state.get(keyOf('hourly')))?.value).toMatchObject({ running: null, last: { at: '2026-03-01T04:00:00Z', status: 'complete' } });
  });

  it('bring what one of them left when it was killed', async () => {
    const clock = createManualClock(T('00:30'));
    const state = createMemoryStateStore();
    void scheduleOn({ clock, state, until: T('10:00'), run: () => new Promise(() => undefined) });
    const { started } = await scheduleOn({ clock, state, until: T('03:30') });
    expect(started).toEqual(['2026-03-01T01:00 at 02:00', '2026-03-01T02:00 at 02:00', '2026-03-01T03:00 at 03:00']);
  });
});

it.each([null, 'text', 7, { version: 2, settled: '2026-03-01T00:00:00Z' }, { version: 1 }, { version: 1, settled: 5 }])(
  'what is remembered as %j is refused in one line',
  async (value) => {
    const state = createMemoryStateStore();
    await state.put(keyOf('hourly'), value as never, null);
    const schedule = scheduleOn({ clock: createManualClock(T('00:30')), state, until: T('02:00') });
    await expect(schedule).rejects.toThrow("What is remembered of the schedule of hourly can't be read");
  },
);

it.each(['text', {}, { at: 'soon', resume_after: null, lost: 0 }, { at: '2026-03-01T01:00:00Z', resume_after: 'soon', lost: 0 }])(
  'a run under way that is remembered as %j is refused in one line',
  async (running) => {
    const state = createMemoryStateStore();
    await state.put(keyOf('hourly'), { version: 1, settled: '2026-03-01T00:00:00Z', running, last: null } as never, null);
    const schedule = scheduleOn({ clock: createManualClock(T('00:30')), state, until: T('02:00') });
    await expect(schedule).rejects.toThrow("What is remembered of the schedule of hourly can't be read");
  },
);
