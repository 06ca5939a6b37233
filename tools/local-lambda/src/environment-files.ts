import { closeSync, fstatSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What one environment has to itself on disk. */
export interface EnvironmentFiles {
  readonly home: string;
  readonly temporary: string;
  /** Where stdout and stderr of the process go. A file, because what was written to it is there even when the process was killed or stands still. */
  readonly output: number;
  /** The lines written since the last call; none after `remove`. */
  takeLines(): string[];
  remove(): void;
}

export function createEnvironmentFiles(scratch: string): EnvironmentFiles {
  const root = mkdtempSync(join(scratch, 'environment-'));
  const home = join(root, 'home');
  const temporary = join(root, 'tmp');
  mkdirSync(home);
  mkdirSync(temporary);
  // Append mode: both descriptors of the process and the truncation below agree on where the end is.
  const output = openSync(join(root, 'output.log'), 'a+');
  let removed = false;
  return {
    home,
    temporary,
    output,
    takeLines: () => {
      if (removed) return [];
      const bytes = Buffer.alloc(fstatSync(output).size);
      let length = 0;
      while (length < bytes.length) {
        const read = readSync(output, bytes, length, bytes.length - length, length);
        if (read === 0) break;
        length += read;
      }
      ftruncateSync(output, 0);
      const lines = bytes.toString('utf8', 0, length).split('\n');
      if (lines.at(-1) === '') lines.pop();
      return lines;
    },
    remove: () => {
      if (removed) return;
      removed = true;
      closeSync(output);
      rmSync(root, { recursive: true, force: true });
    },
  };
}
