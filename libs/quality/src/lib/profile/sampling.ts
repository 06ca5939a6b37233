import { mixed } from '../fields/spread.js';

const ALL_UP_TO = 16_384;

/** Which rows of a load are sampled, by nothing but their ordinal: all of the first 16,384, one of two up to 32,768, one of four up to 65,536 … */
export interface Sampling {
  /** Rows seen so far. */
  row: number;
  /** A sampled row stands for 2^level. */
  level: number;
  sampled: number;
  next: number;
}

export const createSampling = (): Sampling => ({ row: 0, level: 0, sampled: 0, next: 0 });

/** Whether the next row is sampled. Of each group of 2^level rows it is one, scattered, so that no period in the rows is met. */
export function nextIsSampled(sampling: Sampling): boolean {
  const row = sampling.row++;
  if (row >= ALL_UP_TO) {
    if (row === ALL_UP_TO * 2 ** sampling.level) sampling.level++;
    const size = 2 ** sampling.level;
    if (row % size === 0) sampling.next = row + ((mixed(row / size) >>> 0) % size);
    if (row !== sampling.next) return false;
  }
  sampling.sampled++;
  return true;
}
