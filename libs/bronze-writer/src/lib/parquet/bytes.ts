/** Bytes that grow at the end; `bytes` is replaced when it grows, so take it anew after every `reserve`. */
export interface Bytes {
  bytes: Uint8Array;
  length: number;
}

export const newBytes = (capacity = 1024): Bytes => ({ bytes: new Uint8Array(capacity), length: 0 });

/** Makes room for `extra` more bytes, at least doubling. */
export function reserve(out: Bytes, extra: number): void {
  const needed = out.length + extra;
  if (needed > out.bytes.length) out.bytes = enlarged(out.bytes, needed);
}

export function enlarged(bytes: Uint8Array, needed: number): Uint8Array {
  const larger = new Uint8Array(Math.max(needed, bytes.length * 2, 64));
  larger.set(bytes);
  return larger;
}

export function appendByte(out: Bytes, byte: number): void {
  if (out.length === out.bytes.length) reserve(out, 1);
  out.bytes[out.length++] = byte;
}

export function appendBytes(out: Bytes, bytes: Uint8Array): void {
  reserve(out, bytes.length);
  out.bytes.set(bytes, out.length);
  out.length += bytes.length;
}

/** Little-endian, as all of Parquet is. */
export function appendUint32(out: Bytes, value: number): void {
  reserve(out, 4);
  setUint32(out.bytes, out.length, value);
  out.length += 4;
}

export function setUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

export function getUint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0;
}

/** ULEB128 of a whole number up to 2^53. */
export function appendVarint(out: Bytes, value: number): void {
  while (value >= 0x80) {
    appendByte(out, (value % 0x80) | 0x80);
    value = Math.floor(value / 0x80);
  }
  appendByte(out, value);
}

/** Gives the whole memory below these bytes back, which are of no use any more: else it would be there until the next collection of garbage, beside what comes next. */
export function freeMemory(bytes: Uint8Array): void {
  const buffer = bytes.buffer as ArrayBuffer & { transfer?(bytes: number): ArrayBuffer };
  // Node 21 and later.
  buffer.transfer?.(0);
}

/** The same for many, where Node does not keep the memory for small ones together. */
export function freeAll(pieces: readonly Uint8Array[]): void {
  // Those that share one are free with the first of them.
  for (const piece of pieces) if (piece.buffer.byteLength > Buffer.poolSize) freeMemory(piece);
}

/** A copy of what is there, so that the memory can be used again. */
export const copyOf = (out: Bytes): Uint8Array => out.bytes.slice(0, out.length);

export const viewOf = (out: Bytes): Uint8Array => out.bytes.subarray(0, out.length);

/** Below, equal or above zero, byte by byte without sign. */
export function compareBytes(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
  const common = Math.min(aEnd - aStart, bEnd - bStart);
  for (let n = 0; n < common; n++) {
    const difference = (a[aStart + n] ?? 0) - (b[bStart + n] ?? 0);
    if (difference !== 0) return difference;
  }
  return aEnd - aStart - (bEnd - bStart);
}
