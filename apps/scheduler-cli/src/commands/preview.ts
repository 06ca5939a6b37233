import { loadEnvironment, readSettings } from '@loadin/config';
import { previewStream } from '@loadin/jobs';
import { FatalError } from '@loadin/resilience';
import type { Command } from 'commander';
import { EXIT } from '../exit-status.js';
import { createTerminalLogger } from '../logging.js';
import { createPreviewLines, createPreviewTable, type PreviewView } from '../render/preview.js';
import type { Shell } from '../shell.js';

interface PreviewFlags {
  readonly n: string;
  readonly job?: string;
  readonly json?: boolean;
}

const MOST = 10_000;

export function addPreviewCommand(program: Command, shell: Shell, ended: (status: number) => void): void {
  program
    .command('preview')
    .description('the first records of a stream; writes nothing')
    .argument('[stream]', 'by id (ticketmaster.events) or data type (events)')
    .option('-n <count>', 'so many records', '10')
    .option('--job <job>', "whose options count; default: the jobs file's first job that has the stream")
    .option('--json', 'one JSON record a line on stdout')
    .addHelpText(
      'after',
      '\nPages are read only as they are needed. Their calls count as those of any run.\nExit status: 0 · 1 every record was rejected, or the source failed · 2 wrong usage or configuration',
    )
    .action(async (stream: string | undefined, flags: PreviewFlags, command: Command) => {
      const verbose = command.optsWithGlobals<{ verbose?: boolean }>().verbose === true;
      ended(await preview(stream, flags, verbose, shell));
    });
}

async function preview(
  stream: string | undefined,
  { n, job, json }: PreviewFlags,
  verbose: boolean,
  { output, env, cwd, signal }: Shell,
): Promise<number> {
  if (stream === undefined) throw new FatalError('Which stream? None is named', { hint: 'For example: loadin preview events' });
  const environment = loadEnvironment({ cwd, env });
  const logger = createTerminalLogger(output, verbose ? 'debug' : readSettings(environment, []).logLevel);
  const view: PreviewView = json ? createPreviewLines(output) : createPreviewTable(output);
  for await (const item of previewStream({ stream, environment, job, count: countOf(n), logger, signal })) view.show(item);
  return view.end() ? EXIT.complete : EXIT.failed;
}

function countOf(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > MOST)
    throw new FatalError(`-n is "${text}", which is no number of records`, {
      hint: `Give a whole number from 1 to ${MOST.toLocaleString('en-US')}.`,
    });
  return count;
}
