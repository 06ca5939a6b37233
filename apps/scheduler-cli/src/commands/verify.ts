import { loadEnvironment } from '@loadin/config';
import { verifyJobRuns } from '@loadin/jobs';
import type { VerifiedRun } from '@loadin/pipeline';
import { FatalError } from '@loadin/resilience';
import type { Command } from 'commander';
import { EXIT } from '../exit-status.js';
import { wholeNumber } from '../render/options.js';
import type { Shell } from '../shell.js';
import { verdictText, verifiedRunText } from './verify-text.js';

interface VerifyFlags {
  /** An id; or a job and a scheduled time. */
  readonly run?: readonly string[];
  readonly stream?: string;
  readonly last?: number;
  readonly lakeOnly?: boolean;
  readonly json?: boolean;
}

const HELP = `
Every raw object that the run's report names is read again: bytes, MD5, envelope, counts, ids (each once in a run). Objects that no report names are looked
for. Then the stream is read, as far as it still holds the run: each record's hash, and that lake and stream have the same records.
Of entities every Parquet file that was committed is rehashed (SHA-256), and files of the run that were not committed are looked for. Nothing is written.
Without --run and --stream it is the latest run.

Exit status: 0 all is as reported · 1 something differs (each object is named) · 2 wrong usage or configuration`;

export function addVerifyCommand(program: Command, shell: Shell, ended: (status: number) => void): void {
  program
    .command('verify')
    .description('recount and rehash what a run has delivered, against its report')
    .option('--run <run...>', 'this run, by its id; or by its job and time: daily 2024-11-08T02:00:00Z')
    .option('--stream <id>', 'this stream of the last runs that have it: ticketmaster.events')
    .option('--last <n>', 'with --stream: so many runs; default: 1', wholeNumber('--last', 1, 100_000))
    .option('--lake-only', 'do not look at the stream')
    .option('--json', 'one JSON document a run, one a line')
    .addHelpText('after', HELP)
    .action(async (flags: VerifyFlags) => ended(await verify(flags, shell)));
}

async function verify(flags: VerifyFlags, { output, env, cwd, signal }: Shell): Promise<number> {
  const { run, stream, last, json } = flags;
  if (run !== undefined && stream !== undefined) throw new FatalError('--run and --stream are both given', { hint: 'Name one.' });
  if (last !== undefined && stream === undefined)
    throw new FatalError('--last needs --stream', { hint: 'For example: loadin verify --stream ticketmaster.events --last 7.' });
  const [named, time, ...more] = run ?? [];
  if (more.length > 0)
    throw new FatalError(`--run names one run, and "${more.join(' ')}" is too much`, { hint: 'Give an id, or a job and a scheduled time.' });
  let runs = 0;
  const onRun = (verified: VerifiedRun): void => {
    runs += 1;
    output.result(json ? `${JSON.stringify(verified)}\n` : `${verifiedRunText(verified)}\n`);
  };
  const differences = await verifyJobRuns({
    environment: loadEnvironment({ cwd, env }),
    selection: { run: named, time, stream, last },
    onStream: flags.lakeOnly !== true,
    signal,
    onRun,
  });
  if (!json) output.result(verdictText(runs, differences));
  return differences === 0 ? EXIT.complete : EXIT.failed;
}
