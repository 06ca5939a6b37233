import { FatalError, LoadinError } from '@loadin/resilience';
import type { Command } from 'commander';
import { join, resolve } from 'node:path';
import { EXIT } from '../exit-status.js';
import { findStackFolder } from '../stack-folder.js';
import type { Shell } from '../shell.js';

type LocalStack = typeof import('@loadin/local-stack');

/** The stack is a tool of the workspace: it is loaded only here, and is not part of the bundle. */
async function loadStack(): Promise<LocalStack> {
  try {
    return await import('@loadin/local-stack');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new FatalError('The local stack is not built, or this is not a checkout of Loadin', {
      hint: 'In the checkout, build it with: npm run build',
      cause: error,
    });
  }
}

export function addLocalCommand(program: Command, shell: Shell, ended: (status: number) => void): void {
  const local = program
    .command('local')
    .summary('the local stack: AWS and the simulated sources')
    .description('the local stack: S3, Kinesis, DynamoDB, Secrets Manager and the simulated sources');
  const add = (name: string, description: string, action: (place: Place, shell: Shell) => Promise<number>): void => {
    const command = local.command(name).description(description);
    command.option('--dir <folder>', 'where its state lies (default: .loadin, of the nearest folder above that runs one, or of the checkout)');
    command.action(async ({ dir }: { dir?: string }) => {
      const place = { dir: dir === undefined ? findStackFolder(shell.cwd) : resolve(shell.cwd, dir), named: dir };
      ended(await action(place, shell));
    });
  };
  add('up', 'start it in the background and print the lines that lead a shell to it', up);
  add('down', 'stop it; its state stays', down);
  add('status', 'whether it runs, and where; status 3 when it does not', status);
}

interface Place {
  /** The absolute path. */
  readonly dir: string;
  /** As `--dir` named it, if it did. */
  readonly named: string | undefined;
}

/** What leads a shell to the stack, as a line to copy. */
const evalUp = ({ named }: Place): string => `eval "$(npx loadin local up${named === undefined ? '' : ` --dir ${shellWord(named)}`})"`;

const shellWord = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

async function up(place: Place, { output }: Shell): Promise<number> {
  const { startInBackground, exportLines } = await loadStack();
  const { dir } = place;
  const { stack, started } = await startInBackground(dir).catch((error: unknown) => {
    throw unusable(error, dir);
  });
  output.say(
    started ? `The local stack runs (process ${stack.pid}, state in ${dir}).` : `The local stack was running already (process ${stack.pid}).`,
  );
  output.result(exportLines(stack.environment));
  // In `eval "$(…)"` stdout is no terminal. Here nobody has evaluated the lines.
  if (output.resultIsTerminal) output.say(`To use it in this shell: ${evalUp(place)}`);
  return EXIT.complete;
}

async function down({ dir }: Place, { output }: Shell): Promise<number> {
  const { runningStack, stopInBackground } = await loadStack();
  const stack = await runningStack(dir);
  if (!(await stopInBackground(dir)) || stack === undefined) {
    output.say(`No local stack was running in ${dir}.`);
    return EXIT.complete;
  }
  output.say('The local stack is stopped. Shells that evaluated its lines still point there: run this line in them, or open new ones.');
  output.result(`unset ${Object.keys(stack.environment).join(' ')}\n`);
  return EXIT.complete;
}

async function status(place: Place, { output }: Shell): Promise<number> {
  const { runningStack, exportLines } = await loadStack();
  const stack = await runningStack(place.dir);
  if (stack === undefined) output.say(`No local stack runs in ${place.dir}. To start one and use it in this shell: ${evalUp(place)}`);
  else output.result(`# process ${stack.pid}, since ${stack.startedAt}\n${exportLines(stack.environment)}`);
  return stack === undefined ? EXIT.stopped : EXIT.complete;
}

/** What keeps it from starting is nearly always its folder: taken by another, not writable, no folder. */
function unusable(error: unknown, dir: string): LoadinError {
  if (error instanceof LoadinError) return error;
  const reason = (error instanceof Error ? error.message : String(error)).replace(/^The local stack did not start\.\n?/, '');
  return new FatalError(`The local stack can't be started: ${reason}`, {
    where: dir,
    hint: `Name a folder that this user may write to with --dir; ${join(dir, 'stack.log')} says more if it is there.`,
    cause: error,
  });
}
