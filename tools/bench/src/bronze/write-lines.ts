import { closeSync, openSync, writeSync } from 'node:fs';

/** A file of lines, written a megabyte at a time. Answers its path. */
export function writeLines(path: string, rows: number, lineOf: (n: number) => string): string {
  const descriptor = openSync(path, 'w');
  for (let n = 0, text = ''; n < rows; n++) {
    text += lineOf(n);
    if (text.length < 1_000_000 && n + 1 < rows) continue;
    writeSync(descriptor, text);
    text = '';
  }
  closeSync(descriptor);
  return path;
}
