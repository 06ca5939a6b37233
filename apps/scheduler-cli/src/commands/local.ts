import { FatalError } from '@loadin/resilience';
import type { Command } from 'commander';
import { join } from 'node:path';
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
  const { output, cwd } = shell;
  const local = program.command('local').description('the local stack: S3, Kinesis, DynamoDB, Secrets Manager and the simulated sources');
  const withDir = (command: Command): Command => command.option('--dir <folder>', 'where its state lies', join(cwd, '.loadin'));

  withDir(local.command('up').description('start it in the background and print the lines that lead a shell to it')).action(
    async ({ dir }: { dir: string }) => {
      const { startInBackground, exportLines } = await loadStack();
      const { stack, started } = await startInBackground(dir);
      output.say(
        started
          ? `The local stack runs (process ${stack.pid}, state in ${dir}). In your shell: eval "$(npx loadin local up)"`
          : `The local stack was running already (process ${stack.pid}).`,
      );
      output.result(exportLines(stack.environment));
      ended(EXIT.complete);
    },
  );
  withDir(local.command('down').description('stop it; its state stays')).action(async ({ dir }: { dir: string }) => {
    const { stopInBackground } = await loadStack();
    output.say((await stopInBackground(dir)) ? 'The local stack is stopped.' : 'The local stack was not running.');
    ended(EXIT.complete);
  });
  withDir(local.command('status').description('whether it runs, and where; status 3 when it does not')).action(async ({ dir }: { dir: string }) => {
    const { runningStack, exportLines } = await loadStack();
    const stack = await runningStack(dir);
    if (stack === undefined) output.say('The local stack is not running. Start it with: npx loadin local up');
    else output.result(`# process ${stack.pid}, since ${stack.startedAt}\n${exportLines(stack.environment)}`);
    ended(stack === undefined ? EXIT.stopped : EXIT.complete);
  });
}
