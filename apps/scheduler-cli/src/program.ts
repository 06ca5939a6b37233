import { Command, CommanderError, Option } from 'commander';
import { addCheckCommand } from './commands/check.js';
import { addDeadLettersCommand } from './commands/dead-letters.js';
import { addDiscoverCommand } from './commands/discover.js';
import { addLocalCommand } from './commands/local.js';
import { addPlanCommand } from './commands/plan.js';
import { addPreviewCommand } from './commands/preview.js';
import { addProfileCommand } from './commands/profile.js';
import { addReplayCommand } from './commands/replay.js';
import { addRunCommand } from './commands/run.js';
import { addRunsCommand } from './commands/runs.js';
import { addScheduleCommand } from './commands/schedule.js';
import { addStateCommand } from './commands/state.js';
import { addValidateTransformsCommand } from './commands/validate-transforms.js';
import { addVerifyCommand } from './commands/verify.js';
import { EXIT } from './exit-status.js';
import type { Shell } from './shell.js';
import { errorText, exitStatusOfError } from './show-error.js';
import { version } from './version.js';

/** Runs one command line and gives its exit status. Nothing is thrown: an error is one screen of text. */
export async function runProgram(args: readonly string[], shell: Shell): Promise<number> {
  let status: number = EXIT.complete;
  const program = createProgram(shell, (result) => (status = result));
  try {
    await program.parseAsync([...args], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.complete : EXIT.usage;
    shell.output.say(errorText(error, program.opts<{ verbose?: boolean }>().verbose));
    return exitStatusOfError(error);
  }
}

function createProgram(shell: Shell, ended: (status: number) => void): Command {
  const program = new Command('loadin')
    .description('Brings concerts, artists and venues into an S3 lake and a Kinesis stream, and proves that all of it arrived.')
    .version(version(), '--version', 'print the version')
    .addOption(new Option('--verbose', 'say more on the way (as LOG_LEVEL=debug does)'))
    .configureOutput({ writeOut: (text) => shell.output.result(text), writeErr: (text) => shell.output.say(text.trimEnd()) })
    .showHelpAfterError('(loadin --help lists the commands)')
    .exitOverride()
    .addHelpText('after', '\nExit status: 0 complete · 1 failed · 2 wrong usage or configuration · 3 stopped, the same command goes on');
  addRunCommand(program, shell, ended);
  addPlanCommand(program, shell, ended);
  addPreviewCommand(program, shell, ended);
  addReplayCommand(program, shell, ended);
  addScheduleCommand(program, shell, ended);
  addRunsCommand(program, shell, ended);
  addVerifyCommand(program, shell, ended);
  addProfileCommand(program, shell, ended);
  addDeadLettersCommand(program, shell, ended);
  addCheckCommand(program, shell, ended);
  addDiscoverCommand(program, shell, ended);
  addValidateTransformsCommand(program, shell, ended);
  addStateCommand(program, shell, ended);
  addLocalCommand(program, shell, ended);
  return program;
}
