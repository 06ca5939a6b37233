import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Templates } from './upgrade/compare-templates.js';

export type Synthesized = Readonly<Record<'dev' | 'prod', Templates>>;
let made: Promise<Synthesized> | undefined;

/** Today's templates of the environments of environments.yaml: made once for a specification, which takes some seconds. */
export const synthesized = (): Promise<Synthesized> => (made ??= synthesize());

async function synthesize(): Promise<Synthesized> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(__dirname, '../synthesize.mjs')], { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout) as Synthesized;
}
