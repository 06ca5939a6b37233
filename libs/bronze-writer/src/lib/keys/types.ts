import type { ClosedObject } from '../output/types.js';
import type { Digests } from './digests.js';

/** A file that is read in parts: a local one (`openKeyFile`), or ranges of an object in a store. */
export interface RangeFile {
  readonly bytes: number;
  /** The bytes from `start` up to `end`, all of them. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** Rows by the digests of their keys, ascending; rows of one key lie side by side. Each call of `blocks` begins anew. */
export interface SortedKeys {
  /** The key's columns. */
  readonly key: readonly string[];
  readonly rows: number;
  /** Of use until the next one is asked for. */
  blocks(): AsyncIterable<Digests> | Iterable<Digests>;
}

export interface KeySorterOptions {
  /** The key's columns, as the digests were made. */
  readonly key: readonly string[];
  /** For rows that wait; reading them sorted takes up to half as much again. Default: 16 MiB, some 300,000 rows. */
  readonly memoryBytes?: number;
  /** Needs some 40 bytes and the key's text for each row, and 1 GB while runs beyond that become one. Default: the system's folder for temporary files. */
  readonly spillDirectory?: string;
}

/** Sorts the digests of any number of rows with a fixed amount of memory. */
export interface KeySorter {
  /** Copies all rows of it. */
  add(digests: Digests): void;
  /** What was added so far; nothing may be added after. */
  sorted(): SortedKeys;
  /** Gives the disk back. */
  close(): void;
}

export interface WrittenKeySet extends ClosedObject {
  readonly path: string;
  readonly rows: number;
  readonly duplicates: Duplicates;
}

/** Keys that more than one row has. */
export interface Duplicates {
  readonly keys: number;
  /** Rows beyond the first of each such key. */
  readonly rows: number;
  /** The first few such keys, by their digests. */
  readonly examples: readonly (readonly (string | null)[])[];
}

/** What has become of an earlier set's rows, and what has come. */
export interface KeyChanges {
  /** Keys of the earlier set that the present one has not. */
  readonly gone: number;
  /** Rows of keys that the earlier set has too, with another hash. */
  readonly changed: number;
  /** Rows that are in both. */
  readonly same: number;
  /** Rows of keys that the earlier set has not. */
  readonly added: number;
  /** Of the present set. */
  readonly duplicates: Duplicates;
}
