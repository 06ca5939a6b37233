import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { append } from '../disk-space.js';
import type { BlobRef } from './types.js';

/** A blob that is being written; nobody sees it before an entry of the journal names it. */
export interface BlobWriter {
  write(chunk: Uint8Array): Promise<void>;
  /** Closes the file. */
  finish(): Promise<BlobRef>;
  /** Closes and removes the file. */
  discard(): Promise<void>;
}

/** The files with the objects' bytes, each written once. */
export interface BlobStore {
  create(): Promise<BlobWriter>;
  /** A second name for a blob's bytes. */
  copy(blob: BlobRef): Promise<BlobRef>;
  /** Keeps the blobs readable, whatever happens to their object, until the returned function is called. */
  retain(blobs: readonly BlobRef[]): () => void;
  /** Bytes `start` to `end` (both inclusive) of the blobs put together. */
  read(blobs: readonly BlobRef[], start: number, end: number): AsyncGenerator<Uint8Array>;
  /** Removes blobs that nothing refers to; those being read go when their last reader has finished. */
  free(blobs: readonly BlobRef[]): Promise<void>;
  /** Removes whatever is not among `known`: the leftovers of writes that a crash ended. */
  sweep(known: ReadonlySet<string>): Promise<void>;
}

const READ_CHUNK_BYTES = 256 * 1024;

export async function openBlobs(directory: string): Promise<BlobStore> {
  const made = new Set<string>();
  const readers = new Map<string, number>();
  const doomed = new Set<string>();
  await mkdir(directory, { recursive: true });

  const pathOf = (id: string): string => join(directory, id.slice(0, 2), id);
  const newId = async (): Promise<string> => {
    const id = randomBytes(16).toString('hex');
    const folder = id.slice(0, 2);
    if (!made.has(folder)) await mkdir(join(directory, folder), { recursive: true });
    made.add(folder);
    return id;
  };
  const remove = (id: string): Promise<void> => rm(pathOf(id), { force: true });
  const giveBack = (id: string): void => {
    const left = (readers.get(id) ?? 1) - 1;
    if (left > 0) return void readers.set(id, left);
    readers.delete(id);
    // A file that stays behind is removed by the sweep of the next start.
    if (doomed.delete(id)) remove(id).catch(() => undefined);
  };

  return {
    async create() {
      const id = await newId();
      const file = await open(pathOf(id), 'wx');
      let size = 0;
      return {
        async write(chunk) {
          await append(file, pathOf(id), chunk);
          size += chunk.length;
        },
        async finish() {
          await file.close();
          return { id, size };
        },
        async discard() {
          await file.close();
          await remove(id);
        },
      };
    },
    async copy(blob) {
      const id = await newId();
      await link(pathOf(blob.id), pathOf(id));
      return { id, size: blob.size };
    },
    retain(blobs) {
      blobs.forEach(({ id }) => readers.set(id, (readers.get(id) ?? 0) + 1));
      let held = true;
      return () => {
        if (held) blobs.forEach(({ id }) => giveBack(id));
        held = false;
      };
    },
    async *read(blobs, start, end) {
      let offset = 0;
      for (const { id, size } of blobs) {
        const from = Math.max(start - offset, 0);
        const to = Math.min(end - offset, size - 1);
        offset += size;
        if (from <= to) yield* createReadStream(pathOf(id), { start: from, end: to, highWaterMark: READ_CHUNK_BYTES });
      }
    },
    async free(blobs) {
      const idle = blobs.filter(({ id }) => !readers.has(id));
      blobs.filter(({ id }) => readers.has(id)).forEach(({ id }) => doomed.add(id));
      await Promise.all(idle.map(({ id }) => remove(id)));
    },
    async sweep(known) {
      for (const folder of await readdir(directory)) {
        for (const id of await readdir(join(directory, folder))) if (!known.has(id)) await remove(id);
      }
    },
  };
}
