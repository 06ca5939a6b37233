import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { workspaceRoot } from './workspace.js';

export const USAGE = 'Usage: local-stack serve|demo [--dir FOLDER] [--real]   (the folder keeps its state; --real: on the real services)';

export interface Arguments {
  readonly command: 'serve' | 'demo' | 'help';
  readonly dir: string;
  readonly real: boolean;
}

/** `undefined`: they can't be understood. `serve` is the background process of `loadin local up`, `demo` what `npm start` runs. */
export function readArguments(args: readonly string[]): Arguments | undefined {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        dir: { type: 'string', default: join(workspaceRoot, '.loadin') },
        real: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const [name, ...rest] = positionals;
    const command = values.help ? 'help' : name;
    if (rest.length > 0 || (command !== 'serve' && command !== 'demo' && command !== 'help')) return undefined;
    return { command, dir: values.dir, real: values.real };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS_') !== true) throw error;
    return undefined;
  }
}
