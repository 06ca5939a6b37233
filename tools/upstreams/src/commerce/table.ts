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
  let last: { readonly now: number; readonly rows: readonly Row[] } | undefined;
  const live = (now: number): void => {
    for (let born = bornAt(lives.length); born <= now; born = bornAt(lives.length)) lives.push(lifeOf(lives.length, born));
  };
  return {
    at(now) {
      if (last?.now === now) return last.rows;
      live(now);
      const given = lives.flatMap((life) => life.filter(({ visibleAt }) => visibleAt <= now).at(-1)?.row ?? []);
      const keyOf = (row: Row): string => `${row.updated_at} ${idOf(row)}`; // each table writes its times in one form, whose texts sort as times
      const rows = given.map((row) => ({ key: keyOf(row), row })).sort((a, b) => (a.key < b.key ? -1 : 1));
      last = { now, rows: rows.map(({ row }) => row) };
      return last.rows;
    },
  };
}
