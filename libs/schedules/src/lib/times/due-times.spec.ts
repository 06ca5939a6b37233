import { Cron } from 'croner';
import fc from 'fast-check';
import { parseSchedule } from '../expressions/parse-schedule.js';
import { dueTimes, latestDueTime, nextDueTime } from './due-times.js';

const iso = (at: number | undefined): string | undefined => (at === undefined ? undefined : new Date(at).toISOString().replace('.000Z', 'Z'));
const between = (text: string, from: string, to: string, zone = 'UTC'): (string | undefined)[] =>
  [...dueTimes(parseSchedule(text, { zone }), Date.parse(from), Date.parse(to))].map(iso);

describe('the times at which a schedule is due', () => {
  it('are those of the documents', () => {
    expect(between('cron(0 2 * * ? *)', '2026-03-01T02:00:00Z', '2026-03-03T02:00:00Z')).toEqual(['2026-03-02T02:00:00Z', '2026-03-03T02:00:00Z']);
    expect(between('cron(0 * * * ? *)', '2026-03-01T22:30:00Z', '2026-03-02T00:00:00Z')).toEqual(['2026-03-01T23:00:00Z', '2026-03-02T00:00:00Z']);
    expect(between('cron(0 3 ? * MON,THU *)', '2026-03-01T00:00:00Z', '2026-03-09T03:00:00Z')).toEqual([
      ...['2026-03-02T03:00:00Z', '2026-03-05T03:00:00Z', '2026-03-09T03:00:00Z'],
    ]);
    expect(between('cron(0 4 ? * SUN *)', '2026-02-28T00:00:00Z', '2026-03-08T03:59:59Z')).toEqual(['2026-03-01T04:00:00Z']);
  });

  it('of a rate are the same on every machine', () => {
    expect(between('rate(90 minutes)', '2026-03-01T00:00:00Z', '2026-03-01T04:30:00Z')).toEqual([
      ...['2026-03-01T01:30:00Z', '2026-03-01T03:00:00Z', '2026-03-01T04:30:00Z'],
    ]);
    const rate = parseSchedule('rate(7 days)');
    expect(iso(latestDueTime(rate, Date.parse('2026-03-05T00:00:00Z')))).toBe('2026-03-05T00:00:00Z');
    expect(iso(nextDueTime(rate, Date.parse('2026-03-05T00:00:00Z')))).toBe('2026-03-12T00:00:00Z');
  });

  it('are found forwards and backwards, also where there are few', () => {
    const leapDay = parseSchedule('cron(30 1 29 2 ? *)');
    expect(iso(nextDueTime(leapDay, Date.parse('2096-03-01T00:00:00Z')))).toBe('2104-02-29T01:30:00Z');
    expect(iso(latestDueTime(leapDay, Date.parse('2104-02-29T01:29:59Z')))).toBe('2096-02-29T01:30:00Z');
    const once = parseSchedule('cron(0 2 1 1 ? 2030)');
    expect(iso(latestDueTime(once, Date.parse('2199-12-31T00:00:00Z')))).toBe('2030-01-01T02:00:00Z');
    expect([nextDueTime(once, Date.parse('2030-01-01T02:00:00Z')), latestDueTime(once, Date.parse('2030-01-01T01:59:59Z'))]).toEqual([
      ...[undefined, undefined],
    ]);
  });

  it.each([
    ['L', '2026-02-28'],
    ['LW', '2026-02-27'],
    ['1W', '2026-02-02'],
    ['14W', '2026-02-13'],
    ['15W', '2026-02-16'],
  ])('of the date %s in a month that begins on a Sunday and ends on a Saturday', (date, day) => {
    expect(between(`cron(0 4 ${date} * ? *)`, '2026-02-01T00:00:00Z', '2026-02-28T23:00:00Z')).toEqual([`${day}T04:00:00Z`]);
  });

  it('fall out in a month without the date that a working day is near to', () => {
    expect(between('cron(0 4 31W * ? *)', '2026-04-01T00:00:00Z', '2026-05-31T23:00:00Z')).toEqual(['2026-05-29T04:00:00Z']);
  });

  it('are agreed on by another reader of cron expressions, in UTC', () => {
    const field = (least: number, most: number): fc.Arbitrary<string> => {
      const value = fc.integer({ min: least, max: most });
      const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
      const stepped = fc.tuple(fc.oneof(fc.constant('*'), range), fc.integer({ min: 1, max: most })).map(([of, step]) => `${of}/${step}`);
      return fc.array(fc.oneof(value.map(String), range, stepped), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(','));
    };
    const weekday = fc.constantFrom('SUN', 'MON-FRI', '0,6', '2-4', '7', '5-7', '1,3,5');
    const days = fc.oneof(
      fc.constant(['*', '*'] as const),
      field(1, 31).map((date) => [date.replaceAll('*', '1-31'), '*'] as const),
      weekday.map((name) => ['*', name] as const),
      fc.tuple(fc.constantFrom('1', '13', '1-7', '31', '8-14/2'), weekday),
    );
    const expressions = fc.tuple(field(0, 59), field(0, 23), days, field(1, 12)).map(([minute, hour, [date, day], month]) => {
      return [minute, hour, date, month, day].join(' ');
    });
    fc.assert(
      fc.property(expressions, fc.integer({ min: 0, max: 4_000_000_000 }), (expression, second) => {
        const other = new Cron(expression, { timezone: 'UTC', mode: '5-part' });
        const schedule = parseSchedule(expression);
        const ours: number[] = [];
        for (const at of dueTimes(schedule, second * 1000)) if (ours.push(at) === 5) break;
        const theirs = other.nextRuns(5, new Date(second * 1000)).map((date) => date.getTime());
        expect(ours).toEqual(theirs);
        for (const at of ours.slice(1)) expect(latestDueTime(schedule, at - 1)).toBe(ours[ours.indexOf(at) - 1]);
      }),
      { numRuns: 300 },
    );
  });

  it('of the last and the nth day of a name, and of working days, are agreed on too', () => {
    for (const [ours, theirs] of [
      ['cron(10 4 L * ? *)', '10 4 L * *'],
      ['cron(10 4 ? * 6L *)', '10 4 * * 5L'],
      ['cron(10 4 ? * SUN#1 *)', '10 4 * * 0#1'],
      ['cron(10 4 ? * 4#5 *)', '10 4 * * 3#5'],
      ['cron(10 4 1W * ? *)', '10 4 1W * *'],
      ['cron(10 4 15W * ? *)', '10 4 15W * *'],
    ] as const) {
      const found: number[] = [];
      for (const at of dueTimes(parseSchedule(ours), Date.UTC(2026, 0, 1))) if (found.push(at) === 60) break;
      const others = new Cron(theirs, { timezone: 'UTC' }).nextRuns(60, new Date(Date.UTC(2026, 0, 1)));
      expect([ours, found.map(iso)]).toEqual([ours, others.map((date) => iso(date.getTime()))]);
    }
  });
});

