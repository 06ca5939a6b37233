import { loadEnvironment, readSettings, settingsTable, type Environment } from '@loadin/config';
import { dueTimeOf, runNamedJob } from '@loadin/jobs';
import { earlyStop, parseScheduledTime } from '@loadin/pipeline';
import { FatalError } from '@loadin/resilience';
import type { Command } from 'commander';
import { EXIT, exitStatusOf } from '../exit-status.js';
import { createTerminalLogger } from '../logging.js';
import type { Shell } from '../shell.js';
import { createLineProgress, createLiveProgress, type ProgressView } from '../render/progress.js';
import { renderReport } from '../render/report.js';
import { collect } from '../render/options.js';
import { metricsWriter } from '../metrics.js';
import { traced } from '../traced.js';

interface RunFlags {
  readonly jobType?: string;
  readonly at?: string;
  readonly due?: boolean;
  readonly again?: boolean;
  readonly fullRefresh?: boolean;
  readonly concurrency?: number;
  readonly stream?: readonly string[];
  readonly entity?: readonly string[];
  readonly json?: boolean;
  readonly dryRun?: boolean;
  readonly printConfig?: boolean;
}

/** More are never faster: a source answers a few calls a second. */
const MOST_SLICES = 100;

export function addRunCommand(program: Command, shell: Shell, ended: (status: number) => void): void {
  program
    .command('run')
    .description('run a job once, or go on with the run that this is a retry of')
    .summary('run a job once, or go on with it')
    .argument('[job]', 'daily, hourly, artist_refresh, venue_refresh, or a job of your jobs file')
    .option('--job-type <job>', 'the same as the argument')
    .option('--at <time>', 'the scheduled time, for example 2024-11-08T02:00:00Z; default: a manual run now')
    .option('--due', 'the latest time at which the job was due, by its schedule: for runs that cron or systemd starts')
    .option('--again', 'make a new run although this one is complete')
    .option('--stream <name>', 'only this stream (repeat it for more), by id or data type', collect)
    .option('--entity <name>', 'the same as --stream, for entities of bronze: orders', collect)
    .option('--full-refresh', 'read incremental streams from the beginning, wherever their checkpoints are')
    .option('--concurrency <n>', 'slices of one stream at the same time, 1 to 100; default: 4', concurrencyOf)
    .option('--json', 'print the report as JSON, and nothing else, on stdout')
    .option('--dry-run', 'read and validate, write nothing')
    .option('--print-config', 'show the settings, masked, and where each comes from; runs nothing')
    .action(async (argument: string | undefined, flags: RunFlags, command: Command) => {
      const verbose = command.optsWithGlobals<{ verbose?: boolean }>().verbose === true;
      ended(await traced('run', {}, shell, () => run(argument, flags, verbose, shell)));
    });
}

async function run(
  argument: string | undefined,
  flags: RunFlags,
  verbose: boolean,
  { output, env, cwd, signal, threadFile }: Shell,
): Promise<number> {
  const environment = loadEnvironment({ cwd, env });
  const settings = readSettings(environment, []);
  if (flags.printConfig) {
    output.result(`${settingsTable(settings)}\n`);
    return EXIT.complete;
  }
  const job = jobName(argument, flags.jobType, settings.job);
  const at = await scheduledTime(job, flags, environment);
  const level = verbose ? 'debug' : settings.logLevel;
  const logger = createTerminalLogger(output, level);
  const live = output.terminal !== undefined && level !== 'debug' && !flags.json;
  const progress: ProgressView = live ? createLiveProgress(output.terminal, signal) : createLineProgress((line) => logger.info(line));
  const sayBetween = (line: string): void => {
    progress.below();
    output.say(line);
  };
  const running = runNamedJob({
    job,
    environment,
    at,
    again: flags.again,
    streams: flags.stream === undefined && flags.entity === undefined ? undefined : [...(flags.stream ?? []), ...(flags.entity ?? [])],
    fullRefresh: flags.fullRefresh,
    concurrency: flags.concurrency,
    dryRun: flags.dryRun,
    signal,
    encoder: { threadFile },
    // A moving picture and a log on the same terminal would tear each other apart: then only errors are said.
    logger: live ? createTerminalLogger({ ...output, say: sayBetween }, 'error') : logger,
    observe: progress.observe,
    ...(settings.metrics && { metrics: metricsWriter(output, flags.json === true) }),
  });
  const report = await running
    .finally(() => progress.end())
    .catch((error: unknown) => {
      if (flags.json) output.result(earlyStopJson(error, job, at));
      throw error;
    });
  output.result(flags.json ? `${JSON.stringify(report)}\n` : renderReport(report));
  return exitStatusOf(report);
}

async function scheduledTime(job: string, { at, due }: RunFlags, environment: Environment): Promise<string | undefined> {
  if (due !== true) return at;
  if (at === undefined) return dueTimeOf({ job, environment });
  throw new FatalError('--at and --due name two times', { hint: 'Give one of them.' });
}

/** Whoever reads the report finds its status here too: of a run that was stopped before there was one. Empty for what is no stop. */
function earlyStopJson(error: unknown, job: string, at: string | undefined): string {
  const stop = earlyStop(error);
  if (stop === undefined) return '';
  const scheduled_time = at === undefined ? null : parseScheduledTime(at);
  return `${JSON.stringify({ run_id: null, job, scheduled_time, already_complete: false, ...stop, streams: [], report_uri: null })}\n`;
}

function concurrencyOf(text: string): number {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= MOST_SLICES) return number;
  throw new FatalError(`--concurrency must be a whole number from 1 to ${MOST_SLICES}, is "${text}"`);
}

function jobName(argument: string | undefined, flag: string | undefined, setting: string | undefined): string {
  if (argument !== undefined && flag !== undefined && argument !== flag) {
    throw new FatalError(`Two different jobs are named: "${argument}" and --job-type "${flag}"`, { hint: 'Name one.' });
  }
  const name = argument ?? flag ?? setting;
  if (name === undefined) throw new FatalError('Which job? None is named', { hint: 'For example: loadin run daily (or set LOADIN_JOB).' });
  return name;
}
