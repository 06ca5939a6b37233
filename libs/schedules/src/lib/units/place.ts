import { FatalError } from '@loadin/resilience';
import { isAbsolute } from 'node:path';
import type { CommandPlace, JobCommand } from './types.js';

/** Neither cron nor systemd knows where it was asked from. Throws `FatalError` for a path that is not absolute, or has a line break. */
export function checkPlace({ folder, environmentFile }: CommandPlace, commands: readonly JobCommand[], logFolder?: string): void {
  const paths = { 'The folder': folder, 'The environment file': environmentFile, 'The folder of logs': logFolder };
  const programs = commands.map(({ command }): [string, string] => ['The program', command[0]]);
  for (const [what, path] of [...Object.entries(paths), ...programs]) {
    if (path === undefined) continue;
    if (!isAbsolute(path)) throw new FatalError(`${what} must be an absolute path, is "${path}"`);
    if (/[\n\r]/.test(path)) throw new FatalError(`${what} has a line break in its name`);
  }
}
