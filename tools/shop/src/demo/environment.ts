import { exportLines } from '@loadin/local-stack';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stage } from './types.js';

/** Writes the settings of the stage as lines for a shell, and gives the file's path as a shell takes it. */
export async function writeEnvironment({ dir, settings }: Stage): Promise<string> {
  const path = join(dir, 'environment.sh');
  await writeFile(path, exportLines(settings), { mode: 0o600 });
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
