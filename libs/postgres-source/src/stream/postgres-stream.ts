import type { Clock, Cursor, Json, JsonObject, PlanContext, Slice, Stream } from '@loadin/pipeline';
import type { TableName } from '../catalogue/describe.js';
import type { PostgresOptions } from '../connection/types.js';
import type { Range, TableRead } from '../read/types.js';
import { isoTime } from '../read/upper-bound.js';
import { readPages, type Bounds } from './read-pages.js';
import { surveyTable, type Survey } from './survey.js';

export interface PostgresStreamOptions extends PostgresOptions {
  readonly table: TableName;
  /** The stream is called `postgres.{name}`, its folder in the lake `{name}`. Default: the table's name. */
  readonly name?: string;
  /** Columns whose values together name a record. Needed here, where nothing is asked of the source: `discoverTables` finds them. */
  readonly key: readonly [string, ...string[]];
  /** Column that tells changes. Default: none, and every run reads the table in full. */
  readonly cursor?: string;
  /** What the cursor is: `time` (timestamps, dates) or `number`. Default `time`. */
  readonly cursorKind?: 'time' | 'number';
  /** As `TableRead`'s. Default: all columns; 10 minutes for times; UTC; rows that the cursor can't place are read each time. */
  readonly columns?: readonly string[];
  readonly lookBack?: number;
  readonly timeZone?: string;
  readonly unplaced?: boolean;
  /** At most so many slices, when the run makes a survey. Default 1. */
  readonly slices?: number;
  /** Rows of a page, and bytes of COPY text after which it is full earlier. Default 1,000 and 4 MiB. */
  readonly pageRows?: number;
  readonly pageBytes?: number;
  /** How often in a row, without a row between, the connection may be lost before a read fails. Default 5. */
  readonly reconnects?: number;
  /** For the waits between. Default: the system's. */
  readonly clock?: Clock;
}

/** A stream whose slices can be planned better after a question to the source. */
export interface PostgresStream extends Stream {
  /** To be asked once a run, before its plan is written: the answer belongs into the plan. */
  survey(context: PlanContext, signal?: AbortSignal): Promise<Survey>;
  /** Without a survey: one slice, whose upper bound is found when its reading begins. */
  plan(context: PlanContext & { readonly survey?: Survey }): readonly Slice[];
}

export function createPostgresStream(options: PostgresStreamOptions): PostgresStream {
  const { table, key, cursor, cursorKind = 'time' } = options;
  const name = options.name ?? (typeof table === 'string' ? table.slice(table.indexOf('.') + 1) : table.name);
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
    survey: (context, signal) =>
      surveyTable(
        { ...readOf({ runStart: context.scheduledTime, from: sinceOf(context) }), table },
        { ...options, ...defined({ signal, slices: options.slices }), runStart: context.scheduledTime },
      ),
    plan(context) {
      const { survey, scheduledTime: runStart, since } = context;
      const common = defined({ runStart, from: sinceOf(context), below: survey?.below, notes: survey?.notes });
      return (survey?.ranges ?? [{ from: null, below: null }]).map((range, ordinal, { length }) => ({
        ordinal,
        name: length === 1 ? name : `${name} ${ordinal + 1} of ${length}`,
        bounds: { ...common, ...(length === 1 ? {} : { range }) } as unknown as JsonObject,
        ...(cursor === undefined ? {} : { interval: intervalOf(range, since ?? null) }),
      }));
    },
    read: (slice, reading) => readPages(readOf(slice.bounds as unknown as Bounds), slice, reading, options),
  };
}

/** Ranges of a cursor have one value each. Where the end is not known, that is the slice's latest record. */
function intervalOf(range: Range, since: Cursor | null): NonNullable<Slice['interval']> {
  const edge = (bound: readonly string[]): Cursor => [isoTime(bound[0] ?? '')];
  return { from: range.from === null ? since : edge(range.from), to: range.below === null ? null : edge(range.below) };
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
  if (values.includes(undefined)) return undefined;
  return values.length === 1 && values[0] !== '' ? values[0] : JSON.stringify(values);
}

function fieldOf(raw: Json, column: string): string | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw) || !Object.hasOwn(raw, column)) return undefined;
  const value = (raw as JsonObject)[column];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** Without members that are undefined: plans are JSON. */
function defined<T extends object>(value: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> };
}
