import fc from 'fast-check';
import { readTime } from './time-text.js';

function read(text: string): [seconds: number, micros: number] {
  const bytes = Buffer.from(`7${text}7`);
  const reading = { seconds: 0, micros: 0 };
  readTime(reading, bytes, 1, bytes.length - 1);
  return [reading.seconds, reading.micros];
}

describe('a time in text', () => {
  it('is the instant that ECMAScript reads', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }), (date) => {
        const iso = date.toISOString();
        const expected = [Math.floor(date.getTime() / 1000), date.getUTCMilliseconds() * 1000];
        expect(read(iso)).toEqual(expected);
        expect(read(iso.replace('T', ' ').replace('Z', '+00'))).toEqual(expected);
        expect(read(iso.slice(0, 10))).toEqual([Date.parse(iso.slice(0, 10)) / 1000, 0]);
      }),
    );
  });

  it('has microseconds and zones', () => {
    expect(read('2026-03-01 02:00:00.000001+00')).toEqual([Date.UTC(2026, 2, 1, 2) / 1000, 1]);
    expect(read('2026-03-01T02:00:00.1234567+05:30')).toEqual([Date.UTC(2026, 1, 28, 20, 30) / 1000, 123_456]);
    expect(read('2026-03-01 02:00:00-0130')).toEqual([Date.UTC(2026, 2, 1, 3, 30) / 1000, 0]);
    expect(read('1880-01-01 00:00:00-00:25:21')).toEqual([Date.UTC(1880, 0, 1, 0, 25, 21) / 1000, 0]);
  });

  it('has years before Christ and beyond four digits, and infinities', () => {
    expect(read('0001-01-01 BC')[0]).toBe(Date.parse('0000-01-01T00:00:00Z') / 1000);
    expect(read('0044-03-15 00:00:00+00 BC')[0]).toBe(Date.parse('-000043-03-15T00:00:00Z') / 1000);
    expect(read('12026-03-01')[0]).toBe(Date.parse('+012026-03-01T00:00:00Z') / 1000);
    expect(read('275760-09-13 00:00:00+00')[0]).toBe(8.64e12);
    // The last date that Postgres has.
    expect(read('5874897-12-31')[0]).toBe((Date.UTC(2097, 11, 31) / 1000 / 86_400 + (5_872_800 / 400) * 146_097) * 86_400);
    expect([read('infinity')[0], read('-infinity')[0]]).toEqual([Infinity, -Infinity]);
  });

  it.each([
    '',
    '2026',
    '2026-3-1',
    '2026-13-01',
    '2026-02-30',
    '2025-02-29',
    '2026-03-01 25:00:00',
    '2026-03-01 02:60',
    '2026-03-01x02:00:00',
    '2026-03-01 02:00:00.',
    '2026-03-01 02:00:00+',
    '2026-03-01 02:00:00+5',
    '2026-03-01 02:00:00+05:99',
    '2026-03-01 02:00:00 CET',
    '20260301',
    'infinite',
    'now',
  ])('is none in %j', (text) => {
    expect(read(text)[0]).toBeNaN();
  });
});
