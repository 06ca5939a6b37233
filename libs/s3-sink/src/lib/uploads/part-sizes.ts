import { FatalError } from '@loadin/resilience';

/** "Amazon S3 multipart upload limits", Amazon S3 User Guide. */
export const MIN_PART_BYTES = 5 * 1024 ** 2;
export const MAX_PARTS = 10_000;
const MAX_PART_BYTES = 5 * 1024 ** 3;
/** What an object may hold at the least of all S3's regions and imitations. */
export const MAX_OBJECT_BYTES = 5 * 1024 ** 4;
/** So many parts have one size; then it doubles. That is enough for 5 TiB from 5 MiB on, and an object below 7 GiB never leaves 8 MiB. */
const PARTS_OF_ONE_SIZE = 900;
const MEBIBYTE = 1024 ** 2;

export interface PartSizes {
  /** Bytes of the part with this number, counted from 1, unless it is the last. */
  of(number: number): number;
}

/** Sizes with which any object up to 5 TiB needs at most 10,000 parts. Throws `FatalError` for a part size that S3 refuses. */
export function partSizes(partBytes: number, expectedBytes = 0): PartSizes {
  if (!Number.isInteger(partBytes) || partBytes < MIN_PART_BYTES || partBytes > MAX_PART_BYTES)
    throw new FatalError(`A part of an upload has 5 MiB to 5 GiB; partBytes is ${partBytes}`, { hint: 'Leave it away for 8 MiB.' });
  const forExpected = Math.ceil(Math.min(expectedBytes, MAX_OBJECT_BYTES) / MAX_PARTS / MEBIBYTE) * MEBIBYTE;
  const first = Math.max(partBytes, forExpected);
  return { of: (number) => Math.min(first * 2 ** Math.floor((number - 1) / PARTS_OF_ONE_SIZE), MAX_PART_BYTES) };
}
