import { FatalError } from '@loadin/resilience';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of this workspace, seen from the file that runs: its stacks are made from source. */
export function workspaceOf(start: string = import.meta.dirname): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'nx.json'))) return folder;
    if (folder === dirname(folder))
      throw new FatalError('Stacks are made in the workspace of Loadin, and this command is outside of it', {
        where: start,
        hint: 'Run it in a clone: npx loadin-setup synth',
      });
  }
}
