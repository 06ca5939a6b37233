import { appendJsonString, appendRaw } from '../hash/json-bytes.js';
import { appendByte, compareBytes, newBytes, viewOf, type Bytes } from '../parquet/bytes.js';
import { COMMA } from '../values/ascii.js';
import { DIGEST_BYTES, type Digests } from './digests.js';
import { notKeys, readKeyFooter, type KeyFooter, type KeyGroup } from './key-footer.js';
import { createPairSet, type PairSet } from './pair-set.js';
import { readPages, type OnValue } from './read-pages.js';
import type { RangeFile, SortedKeys } from './types.js';

const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const NULL = new TextEncoder().encode('null');

/**
 * Opens what `writeKeySet` has written. Its rows are read a row group at a time: some 10 MB of memory, whatever their number. Throws `FatalError` for a file that is
 * something else.
 * @param where names the file in errors
 */
export async function readKeySet(file: RangeFile, where: string): Promise<SortedKeys> {
  const footer = await readKeyFooter(file, where);
  if (footer.key.length === 0) throw notKeys(where, 'it has rows that were delivered, and not what their keys are');
  return { key: footer.key, rows: footer.rows, blocks: () => inOrder(readBlocks(file, footer, where), where) };
}

/** Reads what `writePairs` has written; also the rows of a key set. */
export async function readPairs(file: RangeFile, where: string): Promise<PairSet> {
  const pairs = createPairSet();
  for await (const block of readBlocks(file, await readKeyFooter(file, where), where)) pairs.add(block);
  return pairs;
}

/** A comparison of others would find keys gone that are there. */
async function* inOrder(blocks: AsyncIterable<Digests>, where: string): AsyncIterable<Digests> {
  const last = new Uint8Array(DIGEST_BYTES);
  for await (const block of blocks) {
    const { keys, count } = block;
    for (let row = 0; row < count; row++) {
      const at = row * DIGEST_BYTES;
      const order =
        row === 0
          ? compareBytes(last, 0, DIGEST_BYTES, keys, 0, DIGEST_BYTES)
          : compareBytes(keys, at - DIGEST_BYTES, at, keys, at, at + DIGEST_BYTES);
      if (order > 0) throw notKeys(where, 'its rows are not in order');
    }
    last.set(keys.subarray((count - 1) * DIGEST_BYTES, count * DIGEST_BYTES));
    yield block;
  }
}

async function* readBlocks(file: RangeFile, { groups, key }: KeyFooter, where: string): AsyncIterable<Digests> {
  const rows = groups.reduce((most, group) => Math.max(most, group.rows), 0);
  const room = newRoom(rows, key.length);
  for (const group of groups) yield blockOf(await file.read(group.start, group.end), group, room, where);
}

/** Used for one row group after the other: memory that is let go is not free at once. */
interface Room {
  readonly keys: Uint8Array;
  readonly hashes: Uint8Array;
  readonly columns: readonly TextColumn[];
  readonly texts: TextColumn;
}

/** JSON of one row behind the other's. */
interface TextColumn {
  readonly json: Bytes;
  readonly ends: Int32Array;
}

function newRoom(rows: number, keyColumns: number): Room {
  const textColumn = (): TextColumn => ({ json: newBytes(), ends: new Int32Array(rows) });
  const digests = (): Uint8Array => new Uint8Array(rows * DIGEST_BYTES);
  return { keys: digests(), hashes: digests(), columns: Array.from({ length: keyColumns }, textColumn), texts: textColumn() };
}

function blockOf(bytes: Uint8Array, group: KeyGroup, room: Room, where: string): Digests {
  const read = <T>(act: () => T): T => {
    try {
      return act();
    } catch (cause) {
      throw notKeys(where, cause instanceof Error ? cause.message : 'it is damaged', cause);
    }
  };
  let found: Pick<Digests, 'texts' | 'ends'> | undefined;
  // Most texts are never asked for: only those of keys that are gone.
  const texts = (): Pick<Digests, 'texts' | 'ends'> => (found ??= read(() => readTexts(bytes, group, room)));
  read(() => {
    readDigests(bytes, group, 0, room.keys);
    readDigests(bytes, group, 1, room.hashes);
  });
  return {
    count: group.rows,
    keys: room.keys,
    hashes: room.hashes,
    get texts() {
      return texts().texts;
    },
    get ends() {
      return texts().ends;
    },
  };
}

function readColumn(bytes: Uint8Array, { chunks, rows }: KeyGroup, column: number, onValue: OnValue): void {
  const chunk = chunks[column];
  if (chunk === undefined || readPages(bytes, chunk, onValue) !== rows) throw new RangeError('a column has not as many rows as its group');
}

function readDigests(bytes: Uint8Array, group: KeyGroup, column: number, digests: Uint8Array): void {
  readColumn(bytes, group, column, (row, from, start, end) => {
    if (start < 0 || end - start !== DIGEST_BYTES) throw new RangeError('a digest has not 16 bytes');
    for (let n = 0; n < DIGEST_BYTES; n++) digests[row * DIGEST_BYTES + n] = from[start + n] ?? 0;
  });
}

/** The JSON of the keys again. */
function readTexts(bytes: Uint8Array, group: KeyGroup, { columns, texts: { json, ends } }: Room): Pick<Digests, 'texts' | 'ends'> {
  columns.forEach((column, n) => readTextColumn(bytes, group, n + 2, column));
  json.length = 0;
  for (let row = 0; row < group.rows; row++) {
    columns.forEach((column, n) => {
      appendByte(json, n === 0 ? OPEN_BRACKET : COMMA);
      appendRaw(json, column.json.bytes, row === 0 ? 0 : (column.ends[row - 1] ?? 0), column.ends[row] ?? 0);
    });
    appendByte(json, CLOSE_BRACKET);
    ends[row] = json.length;
  }
  return { texts: viewOf(json), ends };
}

function readTextColumn(bytes: Uint8Array, group: KeyGroup, column: number, { json, ends }: TextColumn): void {
  json.length = 0;
  readColumn(bytes, group, column, (row, from, start, end) => {
    if (start < 0) appendRaw(json, NULL, 0, NULL.length);
    else appendJsonString(json, from, start, end);
    ends[row] = json.length;
  });
}
