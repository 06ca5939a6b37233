/**
 * Rows in COPY's text format, as the server sent them: row `i` is `bytes` from `starts[i]` up to `ends[i]`, where its newline stands. Fields are separated by tabs;
 * `\N` is null; backslash, tab, newline and four other characters within a field are written with a backslash (PostgreSQL documentation, COPY, text format).
 * Blocks stay as they are: nothing writes into them again. Keeping one keeps all its bytes.
 */
export interface RowBlock {
  readonly bytes: Buffer;
  /** Rows in it, at least 1. */
  readonly count: number;
  /** At least `count` long. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}
