import { cursorOrder, FatalError, type Cursor, type CursorKind, type Json, type JsonObject } from '@loadin/pipeline';
import type { PlanContext, Slice, Stream } from '@loadin/pipeline';
import { defined } from '@loadin/resilience';
import type { TableName } from '../catalogue/describe.js';
import { patiently, type PatienceOptions } from '../connection/patience.js';
import type { PostgresOptions } from '../connection/types.js';
import type { Range, TableRead } from '../read/types.js';
import { isoTime } from '../read/upper-bound.js';
import { readPages, type Bounds } from './read-pages.js';
import { surveyTable, type Survey } from './survey.js';

export interface PostgresStreamOptions extends PostgresOptions, PatienceOptions {
  readonly table: TableName;
  /** The stream is called `postgres.{name}`, its folder in the lake `{name}`: lower-case letters, digits, underscores. Default: the table's name, when it is such a one. */
  readonly name?: string;
  /**
   * Columns whose values together name a record. Needed here, where nothing is asked of the source: `discoverTables` finds them. None, of a table that has no key: its records
   * have no id, and it can be read in full alone, from its beginning again after a lost connection.
   */
  readonly key: readonly string[];
  /** Column that tells changes. Default: none, and every run reads the table in full. */
  readonly cursor?: string;
  /** What the cursor is: `time` (timestamps, dates) or `number`. Default `time`. */
  readonly cursorKind?: 'time' | 'number';
  /** As `TableRead`'s. Default: all columns; 10 minutes for times; UTC; rows that the cursor can't place are read each time. */
  readonly columns?: readonly string[];
  readonly lookBack?: number;
  readonly timeZone?: string;
  readonly unplaced?: boolean;
  /** At most so many slices. Default 1: one state of the table. */
  readonly slices?: number;
  /** A slice has at least about so many rows. Default 100,000: less is read faster than it is cut. */
  readonly sliceRows?: number;
  /** Rows of a page, and bytes of COPY text after which it is full earlier. Default 1,000 and 4 MiB. */
  readonly pageRows?: number;
  readonly pageBytes?: number;
}

/** Its survey fixes the upper bound and cuts the table; without its answer there is one slice, whose upper bound is found when its reading begins. */
export type PostgresStream = Stream & Required<Pick<Stream, 'survey'>>;

/** Throws `FatalError` for a name that is no folder. */
export function createPostgresStream(options: PostgresStreamOptions): PostgresStream {
  const { table, key, cursor, cursorKind = 'time' } = options;
  const name = options.name ?? (typeof table === 'string' ? table.slice(table.indexOf('.') + 1) : table.name);
  if (!/^[a-z][a-z0-9_]*$/.test(name)) {
    const where = typeof table === 'string' ? table : `${table.schema}.${table.name}`;
    throw new FatalError(`${where}: ${JSON.stringify(name)} can't be the name of a stream and its folder`, {
      where,
      hint: 'Give a name of lower-case letters, digits and underscores.',
    });
  }
  const readOf = ({ from, below, range }: Bounds): Omit<TableRead, 'table'> => ({
    key,
    ...defined({
      columns: options.columns,
      cursor,
      from,
      below,
      range,
      lookBack: options.lookBack,
      timeZone: options.timeZone,
      unplaced: options.unplaced,
    }),
  });
  const sinceOf = ({ since }: PlanContext): string | undefined => (cursor === undefined ? undefined : since?.[0]);
  return {
    id: `postgres.${name}`,
    source: 'postgres',
    dataType: name,
    readMode: cursor === undefined ? 'full' : 'incremental',
    ...(cursor === undefined ? {} : { cursor: { kinds: [cursorKind], ordered: true, of: (raw: Json) => cursorOf(raw, cursor) } }),
    key: (raw) => keyOf(raw, key),
    async survey(context, { signal, logger }) {
      const { scheduledTime: runStart } = context;
      const { slices, sliceRows: minRows } = options;
      const read = { ...readOf({ runStart, from: sinceOf(context) }), table };
      const ask = (): Promise<Survey> => surveyTable(read, { ...options, logger, signal, runStart, ...defined({ slices, minRows }) });
      return (await patiently(ask, { ...options, signal, logger, table: name })) as unknown as JsonObject;
    },
    plan(context) {
      const { scheduledTime: runStart, since } = context;
      const survey = context.survey as unknown as Survey | undefined;
      const ranges = survey?.ranges ?? [{ from: null, below: null }];
      const common = defined({ runStart, from: sinceOf(context), below: survey?.below, notes: survey?.notes });
      return (cursor === undefined ? ranges : rangesAfter(ranges, since, cursorKind)).map((range, ordinal, { length }) => ({
        ordinal,
        name: length === 1 ? name : `${name} ${ordinal + 1} of ${length}`,
        bounds: { ...common, ...(length === 1 ? {} : { range }) } as unknown as JsonObject,
        ...(cursor === undefined ? {} : { interval: intervalOf(range, since ?? null) }),
      }));
    },
    read: (slice, reading) => readPages(readOf(slice.bounds as unknown as Bounds), slice, reading, options),
  };
}

/**
 * Slices of a cursor begin behind `since`: what is read again before it, and rows without a place, belong to the first one, which the checkpoint waits for. Nor do they
 * begin where no cursor can be: at NaN, and at years before 1 or after 9999.
 */
function rangesAfter(ranges: readonly Range[], since: Cursor | undefined, kind: CursorKind): readonly Range[] {
  const order = cursorOrder([kind]);
  const bounds = ranges
    .flatMap(({ from }) => (from === null ? [] : [from]))
    .filter((bound) => {
      const edge = edgeOf(bound);
      return order.isCursor(edge) && (since === undefined || order.compare(edge, since) > 0);
    });
  return [null, ...bounds].map((from, index) => ({ from, below: bounds[index] ?? null }));
}

const edgeOf = (bound: readonly string[]): Cursor => [isoTime(bound[0] ?? '')];

/** Ranges of a cursor have one value each. Where the end is not known, that is the slice's latest record. */
function intervalOf(range: Range, since: Cursor | null): NonNullable<Slice['interval']> {
  return { from: range.from === null ? since : edgeOf(range.from), to: range.below === null ? null : edgeOf(range.below) };
}

/** A record's cursor in ISO 8601, or as decimal digits; `undefined` for one that is null or infinite. */
function cursorOf(raw: Json, column: string): Cursor | undefined {
  const value = fieldOf(raw, column);
  if (value === undefined || /infinity|nan/i.test(value)) return undefined;
  return [isoTime(value)];
}

/** One column's text; of several a JSON array. */
function keyOf(raw: Json, key: readonly string[]): string | undefined {
  const values = key.map((column) => fieldOf(raw, column));
  if (values.length === 0 || values.includes(undefined)) return undefined;
  return values.length === 1 && values[0] !== '' ? values[0] : JSON.stringify(values);
}

function fieldOf(raw: Json, column: string): string | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw) || !Object.hasOwn(raw, column)) return undefined;
  const value = (raw as JsonObject)[column];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
