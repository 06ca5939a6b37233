import { createManualClock, createMemoryStateStore, createRecordingLogger, type ManualClock, type MemoryStateStore } from '@loadin/testing';
import { parseSchedule } from '../expressions/parse-schedule.js';
import { keyOf } from './memory.js';
import { runScheduler } from './run-scheduler.js';
import type { Attempt, SchedulerResult, SchedulerState } from './types.js';

const hourly = { name: 'hourly', schedule: parseSchedule('cron(0 * * * ? *)') };
const daily = { name: 'daily', schedule: parseSchedule('cron(0 2 * * ? *)') };
const T = (time: string): number => Date.parse(`2026-03-01T${time}:00Z`);
const MINUTE = 60_000;
const complete: Attempt = { status: 'complete' };

interface Started {
  readonly job: string;
  readonly at: string;
  readonly from: string;
}

interface WorldOptions {
  readonly jobs?: readonly (typeof hourly)[];
  readonly state?: MemoryStateStore | SchedulerState;
  readonly startedAt?: number;
  /** The scheduler is stopped then. */
  readonly until: number;
  /** How an attempt ends; it takes no time unless it sleeps. */
  readonly run?: (attempt: Started, clock: ManualClock, signal: AbortSignal, index: number) => Promise<Attempt> | Attempt;
}

/** A scheduler from one time to another, without waiting for either. */
async function schedule(options: WorldOptions): Promise<{ started: string[]; lines: string[]; result: SchedulerResult }> {
  const { jobs = [hourly], state = createMemoryStateStore(), startedAt = T('00:30'), until, run = () => complete } = options;
  const clock = createManualClock(startedAt);
  const logger = createRecordingLogger();
  const controller = new AbortController();
  const started: string[] = [];
  void clock.sleep(until - startedAt).then(() => controller.abort(new Error('enough')));
  const result = await runScheduler({
    jobs,
    state: state as SchedulerState,
    clock,
    logger,
    signal: controller.signal,
    run: async (job, at, signal) => {
      const from = new Date(clock.now()).toISOString().slice(11, 16);
      started.push(`${job} ${at.slice(11, 16)} from ${from}`);
      return run({ job, at, from }, clock, signal, started.length - 1);
    },
  });
  return { started, lines: logger.lines.map(({ level, message }) => `${level} ${message}`), result };
}

