import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createSegment, openSegment, recordSize, type LogRecord, type Segment, type StoredRecord } from './segment.js';

/** The records of one shard, on disk, in order. A record's place is its number in the shard, from 1. */
export interface ShardLog {
  /** Writes the records one after the other and gives the place of the first. What it resolved for survives `kill -9`. */
  append(records: readonly LogRecord[], now: number): Promise<number>;
  /** From `place` on, at most `count` records and `bytes` bytes of data and keys (one record at least). */
  read(place: number, count: number, bytes: number): Promise<StoredRecord[]>;
  /** The place that the next record gets. */
  next(): number;
  /** The first place that is still kept and arrived at or after `horizon`; `next()` when there is none. */
  firstSince(horizon: number): number;
  /** When the record at a place arrived; undefined when it isn't there. */
  arrivalOf(place: number): number | undefined;
  /** Deletes the files of which every record arrived before `horizon`. */
  trim(horizon: number): Promise<void>;
  /** Resolves when everything appended before is written. */
  flushed(): Promise<unknown>;
  close(): Promise<void>;
}

/** A file is started anew beyond this size: what is past retention is deleted file by file. */
const SEGMENT_BYTES = 32 * 1024 * 1024;

interface Pending {
  readonly records: readonly LogRecord[];
  readonly now: number;
  resolve(first: number): void;
  reject(error: unknown): void;
}

export async function openShardLog(folder: string): Promise<ShardLog> {
  const segments = await openSegments(folder);
  let pending: Pending[] = [];
  let writing: Promise<void> | undefined;

  const next = (): number => segments.at(-1)?.next() ?? 1;
  const lastArrival = (): number => segments.at(-1)?.lastArrival() ?? 0;

  const segmentFor = async (bytes: number): Promise<Segment> => {
    const last = segments.at(-1);
    if (last && (last.size() === 0 || last.size() + bytes <= SEGMENT_BYTES)) return last;
    if (!last) await mkdir(folder, { recursive: true });
    const created = await createSegment(folder, next());
    segments.push(created);
    await last?.stopWriting();
    return created;
  };

  // Requests that arrive while a write is under way share the next one. Places are given here, in the order of the file.
  const drain = async (): Promise<void> => {
    while (pending.length > 0) {
      const batch = pending;
      pending = [];
      const records = batch.flatMap((p) => p.records);
      try {
        // Arrivals never go back, even when the clock does: AT_TIMESTAMP searches them.
        const arrival = Math.max(lastArrival(), ...batch.map((p) => p.now));
        const segment = await segmentFor(records.reduce((sum, record) => sum + recordSize(record), 0));
        let first = segment.next();
        await segment.append(records, arrival);
        for (const { records: own, resolve } of batch) {
          resolve(first);
          first += own.length;
        }
      } catch (error) {
        batch.forEach(({ reject }) => reject(error));
      }
    }
    writing = undefined;
  };

  const segmentOf = (place: number): Segment | undefined => segments.find((segment) => place < segment.next());

  return {
    append: (records, now) =>
      new Promise((resolve, reject) => {
        pending.push({ records, now, resolve, reject });
        writing ??= drain();
      }),
    async read(place, count, bytes) {
      const found: StoredRecord[] = [];
      let left = bytes;
      for (let at = place; found.length < count;) {
        const segment = segmentOf(at);
        if (!segment) break;
        const records = await segment.read(Math.max(at, segment.first), count - found.length, left, found.length === 0);
        if (records.length === 0) break;
        found.push(...records);
        left -= records.reduce((sum, { size }) => sum + size, 0);
        at = (records.at(-1)?.place ?? at) + 1;
      }
      return found;
    },
    next,
    firstSince: (horizon) => segments.find((segment) => segment.lastArrival() >= horizon)?.firstSince(horizon) ?? next(),
    arrivalOf: (place) => segmentOf(place)?.arrivalOf(place),
    async trim(horizon) {
      // The last one stays: it knows the next place.
      while (segments.length > 1 && (segments[0]?.lastArrival() ?? Infinity) < horizon) await segments.shift()?.remove();
    },
    flushed: () => writing ?? Promise.resolve(),
    async close() {
      await writing;
      for (const segment of segments) await segment.stopWriting();
    },
  };
}

async function openSegments(folder: string): Promise<Segment[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const segments: Segment[] = [];
  for (const name of names.filter((file) => file.endsWith('.log')).sort()) {
    segments.push(await openSegment(join(folder, name), Number(name.slice(0, -4))));
  }
  return segments;
}

export const removeShardLog = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });
