import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout: this file is `tools/local-stack/{src,dist}/workspace`. */
export const workspaceRoot = join(dirname(fileURLToPath(import.meta.url)), '../../..');

export const launchers = {
  loadin: join(workspaceRoot, 'apps/scheduler-cli/bin/loadin.mjs'),
  setup: join(workspaceRoot, 'apps/setup-scripts/bin/loadin-setup.mjs'),
} as const;

export function consumerZip(): string {
  const zip = join(workspaceRoot, 'apps/kinesis-consumer/dist/function.zip');
  if (!existsSync(zip)) throw new Error(`${zip} is not built yet. Build everything with: npm run build`);
  return zip;
}
