import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyDigests, createKeySorter, directoryOutput, openKeyFile, readKeySet, writeKeySet } from '../../index.js';
import type { CopyBlock, Digests, KeyFileOptions, PostgresColumn, SortedKeys, WrittenKeySet } from '../../index.js';
import { copyField } from '../readers.fixture.js';

/** A row of two columns of the key, and a text. */
export type Row = readonly [id: string, region: string | null, text: string];

export const KEY = ['id', 'region'];
export const COLUMNS: readonly PostgresColumn[] = [
  { name: 'text', type: 'text' },
  { name: 'region', type: 'text' },
  { name: 'id', type: 'bigint' },
];

/** Rows as a block of COPY. */
export function blockOf(rows: readonly (readonly (string | null)[])[]): CopyBlock {
  const lines = rows.map((row) => Buffer.from(`${row.map(copyField).join('\t')}\n`));
  let at = 0;
  const starts = Int32Array.from(lines, (line) => (at += line.length) - line.length);
  return {
    bytes: new Uint8Array(Buffer.concat(lines)),
    count: rows.length,
    starts,
    ends: starts.map((start, n) => start + (lines[n]?.length ?? 0) - 1),
  };
}

export const rowBlock = (rows: readonly Row[]): CopyBlock => blockOf(rows.map(([id, region, text]) => [text, region, id]));

export const digestsOf = (rows: readonly Row[]): Digests => copyDigests(COLUMNS, KEY)(rowBlock(rows));

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** By the definition: a key's digest, and a row's hash. */
export const keyDigest = ([id, region]: Row): string => md5(JSON.stringify([id, region]));
export const rowHash = ([id, region, text]: Row): string => md5(`{"id":${id},"region":${JSON.stringify(region)},"text":${JSON.stringify(text)}}`);

export interface KeyRoom {
  readonly root: string;
  /** Sorts the rows, and calls `use` with them. */
  sorted<T>(rows: readonly Row[], use: (sorted: SortedKeys) => Promise<T> | T, memoryBytes?: number): Promise<T>;
  write(path: string, sorted: SortedKeys, options?: KeyFileOptions): Promise<WrittenKeySet>;
  read<T>(path: string, use: (keys: SortedKeys) => Promise<T>): Promise<T>;
  remove(): void;
}

export function createKeyRoom(): KeyRoom {
  const root = mkdtempSync(join(tmpdir(), 'loadin-keys-'));
  const spillDirectory = join(root, 'spill');
  mkdirSync(spillDirectory);
  return {
    root,
    async sorted(rows, use, memoryBytes = 4096) {
      const sorter = createKeySorter({ key: KEY, memoryBytes, spillDirectory });
      const digests = copyDigests(COLUMNS, KEY);
      try {
        for (let at = 0; at < rows.length; at += 100) sorter.add(digests(rowBlock(rows.slice(at, at + 100))));
        return await use(sorter.sorted());
      } finally {
        sorter.close();
      }
    },
    async write(path, sorted, options) {
      const output = directoryOutput(root, 'try');
      const written = await writeKeySet(output, path, sorted, options);
      await output.commit();
      return written;
    },
    async read(path, use) {
      const file = await openKeyFile(join(root, path));
      try {
        return await use(await readKeySet(file, path));
      } finally {
        await file.close();
      }
    },
    remove: () => rmSync(root, { recursive: true }),
  };
}
