import type { Changing, State, Table } from './types.js';

export interface TableOptions<Row extends Changing> {
  /** When row `i` comes to be, epoch milliseconds; never earlier than row `i - 1`. */
  readonly bornAt: (i: number) => number;
  /** Its life, first state first. */
  readonly lifeOf: (i: number, bornAt: number) => readonly State<Row>[];
  readonly idOf: (row: Row) => string;
}

/** Lives are made when the clock comes to them, and once. */
export function createTable<Row extends Changing>({ bornAt, lifeOf, idOf }: TableOptions<Row>): Table<Row> {
  const lives: (readonly State<Row>[])[] = [];
  /** What was given last, and the instants for which that is the same. */
  let last: { readonly from: number; readonly until: number; readonly rows: readonly Row[] } | undefined;
  const live = (now: number): number => {
    let born = bornAt(lives.length);
    for (; born <= now; born = bornAt(lives.length)) lives.push(lifeOf(lives.length, born));
    return born;
  };
  return {
    at(now) {
      if (last !== undefined && now >= last.from && now < last.until) return last.rows;
      let until = live(now);
      const given: { readonly key: string; readonly row: Row }[] = [];
      for (const life of lives) {
        let seen: Row | undefined;
        for (const { visibleAt, row } of life) {
          if (visibleAt <= now) seen = row;
          else until = Math.min(until, visibleAt);
        }
        // Each table writes its times in one form, whose texts sort as times.
        if (seen !== undefined) given.push({ key: `${seen.updated_at} ${idOf(seen)}`, row: seen });
      }
      const rows = given.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ row }) => row);
      last = { from: now, until, rows };
      return rows;
    },
  };
}
