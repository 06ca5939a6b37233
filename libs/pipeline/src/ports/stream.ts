import type { Logger, Meter } from '@loadin/observability';
import type { Cursor, CursorKind, Interval } from './cursor.js';
import type { Json, JsonObject } from './json.js';

/** What is known of a stream before its records are read: what it is, and how the work is cut. */
export interface SlicedStream {
  /** `{source}.{data type}`, e.g. `ticketmaster.events`. */
  readonly id: string;
  readonly source: string;
  /** The folder in the lake and the `data_type` of stream records, e.g. `events`. */
  readonly dataType: string;
  readonly readMode: 'full' | 'incremental';
  /**
   * How the records of an incremental stream follow each other: with it their progress lasts from run to run, and each run reads on where the ones before
   * have come to (`PlanContext.since`). Default: none, and every run is planned alike.
   */
  readonly cursor?: RecordOrder;
  /** Streams whose pages of this run this one reads too (through `ReadOptions.landed`), when they are part of the job; they are read first. */
  readonly readsAfter?: readonly string[];
  /**
   * Asks the source what the slices depend on: how far it can be read now, how it is best cut. Called once a run, while the job's lease is held and only when the run has
   * no plan yet; the answer is kept in the plan (JSON, a few KB, nothing secret) and given to `plan`. Reads nothing that is delivered. Throws as `read` does: then there is no
   * plan, and the next attempt asks again.
   */
  survey?(context: PlanContext, options: SurveyOptions): Promise<JsonObject>;
  /**
   * Cuts the work into slices from configuration and what it is given: no call to the source. Ordinals are 0, 1, 2, … (at most 1,000). A stream that has `survey` does
   * without its answer too, as somebody may only want to know what would be read (`loadin plan`).
   */
  plan(context: PlanContext): readonly Slice[];
}

/** One kind of record of one source, as an adapter reads it. The adapter knows the source; it knows neither sinks nor normalized shapes. */
export interface Stream extends SlicedStream {
  readonly cursor?: StreamCursor;
  /**
   * Reads a slice page by page, nothing ahead of what the consumer asks for. Starts after `options.after`, the `position` of the
   * last page that an earlier attempt landed. Throws `FatalError`, `RetryableError` or `StopError`; a page that can't be read is never left out silently.
   */
  read(slice: Slice, options: ReadOptions): AsyncIterable<Page>;
  /** The source's id of a raw record: one id is delivered once in a run. `undefined` when the record has none (it will be rejected). */
  key(raw: Json): string | undefined;
  /** Whether a record that this slice's reads returned belongs to it (partitioned slices overlap at the source). Default: always. */
  belongs?(raw: Json, slice: Slice): Belonging;
}

export interface RecordOrder {
  /** How the parts of a cursor are compared, most significant first. */
  readonly kinds: readonly [CursorKind, ...CursorKind[]];
  /**
   * Each slice gives its records in this order: then one that ends half-way counts up to what was delivered. Otherwise it counts when it is finished. A record that
   * comes out of order all the same is delivered, and its slice is treated as one without order from there on.
   */
  readonly ordered: boolean;
}

export interface StreamCursor extends RecordOrder {
  /**
   * Where a record lies; `undefined` when it does not say: it is delivered and moves nothing. Several records in the same place need `plan` to begin with those at
   * `since`, not after them: more of them can turn up later.
   */
  of(raw: Json): Cursor | undefined;
}

/**
 * `true`: this slice delivers it · `false`: another slice does · `unclaimed`: by itself it belongs to no slice, and the searches of several may
 * return it: the first slice that claims its key in the state store delivers it, in this and in every later attempt of the run. Claims cost
 * a write of the state store for a page group that has such records, so answer it only where the record does not say where it belongs.
 */
export type Belonging = boolean | 'unclaimed';

export interface PlanContext {
  /** The run's scheduled time, ISO 8601 UTC with seconds: windows and horizons are computed from it, never from the clock. */
  readonly scheduledTime: string;
  /** Streams with a cursor: everything before it has been delivered. Absent: nothing has, or everything is to be read again. */
  readonly since?: Cursor;
  /** The run was asked to read everything again. Default false. */
  readonly fullRefresh?: boolean;
  /** What `survey` answered. Absent: the stream has none, or is not asked. */
  readonly survey?: JsonObject;
}

export interface SurveyOptions {
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** A bounded part of a stream: the unit that is read, retried, checkpointed and handed to another machine. */
export interface Slice {
  readonly ordinal: number;
  /** For people: `US`, `search`. */
  readonly name: string;
  /** What the adapter needs to read it, and nothing secret. */
  readonly bounds: JsonObject;
  /**
   * Streams with a cursor: the part of its order that this slice reads. Several slices may read the same part, each of them other records. Where the end is not
   * known (`to: null`) a finished slice counts up to its latest record, if it is ordered, else not at all. Default: from `since` to an end that is not known.
   */
  readonly interval?: Interval;
  /** Milliseconds that it needs at least: with less time left it is not begun. Default: 1.5 times what the slowest slice of its stream took so far. */
  readonly needMs?: number;
}

export interface ReadOptions {
  /** The `position` of the last landed page; `null` at the start of the slice. Never called with the position of a last page (`null` there too). */
  readonly after: Json;
  readonly signal: AbortSignal;
  readonly meter: Meter;
  readonly logger: Logger;
  /** The pages that another stream of this run has landed (empty when it is not part of the job). */
  landed(streamId: string): AsyncIterable<Page>;
}

/** What one read returns. */
export interface Page {
  /** Raw records exactly as received (secrets removed), null entries included. */
  readonly records: readonly Json[];
  /** What `read` needs to go on after this page; `null` when this was the slice's last page. JSON, a few KB at most: it is stored with the page. */
  readonly position: Json;
  /** The request that it answers, without secrets: `GET /discovery/v2/events.json?countryCode=US&page=0`. */
  readonly request: string;
  readonly notes?: readonly Note[];
}

/** Something the reader of the report must know. */
export interface Note {
  /**
   * `truncated`: the source has records that no call can reach (`missing` counts them; it makes the run fail its promise: exit 1) ·
   * `capability`: the credentials don't give something optional · `drift`: the source's totals changed while it was read ·
   * `skipped`: left for a later run on purpose, to save quota; or asked for by name or id, and the source has none
   */
  readonly kind: 'truncated' | 'capability' | 'drift' | 'skipped';
  readonly message: string;
  readonly missing?: number;
}
