import { FatalError } from '@loadin/resilience';
import { realpathSync } from 'node:fs';

/** How this command was started, as absolute paths: node, and what npm's link to the launcher leads to. */
export function thisCommand(argv: readonly string[] = process.argv, execPath: string = process.execPath): readonly [string, string] {
  const [, launcher] = argv;
  if (launcher === undefined) throw new FatalError('It is not known how this command was started', { hint: 'Start it as: node …/bin/loadin.mjs' });
  return [execPath, realpathSync(launcher)];
}
