import { mixed } from '../fields/spread.js';

const ALL_UP_TO = 8_192;

/** Which rows of a load are sampled, by nothing but their ordinal: all of the first 8,192, one of two up to 16,384, one of four up to 32,768 … */
export interface Sampling {
  /** Rows seen so far. */
  row: number;
  /** A sampled row stands for 2^level. */
  level: number;
  sampled: number;
  /** Where the next group begins, and its sampled row. */
  group: number;
  next: number;
  /** Where groups become twice as large. */
  doubles: number;
}

export const createSampling = (): Sampling => ({ row: 0, level: 0, sampled: 0, group: 0, next: 0, doubles: ALL_UP_TO });

/** Whether the next row is sampled. Of each group of 2^level rows it is one, scattered, so that no period in the rows is met. */
export function nextIsSampled(sampling: Sampling): boolean {
  const row = sampling.row++;
  if (row >= ALL_UP_TO) {
    if (row === sampling.doubles) {
      sampling.level++;
      sampling.doubles *= 2;
      sampling.group = row;
    }
    if (row === sampling.group) {
      const size = 2 ** sampling.level;
      sampling.next = row + ((mixed(row / size) >>> 0) % size);
      sampling.group += size;
    }
    if (row !== sampling.next) return false;
  }
  sampling.sampled++;
  return true;
}
