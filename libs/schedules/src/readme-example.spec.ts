import { readmeDifferences } from '@loadin/specs/readme';
import { dueTimes, latestDueTime, parseSchedule, toCrontab, toEventBridge, toSystemdCalendar } from './index.js';

// example
const iso = (at: number | undefined) => (at === undefined ? 'never' : new Date(at).toISOString());

export function describeSchedule(text: string, zone = 'UTC'): string[] {
  const schedule = parseSchedule(text, { zone });
  const from = Date.parse('2026-03-01T00:00:00Z');
  const times = [...dueTimes(schedule, from, from + 7 * 86_400_000)];
  const words = [toCrontab(schedule, { zone }), toSystemdCalendar(schedule), toEventBridge(schedule)];
  return [
    `due ${times.map(iso).join(', ')}; before that ${iso(latestDueTime(schedule, from))}`,
    ...words.map((word) => (word.exact ? JSON.stringify(word.value) : `can't be said exactly: ${word.reason}`)),
  ];
}
// end

describe('the example of the README', () => {
  it('says when a schedule is due, and in three other languages', () => {
    expect(describeSchedule('cron(0 3 ? * MON,THU *)')).toEqual([
      'due 2026-03-02T03:00:00.000Z, 2026-03-05T03:00:00.000Z; before that 2026-02-26T03:00:00.000Z',
      '["0 3 * * 1,4"]',
      '["Mon,Thu *-*-* 03:00:00 UTC"]',
      '{"expression":"cron(0 3 ? * MON,THU *)","timeZone":"UTC"}',
    ]);
    expect(describeSchedule('cron(0 3 LW * ? *)').slice(1, 3)).toEqual([
      "can't be said exactly: a crontab knows no nearest working day",
      "can't be said exactly: systemd knows no nearest working day",
    ]);
  });

  it('is to the letter what was just run', () => expect(readmeDifferences(__filename)).toEqual([]));
});
