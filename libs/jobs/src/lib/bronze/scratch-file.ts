import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RetryableError } from '@loadin/pipeline';

/** A place in the file. */
export interface Extent {
  readonly at: number;
  readonly bytes: number;
}

/** A file for what does not fit into memory. It has no name once it is open, so that nothing is left of it however the process ends. */
export interface ScratchFile {
  /** Throws `RetryableError` when the disk is full. */
  write(bytes: Uint8Array): Extent;
  read(extent: Extent): Uint8Array;
  /** What lies there is not needed any more: the room may be used again. */
  free(extent: Extent): void;
  close(): void;
}

/** Opened with the first write. */
export function createScratchFile(directory: string = tmpdir()): ScratchFile {
  let file: number | undefined;
  let end = 0;
  let unused: Extent[] = [];

  /** Room that was used before, or more of it. */
  const placeFor = (bytes: number): number => {
    const found = unused.find((extent) => extent.bytes >= bytes);
    if (found === undefined) return end;
    unused = unused.filter((extent) => extent !== found);
    if (found.bytes > bytes) unused.push({ at: found.at + bytes, bytes: found.bytes - bytes });
    return found.at;
  };
  return {
    write(bytes) {
      const at = placeFor(bytes.length);
      try {
        file ??= openUnnamed(directory);
        for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done, bytes.length - done, at + done);
      } catch (cause) {
        throw writeError(cause, directory);
      }
      end = Math.max(end, at + bytes.length);
      return { at, bytes: bytes.length };
    },
    read({ at, bytes }) {
      const target = new Uint8Array(bytes);
      for (let done = 0; done < bytes;) {
        const read = file === undefined ? 0 : readSync(file, target, done, bytes - done, at + done);
        if (read === 0)
          throw new RetryableError('A file for keys has become shorter', { where: directory, hint: 'Let nothing else write there, and run again.' });
        done += read;
      }
      return target;
    },
    free: (extent) => void unused.push(extent),
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

function openUnnamed(directory: string): number {
  const folder = mkdtempSync(join(directory, 'loadin-keys-'));
  const file = openSync(join(folder, 'keys'), 'wx+', 0o600);
  rmSync(folder, { recursive: true });
  return file;
}

const NO_ROOM: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

function writeError(cause: unknown, directory: string): unknown {
  const { code = '' } = cause as NodeJS.ErrnoException;
  const hint = 'Nothing was published. Name a folder with room that can be written to (spillDirectory), and run again.';
  if (NO_ROOM.has(code)) return new RetryableError('The disk is full: there is no room for keys', { where: directory, hint, cause });
  if (code.startsWith('E')) return new RetryableError(`A file for keys can't be written (${code})`, { where: directory, hint, cause });
  return cause;
}
