import { rm, writeFile } from 'node:fs/promises';
import { stackFile, type RunningStack } from './daemon.js';
import { startStack } from './stack.js';

/** The background process of `loadin local up`: serves until SIGTERM. */
export async function serve(dir: string): Promise<void> {
  const stack = await startStack({ dir, now: Date.now() });
  const running: RunningStack = { pid: process.pid, startedAt: new Date().toISOString(), environment: stack.environment };
  await writeFile(stackFile(dir), `${JSON.stringify(running, null, 2)}\n`);
  await new Promise<void>((resolve) => process.once('SIGTERM', () => resolve()).once('SIGINT', () => resolve()));
  await stack.close();
  await rm(stackFile(dir), { force: true });
}
