import { loadEnvironment, readSettings } from '@loadin/config';
import { replayJobs } from '@loadin/jobs';
import type { ReplayReport } from '@loadin/pipeline';
import type { Command } from 'commander';
import { EXIT } from '../exit-status.js';
import { createTerminalLogger } from '../logging.js';
import type { Shell } from '../shell.js';
import { traced } from '../traced.js';
import { collect } from '../render/options.js';
import { replayText } from './replay-text.js';

interface ReplayFlags {
  readonly from: string;
  readonly to: string;
  readonly stream?: readonly string[];
  readonly job?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const HELP = `
Complete runs whose scheduled time is --from, --to or between them (both ends are included; a date alone means the whole day, UTC) are delivered
again from their landed pages, with the transforms of this version. No source is asked, and none of its credentials is needed.
Raw objects that come out the same stay untouched, others are rebuilt or replaced; the stream is sent every record again, and those that changed
carry replay_of. Checkpoints stay. A replay that was ended goes on with the same command.

Exit status: 0 all replayed · 1 a run could not be replayed, or too many records are rejected · 2 wrong usage or configuration · 3 stopped, the same command goes on`;

export function addReplayCommand(program: Command, shell: Shell, ended: (status: number) => void): void {
  program
    .command('replay')
    .description('deliver runs again from what they landed, without a call to a source')
    .summary('deliver runs again from what they landed')
    .requiredOption('--from <time>', 'the earliest scheduled time, included: 2024-11-08T02:00:00Z, or a date')
    .requiredOption('--to <time>', 'the latest scheduled time, included; a date alone means until its end')
    .option('--stream <name>', 'only this stream (repeat it for more), by id or data type', collect)
    .option('--job <name>', 'only runs of this job; default: of all jobs')
    .option('--dry-run', 'compare and count, write nothing')
    .option('--json', 'print the report as JSON, and nothing else, on stdout')
    .addHelpText('after', HELP)
    .action(async (flags: ReplayFlags, command: Command) => {
      const verbose = command.optsWithGlobals<{ verbose?: boolean }>().verbose === true;
      ended(await traced('replay', {}, shell, () => replay(flags, verbose, shell)));
    });
}

async function replay(flags: ReplayFlags, verbose: boolean, { output, env, cwd, signal }: Shell): Promise<number> {
  const environment = loadEnvironment({ cwd, env });
  const logger = createTerminalLogger(output, verbose ? 'debug' : readSettings(environment, []).logLevel);
  const { from, to, job, stream: streams, dryRun } = flags;
  const report = await replayJobs({ environment, from, to, job, streams, dryRun, logger, signal });
  output.result(flags.json ? `${JSON.stringify(report)}\n` : replayText(report));
  return statusOf(report);
}

function statusOf({ status, runs }: ReplayReport): number {
  if (status === 'stopped') return EXIT.stopped;
  return status === 'failed' || runs.some(({ problems }) => problems.length > 0) ? EXIT.failed : EXIT.complete;
}
