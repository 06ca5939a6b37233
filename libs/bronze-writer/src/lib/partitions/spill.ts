import { closeSync, mkdtempSync, openSync, readSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { RetryableError } from '@loadin/resilience';

export interface Extent {
  readonly at: number;
  readonly bytes: number;
}

/** A file for what doesn't fit into memory. It has no name once it is open, so that nothing is left of it however the process ends. */
export interface Spill {
  /** Throws `RetryableError` when the disk is full. */
  write(bytes: Uint8Array): Extent;
  read(extent: Extent, target: Uint8Array, at: number): void;
  /** Bytes written so far. */
  readonly bytes: number;
  /** Gives the disk back. */
  close(): void;
}

/** The one call that a specification replaces, by a device that is full. */
export type OpenSpill = (directory: string) => { readonly descriptor: number; remove(): void };

/** Opened with the first write. */
export function createSpill(directory: string, open: OpenSpill = openUnnamed): Spill {
  let file: ReturnType<OpenSpill> | undefined;
  let size = 0;
  return {
    get bytes() {
      return size;
    },
    write(bytes) {
      try {
        file ??= open(directory);
        for (let done = 0; done < bytes.length;) done += writeSync(file.descriptor, bytes, done, bytes.length - done, size + done);
      } catch (cause) {
        throw writeError(cause, directory, size);
      }
      size += bytes.length;
      return { at: size - bytes.length, bytes: bytes.length };
    },
    read({ at, bytes }, target, to) {
      if (file === undefined) throw new Error('nothing was spilled');
      for (let done = 0; done < bytes;) {
        const read = readSync(file.descriptor, target, to + done, bytes - done, at + done);
        if (read === 0)
          throw new RetryableError('The spill file has become shorter', { where: directory, hint: 'Let nothing else write there, and run again.' });
        done += read;
      }
    },
    close() {
      if (file === undefined) return;
      closeSync(file.descriptor);
      file.remove();
      file = undefined;
    },
  };
}

function openUnnamed(directory: string): { readonly descriptor: number; remove(): void } {
  const folder = mkdtempSync(join(directory, 'loadin-spill-'));
  const path = join(folder, 'rows');
  const descriptor = openSync(path, 'wx+', 0o600);
  try {
    unlinkSync(path);
    rmSync(folder, { recursive: true });
    return { descriptor, remove: () => undefined };
  } catch {
    // Windows keeps open files: it is removed when it is closed.
    return { descriptor, remove: () => rmSync(folder, { recursive: true, force: true }) };
  }
}

function writeError(cause: unknown, directory: string, size: number): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new RetryableError(`The disk is full: ${Math.ceil(size / 1e6)} MB of rows were spilled, and there is no room for more`, {
      where: directory,
      hint: 'Nothing was published. Give the spill a larger disk (spillDirectory), or the writer more memory (memoryBytes).',
      cause,
    });
  }
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EROFS' || code === 'ENOTDIR') {
    return new RetryableError('The spill file can not be made here', {
      where: directory,
      hint: 'Name a folder that can be written to (spillDirectory).',
      cause,
    });
  }
  return cause;
}
