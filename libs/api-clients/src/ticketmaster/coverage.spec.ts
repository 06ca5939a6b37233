import fc from 'fast-check';
import { FatalError } from '@loadin/pipeline';
import { coverage, skippedNote, type Coverage, type CoverageOptions } from './coverage.js';

const scheduledTime = '2026-03-01T12:00:00Z';
const day = 86_400;
const seconds = (text: string): number => Date.parse(text) / 1000;
const iso = (at: number): string => `${new Date(at * 1000).toISOString().slice(0, 19)}Z`;
const rangesOf = ({ windows }: Coverage): (readonly [number, number])[] => windows.map(({ from, to }) => [seconds(from), seconds(to)]);
const has = (run: Coverage, at: number): boolean => rangesOf(run).some(([from, to]) => at >= from && at <= to);

const policies = fc
  .record({
    start: fc.integer({ min: seconds('2026-01-01T00:00:00Z'), max: seconds('2027-01-01T00:00:00Z') }),
    horizonDays: fc.integer({ min: 1, max: 200 }),
    lookBackDays: fc.integer({ min: 0, max: 3 }),
    nearDays: fc.integer({ min: 0, max: 20 }),
    everyHours: fc.constantFrom(0.25, 0.5, 1, 2, 3, 5, 24),
    runs: fc.integer({ min: 1, max: 48 }),
    spare: fc.double({ min: 0, max: 0.9, noNaN: true }),
    changed: fc.array(fc.integer({ min: -5, max: 210 }), { maxLength: 4 }),
  })
  .map(({ start, runs, spare, changed, everyHours, nearDays, ...more }) => {
    const changedDays = changed.map((days) => iso(start + days * day).slice(0, 10));
    const refresh = { nearDays, everyHours, coverageHours: (runs + spare) * everyHours, changedDays };
    return { options: { ...more, scheduledTime: iso(start), refresh }, start, runs };
  });

/** The runs of a coverage period, one after the other. */
const runsOf = (options: CoverageOptions, start: number, runs: number): Coverage[] =>
  Array.from({ length: runs }, (_, run) => coverage({ ...options, scheduledTime: iso(start + run * (options.refresh?.everyHours ?? 1) * 3_600) }));

