import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FatalError, RetryableError } from '@loadin/resilience';
import type { Output, OutputObject } from './types.js';

export interface DirectoryOutput extends Output {
  /** Moves all files to their places. A file is there whole or not at all; repeated after a crash it comes to the same. */
  commit(): Promise<void>;
}

/**
 * Files under a folder. They are written under `{root}/_loadin/pending/{attempt}/` and moved when committed.
 * @param attempt names this try, for example the ingestion id; what an earlier one of the same name left is removed
 */
export function directoryOutput(root: string, attempt: string): DirectoryOutput {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(attempt)) throw new FatalError(`"${attempt}" can't be the name of a folder`, { where: root });
  const pending = join(root, '_loadin', 'pending', attempt);
  const begun = new Set<string>();
  const closed = new Set<string>();
  let cleared: Promise<void> | undefined;
  return {
    async open(path) {
      if (begun.has(path)) throw new FatalError('This file has been written by the same load', { where: path });
      begun.add(path);
      await (cleared ??= rm(pending, { recursive: true, force: true }));
      return openFile(join(pending, path), () => closed.add(path));
    },
    async commit() {
      for (const path of closed) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await rename(join(pending, path), join(root, path));
        closed.delete(path);
      }
      await rm(pending, { recursive: true, force: true });
    },
    abort: () => rm(pending, { recursive: true, force: true }),
  };
}

async function openFile(path: string, onClosed: () => void): Promise<OutputObject> {
  const hash = createHash('sha256');
  let bytes = 0;
  const failed = (cause: unknown): unknown => {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') return cause;
    return new RetryableError('The disk is full', { where: path, hint: 'Nothing was published. Make room, and run again.', cause });
  };
  const file = await mkdir(dirname(path), { recursive: true }).then(() => open(path, 'wx'));
  return {
    async write(chunk) {
      hash.update(chunk);
      bytes += chunk.length;
      await file.writeFile(chunk).catch(async (cause: unknown) => {
        await file.close();
        throw failed(cause);
      });
    },
    async close() {
      await file.close();
      onClosed();
      return { bytes, checksum: hash.digest('base64') };
    },
  };
}
