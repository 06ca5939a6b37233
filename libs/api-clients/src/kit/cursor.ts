import type { Json } from '@loadin/pipeline';
import type { SincePaging } from './paging-kinds.js';
import { textAt, type Path } from './shape.js';

/** A record's cursor: the service's own text, which is what is sent, and what it is compared by. */
export interface Cursor {
  readonly text: string;
  readonly order: readonly (number | string | bigint)[];
}

/** `undefined` for a record without one, and for one that is not what was declared. */
export function cursorIn(raw: Json, path: Path, as: SincePaging['as']): Cursor | undefined {
  const text = textAt(raw, path);
  const order = text === undefined ? undefined : orders[as](text);
  return text === undefined || order === undefined ? undefined : { text, order };
}

export function compareCursors(a: Cursor, b: Cursor): number {
  for (const [i, one] of a.order.entries()) {
    const other = b.order[i] ?? one;
    if (one < other) return -1;
    if (one > other) return 1;
  }
  return 0;
}

const orders: Record<SincePaging['as'], (text: string) => Cursor['order'] | undefined> = {
  time: instantOf,
  number: (text) => (/^-?\d+$/.test(text) ? [BigInt(text)] : Number.isNaN(Number(text)) ? undefined : [Number(text)]),
  text: (text) => [text],
};

/** Seconds and their fraction, however many digits that has: `Date` knows only three of them. */
function instantOf(text: string): Cursor['order'] | undefined {
  const [, date, time = '00:00:00', fraction = '', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i.exec(text) ?? [];
  if (date === undefined) return undefined;
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  const seconds = Date.parse(`${date}T${time}${offset.toUpperCase()}`);
  return Number.isNaN(seconds) ? undefined : [seconds, fraction.replace(/0+$/, '')];
}
