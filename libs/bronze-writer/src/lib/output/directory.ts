import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FatalError, RetryableError } from '@loadin/resilience';
import type { Output, OutputObject } from './types.js';

export interface DirectoryOutput extends Output {
  /** Moves all files to their places. A file is there whole or not at all; repeated after a crash it comes to the same. */
  commit(): Promise<void>;
}

/**
 * Files under a folder. They are written under `{root}/_loadin/pending/{attempt}/` and moved when committed. Calls of the file system are synchronous: with
 * thousands of small files the way through Node's thread pool takes several times as long as they do.
 * @param attempt names this try, for example the ingestion id; what an earlier one of the same name left is removed
 */
export function directoryOutput(root: string, attempt: string): DirectoryOutput {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(attempt)) throw new FatalError(`"${attempt}" can't be the name of a folder`, { where: root });
  const pending = join(root, '_loadin', 'pending', attempt);
  const begun = new Set<string>();
  const closed = new Map<string, string>();
  const open = new Set<number>();
  const clear = (): void => rmSync(pending, { recursive: true, force: true });
  return {
    open(path) {
      return settled(
        () => {
          if (begun.has(path)) throw new FatalError('This file has been written by the same load', { where: path });
          if (begun.size === 0) {
            clear();
            mkdirSync(pending, { recursive: true });
          }
          const name = join(pending, String(begun.size));
          begun.add(path);
          return openFile(name, open, () => closed.set(path, name));
        },
        join(root, path),
      );
    },
    commit() {
      return settled(() => {
        for (const [path, name] of closed) {
          mkdirSync(dirname(join(root, path)), { recursive: true });
          renameSync(name, join(root, path));
          closed.delete(path);
        }
        clear();
      }, root);
    },
    abort() {
      return settled(() => {
        open.forEach((descriptor) => closeSync(descriptor));
        open.clear();
        closed.clear();
        clear();
      }, root);
    },
  };
}

function openFile(name: string, open: Set<number>, onClosed: () => void): OutputObject {
  const hash = createHash('sha256');
  const descriptor = openSync(name, 'wx');
  open.add(descriptor);
  let bytes = 0;
  return {
    write(chunk) {
      return settled(() => {
        for (let done = 0; done < chunk.length;) done += writeSync(descriptor, chunk, done);
        hash.update(chunk);
        bytes += chunk.length;
      }, name);
    },
    close() {
      return settled(() => {
        open.delete(descriptor);
        closeSync(descriptor);
        onClosed();
        return { bytes, checksum: hash.digest('base64') };
      }, name);
    },
  };
}

/** As a promise, with an error for users when the disk is full. */
async function settled<T>(act: () => T, where: string): Promise<T> {
  try {
    return act();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') throw cause;
    throw new RetryableError('The disk is full', { where, hint: 'Nothing more was published. Make room, and run again.', cause });
  }
}
