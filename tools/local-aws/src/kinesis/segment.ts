import { open, rm, truncate, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { append } from '../disk-space.js';

/** A record to be written. `data` is base64, as the request brought it. */
export interface LogRecord {
  readonly partitionKey: string;
  readonly data: string;
}

export interface StoredRecord extends LogRecord {
  readonly place: number;
  /** Epoch milliseconds. */
  readonly arrival: number;
  /** Bytes of data and partition key. */
  readonly size: number;
}

/** One file of a shard's log and, in memory, where each of its records lies and when it came (12 bytes a record; the data stay on disk). */
export interface Segment {
  /** Place of its first record. */
  readonly first: number;
  next(): number;
  size(): number;
  lastArrival(): number;
  /** @throws what the file system throws (a full disk); the file is then as it was before. */
  append(records: readonly LogRecord[], arrival: number): Promise<void>;
  read(place: number, count: number, bytes: number, atLeastOne: boolean): Promise<StoredRecord[]>;
  firstSince(horizon: number): number;
  arrivalOf(place: number): number | undefined;
  stopWriting(): Promise<void>;
  remove(): Promise<void>;
}

/** Layout of a record: total length, length of the key (4 bytes each), arrival (8 bytes), key, data. */
const HEADER = 16;

export const recordSize = ({ partitionKey, data }: LogRecord): number => HEADER + Buffer.byteLength(partitionKey) + Buffer.byteLength(data, 'base64');

export const createSegment = async (folder: string, first: number): Promise<Segment> => {
  const path = join(folder, `${String(first).padStart(16, '0')}.log`);
  return segment(path, first, emptyIndex(), 0, await open(path, 'a'));
};

/** Reads the headers of a file that exists; a torn record at its end (killed while writing) was never acknowledged and is cut off. */
export async function openSegment(path: string, first: number): Promise<Segment> {
  const index = emptyIndex();
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const end = await scan(file, size, index);
    if (end < size) await truncate(path, end);
    return segment(path, first, index, end);
  } finally {
    await file.close();
  }
}

interface Index {
  count: number;
  offsets: Uint32Array;
  arrivals: Float64Array;
}

const emptyIndex = (): Index => ({ count: 0, offsets: new Uint32Array(64), arrivals: new Float64Array(64) });

function addTo(index: Index, offset: number, arrival: number): void {
  if (index.count === index.offsets.length) {
    const grown = { offsets: new Uint32Array(index.count * 2), arrivals: new Float64Array(index.count * 2) };
    grown.offsets.set(index.offsets);
    grown.arrivals.set(index.arrivals);
    Object.assign(index, grown);
  }
  index.offsets[index.count] = offset;
  index.arrivals[index.count] = arrival;
  index.count += 1;
}

async function scan(file: FileHandle, size: number, index: Index): Promise<number> {
  const chunk = Buffer.allocUnsafe(Math.min(size, 1024 * 1024));
  let offset = 0;
  while (offset + HEADER <= size) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, offset);
    let at = 0;
    while (at + HEADER <= bytesRead) {
      const length = chunk.readUInt32LE(at);
      if (offset + at + length > size) return offset + at;
      addTo(index, offset + at, chunk.readDoubleLE(at + 8));
      at += length;
    }
    offset += at;
  }
  return offset;
}

function encode(records: readonly LogRecord[], arrival: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const { partitionKey, data } of records) {
    const keyLength = buffer.write(partitionKey, at + HEADER);
    const dataLength = buffer.write(data, at + HEADER + keyLength, 'base64');
    buffer.writeUInt32LE(HEADER + keyLength + dataLength, at);
    buffer.writeUInt32LE(keyLength, at + 4);
    buffer.writeDoubleLE(arrival, at + 8);
    at += HEADER + keyLength + dataLength;
  }
  return buffer.subarray(0, at);
}

function segment(path: string, first: number, index: Index, initialSize: number, writer?: FileHandle): Segment {
  let size = initialSize;
  let file = writer;
  let torn = false;
  // A full disk may leave half a record behind: nothing is written before it is cut off.
  const write = async (writer: FileHandle, buffer: Buffer): Promise<void> => {
    if (torn) await truncate(path, size);
    torn = true;
    try {
      await append(writer, path, buffer);
    } catch (error) {
      await truncate(path, size);
      torn = false;
      throw error;
    }
    torn = false;
  };
  const endOf = (i: number): number => (i + 1 < index.count ? (index.offsets[i + 1] ?? size) : size);
  return {
    first,
    next: () => first + index.count,
    size: () => size,
    lastArrival: () => (index.count === 0 ? 0 : (index.arrivals[index.count - 1] ?? 0)),
    async append(records, arrival) {
      const buffer = encode(
        records,
        arrival,
        records.reduce((sum, record) => sum + recordSize(record), 0),
      );
      file ??= await open(path, 'a');
      await write(file, buffer);
      for (let at = 0; at < buffer.length; at += buffer.readUInt32LE(at)) addTo(index, size + at, arrival);
      size += buffer.length;
    },
    async read(place, count, bytes, atLeastOne) {
      const from = place - first;
      let to = from;
      for (let left = bytes; to < index.count && to - from < count; to++) {
        left -= endOf(to) - (index.offsets[to] ?? 0) - HEADER;
        if (left < 0 && !(atLeastOne && to === from)) break;
      }
      if (to <= from) return [];
      return readRecords(path, index.offsets[from] ?? 0, endOf(to - 1), place);
    },
    firstSince(horizon) {
      let low = 0;
      for (let high = index.count; low < high;) {
        const middle = (low + high) >>> 1;
        if ((index.arrivals[middle] ?? 0) < horizon) low = middle + 1;
        else high = middle;
      }
      return first + low;
    },
    arrivalOf: (place) => (place < first + index.count ? index.arrivals[place - first] : undefined),
    async stopWriting() {
      await file?.close();
      file = undefined;
    },
    async remove() {
      await this.stopWriting();
      await rm(path, { force: true });
    },
  };
}

async function readRecords(path: string, from: number, to: number, firstPlace: number): Promise<StoredRecord[]> {
  const buffer = Buffer.allocUnsafe(to - from);
  const file = await open(path, 'r');
  try {
    await file.read(buffer, 0, buffer.length, from);
  } finally {
    await file.close();
  }
  const records: StoredRecord[] = [];
  for (let at = 0; at < buffer.length;) {
    const end = at + buffer.readUInt32LE(at);
    const dataAt = at + HEADER + buffer.readUInt32LE(at + 4);
    records.push({
      place: firstPlace + records.length,
      arrival: buffer.readDoubleLE(at + 8),
      size: end - at - HEADER,
      partitionKey: buffer.toString('utf8', at + HEADER, dataAt),
      data: buffer.toString('base64', dataAt, end),
    });
    at = end;
  }
  return records;
}
