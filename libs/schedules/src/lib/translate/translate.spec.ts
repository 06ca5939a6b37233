import { parseSchedule } from '../expressions/parse-schedule.js';
import { dueTimes } from '../times/due-times.js';
import type { Schedule } from '../types.js';
import { toCrontab } from './to-crontab.js';
import { toEventBridge } from './to-eventbridge.js';
import { toSystemdCalendar } from './to-systemd.js';

const FROM = Date.UTC(2026, 0, 1);

/** What it is as lines of a crontab, as calendars of systemd, and for EventBridge; of what can't be said the reason. */
function inAllWords(text: string, zone = 'UTC'): [string | readonly string[], string | readonly string[], string] {
  const schedule = parseSchedule(text, { zone });
  const crontab = toCrontab(schedule, { zone, from: FROM });
  const systemd = toSystemdCalendar(schedule, { from: FROM });
  const cloud = toEventBridge(schedule);
  return [
    crontab.exact ? crontab.value : crontab.reason,
    systemd.exact ? systemd.value : systemd.reason,
    cloud.exact ? cloud.value.expression : cloud.reason,
  ];
}

describe('a schedule in the words of cron, systemd and EventBridge', () => {
  it.each<[string, string, string, string]>([
    ['cron(0 2 * * ? *)', '0 2 * * *', '*-*-* 02:00:00 UTC', 'cron(0 2 * * ? *)'],
    ['cron(0 * * * ? *)', '0 * * * *', '*-*-* *:00:00 UTC', 'cron(0 * * * ? *)'],
    ['cron(0 3 ? * MON,THU *)', '0 3 * * 1,4', 'Mon,Thu *-*-* 03:00:00 UTC', 'cron(0 3 ? * MON,THU *)'],
    ['cron(0 4 ? * SUN *)', '0 4 * * 0', 'Sun *-*-* 04:00:00 UTC', 'cron(0 4 ? * SUN *)'],
    ['0 4 * * 7', '0 4 * * 0', 'Sun *-*-* 04:00:00 UTC', 'cron(0 4 ? * SUN *)'],
    ['cron(0/15 * * * ? *)', '*/15 * * * *', '*-*-* *:00/15:00 UTC', 'cron(0/15 * * * ? *)'],
    ['cron(5/15 6-22 ? 1/3 2-6 *)', '5-59/15 6-22 * */3 1-5', 'Mon..Fri *-01/3-* 06..22:05/15:00 UTC', 'cron(5/15 6-22 ? 1/3 MON-FRI *)'],
    ['0 2 1-7,20,21 JAN *', '0 2 1-7,20,21 1 *', '*-01-01..07,20,21 02:00:00 UTC', 'cron(0 2 1-7,20,21 1 ? *)'],
    ['0 2 */10 * *', '0 2 1-31/10 * *', '*-*-01/10 02:00:00 UTC', 'cron(0 2 1/10 * ? *)'],
    ['cron(0 2 ? * FRI,SAT,SUN *)', '0 2 * * 0,5,6', 'Fri..Sun *-*-* 02:00:00 UTC', 'cron(0 2 ? * SUN,FRI,SAT *)'],
    ['cron(0 2 ? * 1/2 *)', '0 2 * * 0-6/2', 'Tue,Thu,Sat,Sun *-*-* 02:00:00 UTC', 'cron(0 2 ? * SUN,TUE,THU,SAT *)'],
    ['rate(1 hour)', '0 * * * *', '*-*-* *:00:00 UTC', 'cron(0 * * * ? *)'],
    ['rate(6 hours)', '0 */6 * * *', '*-*-* 00/6:00:00 UTC', 'cron(0 0/6 * * ? *)'],
    ['rate(10 minutes)', '*/10 * * * *', '*-*-* *:00/10:00 UTC', 'cron(0/10 * * * ? *)'],
    ['rate(1 minute)', '* * * * *', '*-*-* *:*:00 UTC', 'cron(* * * * ? *)'],
    ['rate(1 day)', '0 0 * * *', '*-*-* 00:00:00 UTC', 'cron(0 0 * * ? *)'],
  ])('%s', (text, crontab, systemd, cloud) => expect(inAllWords(text)).toEqual([[crontab], [systemd], cloud]));

  it.each<[string, string | readonly string[], string | readonly string[], string]>([
    ['cron(0 4 L * ? *)', 'a crontab knows no last day of the month', ['*-*~01 04:00:00 UTC'], 'cron(0 4 L * ? *)'],
    ['cron(0 4 ? * 6L *)', "a crontab can't count the weekdays of a month", ['Fri *-*~07/1 04:00:00 UTC'], 'cron(0 4 ? * 6L *)'],
    ['cron(0 4 ? * FRI#2 *)', "a crontab can't count the weekdays of a month", ['Fri *-*-08..14 04:00:00 UTC'], 'cron(0 4 ? * 6#2 *)'],
    ['cron(0 4 ? * FRI#5 *)', "a crontab can't count the weekdays of a month", ['Fri *-*-29..31 04:00:00 UTC'], 'cron(0 4 ? * 6#5 *)'],
    ['cron(0 4 15W * ? *)', 'a crontab knows no nearest working day', 'systemd knows no nearest working day', 'cron(0 4 15W * ? *)'],
    ['cron(0 4 1 * ? 2027-2029)', 'a crontab knows no years', ['2027..2029-*-01 04:00:00 UTC'], 'cron(0 4 1 * ? 2027-2029)'],
    [
      '0 4 13 * FRI',
      ['0 4 13 * 5'],
      ['*-*-13 04:00:00 UTC', 'Fri *-*-* 04:00:00 UTC'],
      'EventBridge takes the day of the month or the day of the week, not either of both',
    ],
    [
      'rate(90 minutes)',
      ['0 */3 * * *', '30 1-23/3 * * *'],
      ['*-*-* 00/3:00:00 UTC', '*-*-* 01/3:30:00 UTC'],
      'rate(90 minutes) is at other minutes from hour to hour, and EventBridge counts rates from when they are made',
    ],
    [
      'rate(7 minutes)',
      'rate(7 minutes) is at other times of the day every day',
      'rate(7 minutes) is at other times of the day every day',
      'rate(7 minutes) is at other times of the day every day, and EventBridge counts rates from when they are made',
    ],
  ])('%s, as far as they have words for it', (text, crontab, systemd, cloud) => expect(inAllWords(text)).toEqual([crontab, systemd, cloud]));

  it('means the same when it is read again', () => {
    const times = (schedule: Schedule): number[] => [...dueTimes(schedule, FROM, FROM + 100 * 86_400_000)];
    for (const text of [
      'cron(5/15 6-22 ? 1/3 2-6 *)',
      '0 2 */10 * *',
      'cron(0 2 ? * 1/2 *)',
      'rate(90 minutes)',
      'cron(7 0/5 1/7 * ? *)',
      '0 4 13 * FRI',
    ]) {
      const [crontab, , cloud] = inAllWords(text);
      const expected = times(parseSchedule(text));
      expect(expected.length).toBeGreaterThan(5);
      const lines = (crontab as readonly string[]).flatMap((line) => times(parseSchedule(line)));
      expect([text, lines.sort((a, b) => a - b)]).toEqual([text, expected]);
      if (cloud.startsWith('cron(')) expect([text, times(parseSchedule(cloud))]).toEqual([text, expected]);
    }
  });

  it('keeps its zone', () => {
    expect(inAllWords('0 9 * * *', 'Europe/Stockholm')).toEqual([['0 9 * * *'], ['*-*-* 09:00:00 Europe/Stockholm'], 'cron(0 9 * * ? *)']);
    expect(toEventBridge(parseSchedule('0 9 * * *', { zone: 'Europe/Stockholm' }))).toMatchObject({ value: { timeZone: 'Europe/Stockholm' } });
    expect(toCrontab(parseSchedule('0 9 * * *', { zone: 'Europe/Stockholm' }))).toEqual({
      exact: false,
      reason: 'its times are of Europe/Stockholm, and cron goes by UTC',
    });
    expect(toCrontab(parseSchedule('0 9 * * *'), { zone: 'Etc/UTC' })).toMatchObject({ exact: true });
  });

  it('is refused where clocks are changed at its times: cron and systemd run what EventBridge leaves out', () => {
    const never = '2026-03-29 02:30 in Europe/Stockholm comes never';
    expect(inAllWords('30 2 * * *', 'Europe/Stockholm')).toEqual([never, never, 'cron(30 2 * * ? *)']);
    const twice = '2026-11-01 01:00 in America/New_York comes twice';
    expect(inAllWords('0 1 * * *', 'America/New_York')).toEqual([twice, twice, 'cron(0 1 * * ? *)']);
    expect(inAllWords('30 2 * * *', 'Asia/Kolkata')[0]).toEqual(['30 2 * * *']);
  });
});
