import type { Json, JsonObject } from './json.js';

/** A raw record to its normalized shape, or the reasons why not. Pure: the same input gives the same output, byte for byte. */
export type Transform = (raw: Json) => Parsed;

export type Parsed =
  { readonly ok: true; readonly id: string; readonly record: JsonObject } | { readonly ok: false; readonly reasons: readonly RejectionReason[] };

export interface RejectionReason {
  /** Where in the raw record: `dates.start.dateTime`; empty for the record itself. */
  readonly path: string;
  readonly message: string;
}
