import type { Reason } from '../types.js';
import { readInstant, readLocalDate, readLocalTime } from './time.js';

const read = (reader: typeof readInstant, value: unknown) => {
  const reasons: Reason[] = [];
  const result = reader(reasons, 'at', value);
  return reasons.length > 0 ? 'refused' : result;
};

describe('readInstant', () => {
  it.each([
    ['2026-05-03T17:00:00Z', '2026-05-03T17:00:00Z'],
    ['2026-05-03T17:00:00.250Z', '2026-05-03T17:00:00.250Z'],
    ['2026-05-03T17:00:00.123456Z', '2026-05-03T17:00:00.123456Z'],
    ['2026-05-03T17:00Z', '2026-05-03T17:00:00Z'],
    ['2026-05-03T19:00:00+02:00', '2026-05-03T17:00:00Z'],
    ['2026-05-03T19:00:00+0200', '2026-05-03T17:00:00Z'],
    ['2026-12-31T23:00:00.5-05:00', '2027-01-01T04:00:00.5Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
  ])('writes %s as %s', (text, expected) => expect(read(readInstant, text)).toBe(expected));

  it.each([
    '2026-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-02-31T00:00:00+02:00',
    '2026-05-03T24:00:00Z',
    '2026-05-03T23:60:00Z',
    '2026-05-03T23:59:60Z',
    '2026-05-03T17:00:00',
    '2026-05-03T17:00:00+99:00',
    '0000-01-01T00:00:00+05:00',
    '2026-05-03',
    'soon',
    1777820400000,
  ])('refuses %s', (text) => expect(read(readInstant, text)).toBe('refused'));

  it.each([null, undefined, '', '  '])('takes %p for unknown', (value) => expect(read(readInstant, value)).toBeNull());
});

describe('readLocalDate', () => {
  it.each(['2026-05-03', '2024-02-29', '2000-02-29'])('keeps %s', (text) => expect(read(readLocalDate, text)).toBe(text));
  it.each(['2026-02-29', '2026-00-10', '2026-5-3', '03.05.2026'])('refuses %s', (text) => expect(read(readLocalDate, text)).toBe('refused'));
});

describe('readLocalTime', () => {
  it.each([
    ['19:30:00', '19:30:00'],
    ['19:30', '19:30:00'],
    ['00:00:00', '00:00:00'],
  ])('writes %s as %s', (text, expected) => expect(read(readLocalTime, text)).toBe(expected));
  it.each(['24:00:00', '7 pm', '19:60'])('refuses %s', (text) => expect(read(readLocalTime, text)).toBe('refused'));
});
