import { createRecordingLogger } from '@loadin/testing';
import { decodeRow } from '../copy/decode.js';
import { readSlices, type ReadSlicesOptions } from './read-slices.js';
import { signal } from './tables.fixture.js';
import type { TableRead } from './types.js';

/** What a read in slices has given. */
export interface Sliced {
  /** Fields of all rows. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** 1: it was not cut. */
  readonly slices: number;
  readonly log: readonly string[];
}

export type Slicing = Partial<ReadSlicesOptions> & Pick<ReadSlicesOptions, 'connection'>;

/**
 * Reads all of it, in four slices unless something else is said.
 * @param onRows is told after each block how many rows there are, and awaited
 */
export async function slicesOf(
  read: TableRead,
  options: Slicing,
  onRows: (rows: number) => Promise<unknown> | void = () => undefined,
): Promise<Sliced> {
  const logger = createRecordingLogger();
  const rows: (string | null)[][] = [];
  for await (const block of readSlices(read, { signal, logger, slices: 4, sliceRows: 100, ...options }).blocks) {
    for (let i = 0; i < block.count; i += 1) rows.push(decodeRow(block, i));
    await onRows(rows.length);
  }
  const said = logger.lines.find(({ message }) => message === 'The table is read in slices');
  return { rows, slices: Number(said?.fields['slices'] ?? 1), log: logger.lines.map(({ message }) => message) };
}