describe('in a zone with summer time', () => {
  it('a schedule keeps to the wall clock', () => {
    expect(between('0 2 * * *', '2026-03-27T00:00:00Z', '2026-03-30T12:00:00Z', 'Europe/Stockholm')).toEqual([
      // At 2 on the 29th clocks are put forward to 3: that time is not due.
      ...['2026-03-27T01:00:00Z', '2026-03-28T01:00:00Z', '2026-03-30T00:00:00Z'],
    ]);
  });

  it('a time that comes twice is due once, the first time', () => {
    expect(between('30 2 * * *', '2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z', 'Europe/Stockholm')).toEqual([
      ...['2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
    ]);
    expect(between('0 * * * *', '2026-11-01T04:30:00Z', '2026-11-01T08:00:00Z', 'America/New_York')).toEqual([
      ...['2026-11-01T05:00:00Z', '2026-11-01T07:00:00Z', '2026-11-01T08:00:00Z'],
    ]);
  });

  it('days are those of the zone, where they begin half a day before or after UTC', () => {
    expect(between('0 1 * * MON', '2026-03-01T00:00:00Z', '2026-03-08T00:00:00Z', 'Pacific/Kiritimati')).toEqual(['2026-03-01T11:00:00Z']);
    expect(between('0 23 * * SUN', '2026-03-01T00:00:00Z', '2026-03-08T00:00:00Z', 'Pacific/Pago_Pago')).toEqual(['2026-03-02T10:00:00Z']);
  });

  it('the latest time is found across both changes', () => {
    const schedule = parseSchedule('30 2 * * *', { zone: 'Europe/Stockholm' });
    expect(iso(latestDueTime(schedule, Date.parse('2026-03-29T12:00:00Z')))).toBe('2026-03-28T01:30:00Z');
    expect(iso(latestDueTime(schedule, Date.parse('2026-10-25T00:29:59Z')))).toBe('2026-10-24T00:30:00Z');
    expect(iso(latestDueTime(schedule, Date.parse('2026-10-25T01:45:00Z')))).toBe('2026-10-25T00:30:00Z');
  });
});
