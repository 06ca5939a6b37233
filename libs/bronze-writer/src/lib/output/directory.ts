import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FatalError, RetryableError } from '@loadin/resilience';
import { publishing } from './publishing.js';
import type { Output, OutputObject } from './types.js';

export interface DirectoryOutput extends Output {
  /**
   * Moves all files to their places, each whole or not at all. When the process is killed meanwhile, some can be seen: the commit of the next try of the same
   * name replaces them, and removes those that it has not. (Files are not synced: after a failure of power, load again.)
   */
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
  const list = publishing(root, attempt);
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
        list.begin(begun);
        for (const [path, name] of closed) {
          mkdirSync(dirname(join(root, path)), { recursive: true });
          renameSync(name, join(root, path));
          closed.delete(path);
        }
        list.end(begun);
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

const NO_ROOM: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** As a promise, with an error for users when the disk is full. */
async function settled<T>(act: () => T, where: string): Promise<T> {
  try {
    return act();
  } catch (cause) {
    if (!NO_ROOM.has((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
    throw new RetryableError('The disk is full', { where, hint: 'Nothing more was published. Make room, and run again.', cause });
  }
}
