import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Which files an attempt was about to show, for the one after it when it was killed meanwhile. */
export interface Publishing {
  /** Call before the first file is shown. */
  begin(paths: Iterable<string>): void;
  /** Removes what only an earlier try of the same attempt has shown, and then the list. */
  end(paths: ReadonlySet<string>): void;
}

/** The list is `_loadin/publishing/{attempt}.json` while files are being shown. */
export function publishing(root: string, attempt: string): Publishing {
  const file = join(root, '_loadin', 'publishing', `${attempt}.json`);
  const earlier = (): string[] => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as string[]) : []);
  return {
    begin(paths) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, JSON.stringify([...new Set([...earlier(), ...paths])]));
      renameSync(`${file}.new`, file);
    },
    end(paths) {
      for (const path of earlier()) if (!paths.has(path)) rmSync(join(root, path), { force: true });
      rmSync(file, { force: true });
    },
  };
}
