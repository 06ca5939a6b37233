import { compareRanks, rankOf, type CursorKind, type Json, type Rank } from '@loadin/pipeline';
import { textAt, type Path } from './shape.js';

/** A record's cursor: the service's own text, which is what is sent, and what it is compared by. */
export interface TextCursor {
  readonly text: string;
  readonly rank: Rank;
}

/** `undefined` for a record without one, and for one that is not what was declared. */
export function cursorIn(raw: Json, path: Path, as: CursorKind): TextCursor | undefined {
  const text = textAt(raw, path);
  const rank = text === undefined ? undefined : rankOf(as, text);
  return text === undefined || rank === undefined ? undefined : { text, rank };
}

export const compareCursors = (a: TextCursor, b: TextCursor): number => compareRanks(a.rank, b.rank);

/**
 * The cursor next before this one, in the same form: asked for what is later than that, a service gives the records of this one too, whether or not it
 * gives `since` itself again. `undefined` for texts, which have none.
 */
export function cursorBefore(text: string, as: CursorKind): string | undefined {
  if (as === 'time') return timeBefore(text);
  return as === 'number' ? numberBefore(text) : undefined;
}

/** A time so many seconds earlier, in the same form: where that has no seconds, by whole minutes or days, never less. What is no time stays. */
export function timeEarlier(text: string, seconds: number): string {
  const time = written(text);
  return time === undefined ? text : time.earlier(Math.ceil((seconds * 1_000) / time.unitMs) * time.unitMs, time.fraction);
}

/** Less by one of its last digit: a day, a minute, a second, a millionth of one. Its zone stays. */
function timeBefore(text: string): string | undefined {
  const time = written(text);
  if (time === undefined) return undefined;
  const { fraction, unitMs, earlier } = time;
  const borrowed = /^0*$/.test(fraction);
  return earlier(borrowed ? unitMs : 0, borrowed ? '9'.repeat(fraction.length) : String(BigInt(fraction) - 1n).padStart(fraction.length, '0'));
}

interface Written {
  /** Digits. */
  readonly fraction: string;
  /** What its last part before the fraction counts: days, minutes or seconds. */
  readonly unitMs: number;
  /** By whole units, with another fraction. Its zone stays. */
  earlier(ms: number, fraction: string): string;
}

function written(text: string): Written | undefined {
  const [, date, rest = ''] = /^(\d{4}-\d\d-\d\d)(.*)$/.exec(text) ?? [];
  if (date === undefined) return undefined;
  const [, separator = '', time = '', point = '', fraction = '', zone = ''] = /^([T ])(\d\d:\d\d(?::\d\d)?)(?:([.,])(\d+))?(.*)$/i.exec(rest) ?? [];
  const second = Date.parse(`${date}T${time === '' ? '00:00' : time}Z`);
  if (Number.isNaN(second)) return undefined;
  return {
    fraction,
    unitMs: time === '' ? 86_400_000 : time.length === 5 ? 60_000 : 1_000,
    earlier(ms, digits) {
      const moved = new Date(second - ms).toISOString();
      return `${moved.slice(0, 10)}${separator}${time === '' ? '' : moved.slice(11, 11 + time.length)}${point}${digits}${zone}`;
    },
  };
}

function numberBefore(text: string): string | undefined {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const less = BigInt(`${sign}${whole}${fraction}`) - 1n;
  if (fraction === '') return String(less);
  const digits = String(less < 0n ? -less : less).padStart(fraction.length + 1, '0');
  return `${less < 0n ? '-' : ''}${digits.slice(0, -fraction.length)}.${digits.slice(-fraction.length)}`;
}