describe('coverage', () => {
  it('leaves no gap of less than two days: another window begins with searches in every place, which cost more than what is in it', () => {
    const gapsOf = ({ skipped }: Coverage): number[] => skipped.map(({ from, to }) => seconds(to) - seconds(from) + 1);
    fc.assert(
      fc.property(policies, ({ options }) => {
        for (const gap of gapsOf(coverage(options))) expect(gap).toBeGreaterThanOrEqual(2 * day);
      }),
      { seed: 5, numRuns: 300 },
    );
    const every = (days: number): string[] => [10, 10 + days].map((add) => iso(seconds(scheduledTime) + add * day).slice(0, 10));
    const windows = (changedDays: string[]): number =>
      coverage({ scheduledTime, horizonDays: 365, refresh: { nearDays: 3, coverageHours: 24, everyHours: 1, changedDays } }).windows.length;
    expect(windows(every(8)) - windows(every(3))).toBe(1);
  });

  it('reads every second of the horizon at least once in the runs of a coverage period, whenever it begins', () => {
    fc.assert(
      fc.property(policies, fc.double({ min: 0, max: 1, noNaN: true }), ({ options, start, runs }, share) => {
        const all = runsOf(options, start, runs);
        // What is in the horizon of the last run: all of it has been read, whether it was there from the beginning or came into it meanwhile.
        const last = all.at(-1);
        const [from, to] = [seconds(last?.from ?? ''), seconds(last?.to ?? '')];
        const ranges = all.flatMap(rangesOf);
        // What one window leaves begins right beside it.
        const edges = new Set(ranges.flatMap(([begin, end]) => [begin - 1, end + 1]));
        const unread = [from, to, from + Math.floor(share * (to - from)), ...edges].filter(
          (at) => at >= from && at <= to && !ranges.some(([begin, end]) => at >= begin && at <= end),
        );
        expect(unread).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('tells by when the last of what it left will have been read, and keeps to it', () => {
    fc.assert(
      fc.property(policies, ({ options, start, runs }) => {
        const first = coverage(options);
        if (first.readBy === undefined) return expect(first.skipped).toEqual([]);
        const by = seconds(first.readBy);
        expect(by).toBeLessThanOrEqual(start + (options.refresh.coverageHours ?? 0) * 3_600);
        const later = runsOf(options, start, runs + 1).filter((run) => run.windows.length > 0 && seconds(run.to) - options.horizonDays * day <= by);
        for (const gap of first.skipped)
          for (const at of [seconds(gap.from), seconds(gap.to)]) {
            // Unless it lies in the past by then.
            const isOver = at < by - options.lookBackDays * day;
            expect(isOver || later.some((run) => has(run, at))).toBe(true);
          }
      }),
      { numRuns: 100 },
    );
  });

  it('has windows in order that neither overlap nor touch, within the horizon, and gaps that are exactly the rest', () => {
    fc.assert(
      fc.property(policies, ({ options }) => {
        const { from, to, windows, skipped, share } = coverage(options);
        for (const [index, window] of windows.entries()) {
          expect(seconds(window.from)).toBeLessThanOrEqual(seconds(window.to));
          const before = windows[index - 1];
          if (before !== undefined) expect(seconds(window.from)).toBeGreaterThan(seconds(before.to) + 1);
        }
        const all = [...windows, ...skipped].sort((a, b) => (a.from < b.from ? -1 : 1));
        expect([all[0]?.from, all.at(-1)?.to]).toEqual([from, to]);
        for (const [index, part] of all.entries()) if (index > 0) expect(seconds(part.from)).toBe(seconds(all[index - 1]?.to ?? '') + 1);
        const read = windows.reduce((sum, window) => sum + seconds(window.to) - seconds(window.from) + 1, 0);
        expect(share).toBeCloseTo(read / (seconds(to) - seconds(from) + 1), 10);
      }),
      { numRuns: 100 },
    );
  });

  it('reads the near days and the changed days in every run, and is the same whenever it is computed', () => {
    fc.assert(
      fc.property(policies, ({ options, start }) => {
        const covered = coverage(options);
        const near = start + Math.min(options.refresh.nearDays, options.horizonDays) * day;
        for (const at of [start - options.lookBackDays * day, start, near]) expect(has(covered, at)).toBe(true);
        for (const text of options.refresh.changedDays)
          for (const at of [seconds(`${text}T00:00:00Z`) - 14 * 3_600, seconds(`${text}T00:00:00Z`) + 36 * 3_600 - 1])
            if (at >= seconds(covered.from) && at <= seconds(covered.to)) expect(has(covered, at)).toBe(true);
        expect(coverage({ ...options })).toEqual(covered);
      }),
      { numRuns: 100 },
    );
  });

  it('reads everything, as one window, without a policy', () => {
    expect(coverage({ scheduledTime, horizonDays: 30 })).toEqual({
      from: '2026-02-28T12:00:00Z',
      to: '2026-03-31T12:00:00Z',
      windows: [{ from: '2026-02-28T12:00:00Z', to: '2026-03-31T12:00:00Z' }],
      skipped: [],
      share: 1,
      runs: 1,
    });
  });

  it('reads little of a long horizon in an hour, evenly over the day', () => {
    const refresh = { nearDays: 7, coverageHours: 24, everyHours: 1 };
    const shares = runsOf({ scheduledTime, horizonDays: 90, refresh }, seconds(scheduledTime), 24).map(({ share }) => share);
    expect(Math.max(...shares)).toBeLessThan(0.15);
    expect(Math.min(...shares)).toBeGreaterThan(0.08);
  });

  it('says in one line what is left and by when it will have been read', () => {
    const refresh = { nearDays: 7, coverageHours: 3, everyHours: 1 };
    const covered = coverage({ scheduledTime, horizonDays: 28, lookBackDays: 0, refresh });
    expect(skippedNote(covered)).toMatch(
      /^\d\d % of the horizon is left for later runs \(2026-03-\d\dT\d\d:\d\d:\d\dZ to [^)]*\); all of it will have been read by 2026-03-01T1[45]:00:00Z$/,
    );
    expect(skippedNote(coverage({ scheduledTime, horizonDays: 28 }))).toBeUndefined();
  });

  it.each([
    [{ nearDays: -1, coverageHours: 24, everyHours: 1 }, 'nearDays -1 is not a number of days'],
    [{ nearDays: 1, coverageHours: 24, everyHours: 0 }, 'everyHours 0 is not a number of hours, a minute or more'],
    [{ nearDays: 1, coverageHours: 1, everyHours: 2 }, 'coverageHours 1 is less than everyHours 2: no run would read everything'],
    [{ nearDays: 1, coverageHours: 24, everyHours: 1, changedDays: ['today'] }, 'changedDays: "today" is not a date like 2026-03-01'],
  ])('refuses a policy that can not be kept: %j', (refresh, message) => {
    expect(() => coverage({ scheduledTime, horizonDays: 30, refresh })).toThrow(FatalError);
    expect(() => coverage({ scheduledTime, horizonDays: 30, refresh })).toThrow(message);
  });
});
