import { FatalError, LoadinError } from '@loadin/resilience';
import type { Command } from 'commander';
import { join, resolve } from 'node:path';
import { EXIT } from '../exit-status.js';
import type { Shell } from '../program.js';

type LocalStack = typeof import('@loadin/local-stack');

/** The stack is a tool of the workspace: it is loaded only here, and is not part of the bundle. */
async function loadStack(): Promise<LocalStack> {
  try {
    return await import('@loadin/local-stack');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new FatalError('The local stack is not built, or this is not a checkout of Loadin', {
      hint: 'In the checkout, build it with: npx nx build local-stack',
      cause: error,
    });
  }
}

export function addLocalCommand(program: Command, shell: Shell, ended: (status: number) => void): void {
  const local = program.command('local').description('the local stack: S3, Kinesis, DynamoDB, Secrets Manager and the simulated sources');
  const add = (name: string, description: string, action: (dir: string, shell: Shell) => Promise<number>): void => {
    const command = local.command(name).description(description).option('--dir <folder>', 'where its state lies', '.loadin');
    command.action(async ({ dir }: { dir: string }) => ended(await action(resolve(shell.cwd, dir), shell)));
  };
  add('up', 'start it in the background and print the lines that lead a shell to it', up);
  add('down', 'stop it; its state stays', down);
  add('status', 'whether it runs, and where; status 3 when it does not', status);
}

async function up(dir: string, { output }: Shell): Promise<number> {
  const { startInBackground, exportLines } = await loadStack();
  const { stack, started } = await startInBackground(dir).catch((error: unknown) => {
    throw unusable(error, dir);
  });
  output.say(
    started
      ? `The local stack runs (process ${stack.pid}, state in ${dir}). In your shell: eval "$(npx loadin local up)"`
      : `The local stack was running already (process ${stack.pid}).`,
  );
  output.result(exportLines(stack.environment));
  return EXIT.complete;
}

async function down(dir: string, { output }: Shell): Promise<number> {
  const { stopInBackground } = await loadStack();
  output.say((await stopInBackground(dir)) ? 'The local stack is stopped.' : 'The local stack was not running.');
  return EXIT.complete;
}

async function status(dir: string, { output }: Shell): Promise<number> {
  const { runningStack, exportLines } = await loadStack();
  const stack = await runningStack(dir);
  if (stack === undefined) output.say('The local stack is not running. Start it with: npx loadin local up');
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
