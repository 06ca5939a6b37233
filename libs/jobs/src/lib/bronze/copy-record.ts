import type { Json } from '@loadin/pipeline';

/** A row of COPY as a dead letter has it. */
export type CopyRecord = (row: string) => Json;

/**
 * The texts that Postgres has printed, each under the name of its column: what the source gave, in a form in which a person can look it up and mend it. A row of another number of
 * fields stays as it is.
 * @param columns names, in the order of the COPY command
 */
export async function copyRecord(columns: readonly string[]): Promise<CopyRecord> {
  const { decodeRow } = await import('./postgres-parts.js');
  return (row) => {
    const bytes = Buffer.from(row);
    const fields = decodeRow({ bytes, count: 1, starts: Int32Array.of(0), ends: Int32Array.of(bytes.length) }, 0);
    return fields.length === columns.length ? Object.fromEntries(columns.map((name, n) => [name, fields[n] ?? null])) : row;
  };
}
