import { loadEnvironment, readSettings } from '@loadin/config';
import { listSchedules, withState } from '@loadin/jobs';
import { runScheduler, type SchedulerState } from '@loadin/schedules';
import type { Command } from 'commander';
import { EXIT } from '../exit-status.js';
import { createTerminalLogger } from '../logging.js';
import { collect } from '../render/options.js';
import type { Shell } from '../shell.js';
import { startRun } from '../start-run.js';
import { thisCommand } from '../this-command.js';
import { selectJobs, withSchedule } from './scheduled-jobs.js';

export function addScheduleRunCommand(schedule: Command, shell: Shell, ended: (status: number) => void): void {
  schedule
    .command('run')
    .summary('start each job when it is due, until it is stopped')
    .description('a scheduler for one machine: starts each job when it is due, until Ctrl-C or SIGTERM')
    .option('--job <name>', 'only this job (repeat it for more); default: all that have a schedule', collect)
    .addHelpText(
      'after',
      `
Each run is a process of its own: loadin run <job> --at <time>. What was missed is made up for once, with the newest time; a job never has two runs under way;
what stopped for a quota or a deadline is gone on with. What is done is remembered in the checkpoint store.

Exit status: 0 nothing was under way, or it is complete · 2 wrong configuration · 3 a run has stopped, and the next start goes on with it`,
    )
    // Its parent has options of the same name.
    .action(async (_flags: unknown, command: Command) => {
      const { job, verbose } = command.optsWithGlobals<{ job?: readonly string[]; verbose?: boolean }>();
      ended(await run(job, verbose === true, shell));
    });
}

async function run(names: readonly string[] | undefined, verbose: boolean, shell: Shell): Promise<number> {
  const { output, env, cwd, signal } = shell;
  const environment = loadEnvironment({ cwd, env });
  const logger = createTerminalLogger(output, verbose ? 'debug' : readSettings(environment, []).logLevel);
  const { jobs, jobsFile } = await listSchedules(environment);
  const scheduled = withSchedule(selectJobs(jobs, names, jobsFile), jobsFile).map(({ job: name, schedule }) => ({ name, schedule }));
  const program = thisCommand();
  const { unfinished } = await withState(environment, (state) =>
    runScheduler({ jobs: scheduled, run: startRun({ program, cwd, env, say: output.say }), state: state as SchedulerState, signal, logger }),
  );
  return unfinished.length === 0 ? EXIT.complete : EXIT.stopped;
}
