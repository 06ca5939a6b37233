import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FOLDER = '.loadin';
/** The name in the package.json of the checkout. */
const CHECKOUT = '@loadin/source';

/**
 * Where the local stack's state lies when nobody says it: `.loadin` of the nearest folder, from `cwd` upwards, in which a stack was started
 * or which is the checkout; so that every folder of it means the same stack. `.loadin` of `cwd` when there is none.
 */
export function findStackFolder(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, FOLDER, 'stack.json')) || isCheckout(folder)) return join(folder, FOLDER);
    if (folder === dirname(folder)) return join(cwd, FOLDER);
  }
}

function isCheckout(folder: string): boolean {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: unknown } | null)?.name === CHECKOUT;
  } catch {
    // No package.json, or one that is none: then it isn't the checkout's, which is what was asked.
    return false;
  }
}