describe('the scheduler', () => {
  it('starts each job when it is due, with that time', async () => {
    const { started, lines, result } = await schedule({ jobs: [hourly, daily], until: T('03:30') });
    expect(started).toEqual(['hourly 01:00 from 01:00', 'hourly 02:00 from 02:00', 'daily 02:00 from 02:00', 'hourly 03:00 from 03:00']);
    expect(lines.slice(0, 5)).toEqual([
      'info hourly: next run at 2026-03-01T01:00:00Z',
      'info daily: next run at 2026-03-01T02:00:00Z',
      'info hourly: starting the run of 2026-03-01T01:00:00Z',
      'info hourly: the run of 2026-03-01T01:00:00Z is complete',
      'info hourly: next run at 2026-03-01T02:00:00Z',
    ]);
    expect(result).toEqual({ unfinished: [] });
  });

  it('has missed nothing when it sees a job for the first time', async () => {
    expect((await schedule({ startedAt: T('05:00'), until: T('05:59') })).started).toEqual([]);
  });

  it('makes up for what it missed once, with the newest time, and says which it leaves out', async () => {
    const state = createMemoryStateStore();
    await schedule({ state, until: T('01:30') });
    const { started, lines } = await schedule({ state, startedAt: T('05:20'), until: T('06:10') });
    expect(started).toEqual(['hourly 05:00 from 05:20', 'hourly 06:00 from 06:00']);
    expect(lines).toContain(
      'warn hourly: 3 times from 2026-03-01T02:00:00Z to 2026-03-01T04:00:00Z passed without a run and are left out; the run of 2026-03-01T05:00:00Z is made up for',
    );
    const later = await schedule({ state, startedAt: T('08:20'), until: T('08:30') });
    expect(later.lines[1]).toMatch(/^warn hourly: 2026-03-01T07:00:00Z passed without a run and is left out; the run of 2026-03-01T08:00:00Z /);
  });

  it('never has two runs of a job under way: what is due meanwhile waits, and the newest of it comes next', async () => {
    const { started, lines } = await schedule({
      until: T('04:30'),
      run: async (_attempt, clock, signal, index) => {
        if (index === 0) await clock.sleep(150 * MINUTE, signal);
        return complete;
      },
    });
    expect(started).toEqual(['hourly 01:00 from 01:00', 'hourly 03:00 from 03:30', 'hourly 04:00 from 04:00']);
    expect(lines.filter((line) => line.includes('waits') || line.includes('left out'))).toEqual([
      'info hourly: 2026-03-01T02:00:00Z is due and waits, since the run of 2026-03-01T01:00:00Z is under way',
      'info hourly: 2026-03-01T03:00:00Z is due and waits, since the run of 2026-03-01T01:00:00Z is under way',
      'warn hourly: 2026-03-01T02:00:00Z passed without a run and is left out; the run of 2026-03-01T03:00:00Z is made up for',
    ]);
  });

  it('goes on with a run that has stopped when that can go on', async () => {
    const { started, lines } = await schedule({
      jobs: [daily],
      until: T('12:00'),
      run: (_attempt, _clock, _signal, index) =>
        [
          { status: 'stopped', reason: 'quota', resumeAfter: '2026-03-01T08:15:00Z' } as const,
          { status: 'stopped', reason: 'deadline' } as const,
          { status: 'stopped', reason: 'lease', resumeAfter: '2026-03-01T01:00:00Z' } as const,
        ][index] ?? complete,
    });
    expect(started).toEqual(['daily 02:00 from 02:00', 'daily 02:00 from 08:15', 'daily 02:00 from 08:16', 'daily 02:00 from 08:16']);
    expect(lines).toContain('info daily: the run of 2026-03-01T02:00:00Z has stopped (quota), and goes on at 2026-03-01T08:15:00.000Z');
    expect(lines).toContain('info daily: the run of 2026-03-01T02:00:00Z is complete');
  });

  it('goes on, after a restart, with what waited to be gone on with', async () => {
    const state = createMemoryStateStore();
    const quota = { status: 'stopped', reason: 'quota', resumeAfter: '2026-03-01T08:15:00Z' } as const;
    await schedule({ jobs: [daily], state, until: T('03:00'), run: () => quota });
    const { started, lines } = await schedule({ jobs: [daily], state, startedAt: T('06:00'), until: T('10:00') });
    expect(lines[0]).toBe('info daily: goes on with the run of 2026-03-01T02:00:00Z');
    expect(started).toEqual(['daily 02:00 from 08:15']);
  });

  it('outlives a run that fails, and one that throws', async () => {
    const { started, lines } = await schedule({
      until: T('03:30'),
      run: (_attempt, _clock, _signal, index) => {
        if (index === 0) return { status: 'failed', problem: 'spotify.artists: 403' };
        if (index === 1) throw new Error('killed by SIGKILL');
        return complete;
      },
    });
    expect(started).toEqual(['hourly 01:00 from 01:00', 'hourly 02:00 from 02:00', 'hourly 02:00 from 02:01', 'hourly 03:00 from 03:00']);
    expect(lines).toContain('error hourly: the run of 2026-03-01T01:00:00Z has failed: spotify.artists: 403');
    expect(lines).toContain(
      'warn hourly: the run of 2026-03-01T02:00:00Z was lost, and is started again at 2026-03-01T02:01:00.000Z: killed by SIGKILL',
    );
  });

  it('gives up a run that is lost three times', async () => {
    const { started, lines } = await schedule({
      until: T('02:30'),
      run: ({ at }) => (at.includes('01:00') ? { status: 'lost', problem: 'killed' } : complete),
    });
    expect(started).toEqual(['hourly 01:00 from 01:00', 'hourly 01:00 from 01:01', 'hourly 01:00 from 01:03', 'hourly 02:00 from 02:00']);
    expect(lines).toContain('error hourly: the run of 2026-03-01T01:00:00Z was lost 3 times and is given up: killed');
  });

  it('leaves a run that a person has cancelled', async () => {
    const { started, lines } = await schedule({
      until: T('02:30'),
      run: ({ at }) => (at.includes('01:00') ? { status: 'stopped', reason: 'cancelled' } : complete),
    });
    expect(started).toEqual(['hourly 01:00 from 01:00', 'hourly 02:00 from 02:00']);
    expect(lines).toContainEqual(
      expect.stringContaining('was cancelled, and is left as it is; to go on with it: loadin run hourly --at 2026-03-01T01:00:00Z'),
    );
  });

  it('waits, when it is stopped, for the run under way, and goes on with it after a restart', async () => {
    const state = createMemoryStateStore();
    const run: WorldOptions['run'] = async (_attempt, clock, signal) => {
      await clock.sleep(600 * MINUTE, signal).catch(() => undefined);
      return signal.aborted ? { status: 'stopped', reason: 'cancelled' } : complete;
    };
    const { result, lines } = await schedule({ state, until: T('01:10'), run });
    expect(result).toEqual({ unfinished: [{ job: 'hourly', at: '2026-03-01T01:00:00Z' }] });
    expect(lines.at(-1)).toBe('info hourly: the run of 2026-03-01T01:00:00Z has stopped; the next start goes on with it');
    const next = await schedule({ state, startedAt: T('04:30'), until: T('04:40') });
    expect(next.started).toEqual(['hourly 01:00 from 04:30', 'hourly 04:00 from 04:30']);
  });

  it('notes what ended while it was stopped', async () => {
    const state = createMemoryStateStore();
    const { result } = await schedule({
      state,
      until: T('01:10'),
      run: async (_attempt, clock, signal) => {
        await clock.sleep(600 * MINUTE, signal).catch(() => undefined);
        return complete;
      },
    });
    expect(result).toEqual({ unfinished: [] });
    expect((await state.get(keyOf('hourly')))?.value).toMatchObject({ running: null, last: { at: '2026-03-01T01:00:00Z', status: 'complete' } });
  });

  it('leaves a time to another scheduler that was faster', async () => {
    const state = createMemoryStateStore();
    const slow: SchedulerState = {
      get: (key) => state.get(key),
      put: async (key, value, expected) => {
        const item = await state.get(key);
        if (value.running?.at === '2026-03-01T02:00:00Z' && value.running.lost === 0 && item?.revision === expected)
          await state.put(key, { ...value, running: null }, expected);
        return state.put(key, value, expected);
      },
    };
    const { started, lines } = await schedule({ state: slow, until: T('03:30') });
    expect(started).toEqual(['hourly 01:00 from 01:00', 'hourly 03:00 from 03:00']);
    expect(lines).toContain('warn hourly: another scheduler is at work with this job; 2026-03-01T02:00:00Z is left to it');
  });

  it('outlives an hour in which nothing can be noted', async () => {
    const memory = createMemoryStateStore();
    let down = 0;
    const state: SchedulerState = {
      get: (key) => memory.get(key),
      put: async (key, value, expected) => {
        if (value.running?.at === '2026-03-01T02:00:00Z' && down++ < 8) throw new Error('no route');
        return memory.put(key, value, expected);
      },
    };
    const { started, lines } = await schedule({ state, until: T('03:30') });
    expect(started).toEqual(['hourly 01:00 from 01:00', 'hourly 02:00 from 02:03', 'hourly 03:00 from 03:00']);
    expect(lines.filter((line) => line.includes('no route'))).toHaveLength(8);
  });

  it('does not begin when what it remembers can not be read', async () => {
    const refusing: SchedulerState = { get: () => Promise.reject(new Error('no such table')), put: () => Promise.reject(new Error('no such table')) };
    await expect(schedule({ state: refusing, until: T('02:00') })).rejects.toThrow('no such table');
    const state = createMemoryStateStore();
    await state.put(keyOf('hourly'), { version: 1, settled: 'yesterday' }, null);
    await expect(schedule({ state, jobs: [daily, hourly], until: T('02:00') })).rejects.toThrow('What is remembered of the schedule of hourly');
  });

  it('says of a job that it is never due again', async () => {
    const past = { name: 'past', schedule: parseSchedule('cron(0 2 1 1 ? 2020)') };
    expect((await schedule({ jobs: [past], until: T('02:30') })).lines).toEqual(['info past: is never due again']);
  });
});
