import { appendByte, appendVarint, reserve, type Bytes } from './bytes.js';

/** Bits for whole numbers from 0 to `max`. */
export const bitWidth = (max: number): number => 32 - Math.clz32(max);

/** Equal neighbours from which a run is shorter than their bits. */
const LEAST_RUN = 8;

/** Parquet's hybrid of runs and bit-packed groups of eight (Encodings.md, RLE = 3), without a length before it. */
export function appendHybrid(out: Bytes, values: Uint8Array | Uint32Array, start: number, end: number, width: number): void {
  let at = start;
  while (at < end) {
    const run = runLength(values, at, end);
    if (run >= LEAST_RUN) {
      appendRun(out, values[at] ?? 0, run, width);
      at += run;
      continue;
    }
    const from = at;
    while (at < end && runLength(values, at, Math.min(end, at + LEAST_RUN)) < LEAST_RUN) at += 8;
    appendPacked(out, values, from, at, end, width);
  }
}

function runLength(values: Uint8Array | Uint32Array, start: number, end: number): number {
  const value = values[start];
  let at = start + 1;
  while (at < end && values[at] === value) at++;
  return at - start;
}

function appendRun(out: Bytes, value: number, length: number, width: number): void {
  appendVarint(out, length * 2);
  for (let bits = 0; bits < width; bits += 8) appendByte(out, value >>> bits);
}

/** Whole groups: what is missing in the last one, after `end`, is zeros. */
function appendPacked(out: Bytes, values: Uint8Array | Uint32Array, from: number, to: number, end: number, width: number): void {
  const groups = (to - from) / 8;
  appendVarint(out, groups * 2 + 1);
  reserve(out, groups * width);
  const bytes = out.bytes;
  let { length } = out;
  let [bits, filled] = [0, 0];
  for (let at = from; at < to; at++) {
    const value = at < end ? (values[at] ?? 0) : 0;
    // Up to 7 bits wait; a value above 24 bits would not fit a 32-bit word beside them.
    for (let done = 0; done < width; done += 8) {
      const take = Math.min(8, width - done);
      bits |= ((value >>> done) & ((1 << take) - 1)) << filled;
      filled += take;
      if (filled >= 8) {
        bytes[length++] = bits;
        bits >>>= 8;
        filled -= 8;
      }
    }
  }
  out.length = length;
}
