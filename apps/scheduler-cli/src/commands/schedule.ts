import { loadEnvironment } from '@loadin/config';
import { listSchedules } from '@loadin/jobs';
import { parseScheduledTime } from '@loadin/pipeline';
import { FatalError } from '@loadin/resilience';
import type { Command } from 'commander';
import { EXIT } from '../exit-status.js';
import { collect, wholeNumber } from '../render/options.js';
import type { Shell } from '../shell.js';
import { addScheduleRunCommand } from './schedule-run.js';
import { selectJobs, withSchedule } from './scheduled-jobs.js';
import { scheduleJson, scheduleText } from './schedule-text.js';
import { refuseMisplaced, writeCrontab, writeSystemd, type UnitFlags } from './schedule-units.js';

interface ScheduleFlags extends UnitFlags {
  readonly job?: readonly string[];
  readonly count: number;
  readonly from?: string;
  readonly json?: boolean;
  readonly crontab?: boolean;
  readonly systemd?: boolean;
}

export function addScheduleCommand(program: Command, shell: Shell, ended: (status: number) => void): void {
  const schedule = program
    .command('schedule')
    .summary('when jobs are due; cron, systemd, or a scheduler of its own')
    .description('when jobs are due, the same for cron and systemd, and a scheduler for one machine (loadin schedule run)')
    .option('--job <name>', 'only this job (repeat it for more); default: all', collect)
    .option('--count <n>', 'so many next runs of each job, from 1 to 1000', wholeNumber('--count', 1, 1000), 3)
    .option('--from <time>', 'the runs after this time, for example 2024-11-08T02:00:00Z; default: now')
    .option('--json', 'as one JSON document')
    .option('--crontab', 'as lines of a crontab')
    .option('--systemd', 'as services and timers of systemd')
    .option('--out <folder>', 'of --systemd: where the files are written; default: they are printed')
    .option('--dir <folder>', 'of --crontab and --systemd: where the command runs, with .env and the jobs file; default: this folder')
    .option('--environment-file <path>', 'of --crontab and --systemd: a file of settings, NAME=value')
    .option('--user <name>', 'of --systemd: who runs the services; default: root')
    .option('--log-dir <folder>', 'of --crontab: where the lines of each job go; default: cron sends them by mail')
    .option('--cron-zone <zone>', "of --crontab: the zone that cron goes by; default: this machine's")
    .option('--cron-tz', 'of --crontab: name the zone of each line with CRON_TZ, which cronie reads and others do not')
    .action(async (flags: ScheduleFlags) => ended(await show(flags, shell)));
  addScheduleRunCommand(schedule, shell, ended);
}

async function show(flags: ScheduleFlags, shell: Shell): Promise<number> {
  const { output, env, cwd } = shell;
  if ([flags.json, flags.crontab, flags.systemd].filter(Boolean).length > 1)
    throw new FatalError('--json, --crontab and --systemd are different outputs', { hint: 'Give one of them.' });
  refuseMisplaced(flags);
  const { jobs, jobsFile } = await listSchedules(loadEnvironment({ cwd, env }));
  const wanted = selectJobs(jobs, flags.job, jobsFile);
  if (flags.crontab || flags.systemd) {
    const status = await (flags.crontab ? writeCrontab : writeSystemd)(withSchedule(wanted, jobsFile), flags, shell);
    if (env['LOADIN_JOBS'] && flags.environmentFile === undefined)
      output.say(
        `The jobs are those of ${jobsFile}, which LOADIN_JOBS of this shell names\n  → Runs that cron or systemd starts don't see this shell: set LOADIN_JOBS in .env of their folder, or give --environment-file.`,
      );
    return status;
  }
  const from = flags.from === undefined ? Date.now() : Date.parse(parseScheduledTime(flags.from));
  const shown = { jobs: wanted, jobsFile, from, count: flags.count };
  output.result(flags.json ? scheduleJson(shown) : scheduleText(shown));
  return EXIT.complete;
}
