import fc from 'fast-check';
import { dayText, eventDay } from './event-day.js';

const of = (text: string): string | null => {
  const bytes = new TextEncoder().encode(`before${text}behind`);
  return dayText(eventDay(bytes, 6, 6 + text.length));
};

describe('the event date of a text', () => {
  it.each([
    ['2026-02-28', '2026-02-28'],
    ['2026-02-28 23:59:59.999999+00', '2026-02-28'],
    ['2026-02-28T23:59:59Z', '2026-02-28'],
    ['2026-02-28T23:59:59', '2026-02-28'],
    ['2026-02-28T23:30:00-01:00', '2026-03-01'],
    ['2026-01-01 00:30:00+05:30', '2025-12-31'],
    ['2026-02-28T23:30:00.123456789-01:00', '2026-03-01'],
    ['2026-02-28T23:30-01:00', '2026-03-01'],
    ['2026-02-28T23:30:00.123456789Z', '2026-02-28'],
    ['0001-01-01 00:00:00+00', '0001-01-01'],
    ['0001-01-01 00:00:00+01', null],
    ['9999-12-31 23:59:59-01', null],
    ['10000-01-01', null],
    ['0044-03-15 BC', null],
    ['0044-03-15 00:00:00+00 BC', null],
    ['2026-02-29', null],
    ['2026-13-01', null],
    ['infinity', null],
    ['-infinity', null],
    ['2026-02-28x', null],
    ['', null],
    ['\\N', null],
  ])('%s is %s', (text, day) => {
    expect(of(text)).toBe(day);
  });

  it('is the day in UTC, whatever the zone', () => {
    const minutes = fc.integer({ min: -14 * 60, max: 14 * 60 });
    const range = { min: new Date('1000-01-02'), max: new Date('9000-01-01'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(range), minutes, (date, offset) => {
        const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, 19);
        const [hours, rest] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) => String(part).padStart(2, '0'));
        expect(of(`${local}${offset < 0 ? '-' : '+'}${hours}:${rest}`)).toBe(date.toISOString().slice(0, 10));
      }),
    );
  });
});
