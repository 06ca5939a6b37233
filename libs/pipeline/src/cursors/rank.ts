import type { CursorKind } from '../ports/cursor.js';

/** What a part of a cursor is compared by, element by element. */
export type Rank = readonly (number | string)[];

/** `undefined` for a text that is not of this kind. */
export function rankOf(kind: CursorKind, text: string): Rank | undefined {
  return RANKS[kind](text);
}

export function compareRanks(a: Rank, b: Rank): number {
  for (let i = 0; i < a.length && i < b.length; i += 1) {
    const [one, other] = [a[i], b[i]];
    if (one === other) continue;
    if (typeof one === 'string' && typeof other === 'string') return compareText(one, other);
    return (one as number) < (other as number) ? -1 : 1;
  }
  return a.length - b.length;
}

const RANKS: Record<CursorKind, (text: string) => Rank | undefined> = {
  time: instantOf,
  number: decimalOf,
  text: (text) => (text === '' ? undefined : [text]),
};

/** Whole seconds and their fraction, however many digits that has: `Date` knows only three of them. */
function instantOf(text: string): Rank | undefined {
  const [, date, time = '00:00:00', fraction = '', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i.exec(text) ?? [];
  if (date === undefined) return undefined;
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  const second = Date.parse(`${date}T${time}${offset.toUpperCase()}`);
  return Number.isNaN(second) ? undefined : [second, fraction.replace(/0+$/, '')];
}

/** A time in one form, UTC with all its digits: `2024-01-15T10:30:00.123456Z`; `undefined` when it is none. */
export function utcText(text: string): string | undefined {
  const [second, fraction] = instantOf(text) ?? [];
  if (typeof second !== 'number') return undefined;
  return `${new Date(second).toISOString().slice(0, -'.000Z'.length)}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** Larger exponents than these are no counters and no amounts. */
const LARGEST_EXPONENT = 100_000;

/** Sign, number of digits before the point, digits: exact, as no floating-point number is. */
function decimalOf(text: string): Rank | undefined {
  const [, sign, whole = '', fraction = '', power = '0'] = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const exponent = Number(power);
  if (sign === undefined || Math.abs(exponent) > LARGEST_EXPONENT) return undefined;
  const all = `${whole}${fraction}`;
  const digits = all.replace(/^0+/, '').replace(/0+$/, '');
  if (digits === '') return [0];
  const size = whole.length + exponent - (all.length - all.replace(/^0+/, '').length);
  // Below zero the order is the other way round: of size and, by its complement, of each digit; the end of the digits comes last.
  return sign === '-' ? [-1, -size, `${digits.replace(/\d/g, (digit) => String(9 - Number(digit)))}~`] : [1, size, digits];
}

/** By code point. JavaScript compares by UTF-16 unit, which puts what lies beyond U+FFFF before U+E000. */
function compareText(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i += 1) {
    const [one, other] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (one !== other) return inCodePointOrder(one) - inCodePointOrder(other);
  }
  return a.length - b.length;
}

/** Moves surrogates behind all other units. */
const inCodePointOrder = (unit: number): number => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit);
