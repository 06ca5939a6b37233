import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout: this file is `tools/shop/{src,dist}/demo/workspace`. */
export const workspaceRoot = join(dirname(fileURLToPath(import.meta.url)), '../../../..');

export const LAUNCHER = join(workspaceRoot, 'apps/scheduler-cli/bin/loadin.mjs');
