import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Where the folders of calls lie, in the workspace. */
const FOLDERS = '.loadin/cdk.out';

/** Turns in which a place that others fill at the same time is tried. */
const TURNS = 100;

/** Lets a call work in a folder that no other call has: the CDK locks the one that it writes to, and a second call would fail. The folder is gone afterwards. */
export async function inOwnFolder<T>(workspace: string, environment: string, use: (folder: string) => Promise<T>): Promise<T> {
  const parent = join(workspace, FOLDERS);
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, `.${environment}-`));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Puts a folder where the templates of an environment are found, in place of those of the call before: whole, so that nobody reads half of one call and half of another.
 * @returns where that is
 */
export function keepFolder(folder: string, workspace: string, environment: string): string {
  const kept = join(workspace, FOLDERS, environment);
  const old = mkdtempSync(join(workspace, FOLDERS, `.${environment}-old-`));
  try {
    for (let turn = 1; ; turn += 1) {
      moveAway(kept, join(old, String(turn)));
      if (movedTo(folder, kept, turn)) return kept;
    }
  } finally {
    rmSync(old, { recursive: true, force: true });
  }
}

function moveAway(kept: string, to: string): void {
  try {
    renameSync(kept, to);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** False: another call was there first, with what is as good. */
function movedTo(folder: string, kept: string, turn: number): boolean {
  try {
    renameSync(folder, kept);
    return true;
  } catch (error) {
    if (turn < TURNS && ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(codeOf(error))) return false;
    throw error;
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
