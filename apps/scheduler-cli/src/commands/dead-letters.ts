import { loadEnvironment, type Environment } from '@loadin/config';
import { discardDeadLetters, listDeadLetters, retryDeadLetters, showDeadLetter } from '@loadin/jobs';
import type { LetterSelection, OpenLetter } from '@loadin/pipeline';
import { FatalError } from '@loadin/resilience';
import { Option, type Command } from 'commander';
import { EXIT } from '../exit-status.js';
import { wholeNumber } from '../render/options.js';
import { count } from '../render/units.js';
import type { Shell } from '../shell.js';
import { letterLine, letterText, lettersText, retryText } from './dead-letters-text.js';

interface Filters {
  readonly job?: string;
  readonly stream?: string;
  readonly run?: string;
  readonly stage?: 'transform' | 'sink' | 'load';
}

/** So many lines without --limit: more than a screen is rarely read. */
const LIMIT = 50;

export function addDeadLettersCommand(program: Command, shell: Shell, ended: (status: number) => void): void {
  const { output, env, cwd, signal } = shell;
  const letters = program.command('dead-letters').description('records that could not be delivered: why, and what becomes of them');
  const environment = (): Environment => loadEnvironment({ cwd, env });

  filtered(letters.command('list').description('the letters that wait'))
    .option('--limit <n>', `so many; default: ${LIMIT}, with --json all`, wholeNumber('--limit', 1, 1_000_000))
    .option('--json', 'NDJSON, a letter a line')
    .action(async ({ limit, json, ...filters }: Filters & { limit?: number; json?: boolean }) => {
      await list(environment(), filters, { limit: limit ?? (json ? Number.POSITIVE_INFINITY : LIMIT), json: json === true }, shell);
      ended(EXIT.complete);
    });
  letters
    .command('show')
    .description('one letter with its record')
    .argument('<id>', 'as list shows it')
    .option('--json', 'as JSON')
    .action(async (id: string, { json }: { json?: boolean }) => {
      const letter = await showDeadLetter(environment(), id);
      output.result(json ? `${JSON.stringify(letterLine(letter))}\n` : letterText(letter));
      ended(EXIT.complete);
    });
  filtered(letters.command('retry').description('send letters to the sinks that have not got them; without a selection: all'))
    .argument('[ids...]', 'only these')
    .option('--json', 'as JSON')
    .action(async (ids: string[], { json, ...filters }: Filters & { json?: boolean }) => {
      const report = await retryDeadLetters({ environment: environment(), selection: selectionOf(ids, filters), signal });
      output.result(json ? `${JSON.stringify(report)}\n` : retryText(report));
      ended(report.remaining === 0 ? EXIT.complete : EXIT.failed);
    });
  filtered(letters.command('discard').description('settle letters without delivering them'))
    .argument('[ids...]', 'only these')
    .option('--all', 'all that wait')
    .option('--yes', 'do it; without it, it is only said how many they are')
    .action(async (ids: string[], { all, yes, ...filters }: Filters & { all?: boolean; yes?: boolean }) => {
      ended(await discard(environment(), selectionOf(ids, filters), { all: all === true, yes: yes === true }, shell));
    });
}

const filtered = (command: Command): Command =>
  command
    .option('--job <name>', 'of runs of this job')
    .option('--stream <id>', 'of this stream: ticketmaster.events')
    .option('--run <id>', 'of this run')
    .addOption(
      new Option('--stage <stage>', 'rejected by a transform, refused by a sink, or left out of the files of a load').choices([
        'transform',
        'sink',
        'load',
      ]),
    );

const selectionOf = (ids: readonly string[], filters: Filters): LetterSelection => ({ ...filters, ...(ids.length > 0 && { ids }) });

async function list(
  environment: Environment,
  selection: Filters,
  { limit, json }: { limit: number; json: boolean },
  { output }: Shell,
): Promise<void> {
  const shown: OpenLetter[] = [];
  let seen = 0;
  const onLetter = (letter: OpenLetter): boolean => {
    seen += 1;
    if (seen > limit) return false;
    if (json) output.result(`${JSON.stringify(letterLine(letter))}\n`);
    else shown.push(letter);
    return true;
  };
  await listDeadLetters({ environment, selection, onLetter });
  if (!json) output.result(lettersText(shown, seen > limit));
}

async function discard(
  environment: Environment,
  selection: LetterSelection,
  { all, yes }: { all: boolean; yes: boolean },
  { output }: Shell,
): Promise<number> {
  if (Object.values(selection).every((value) => value === undefined) && !all)
    throw new FatalError('Which letters? None are named', { hint: 'Give ids, --job, --stream, --run or --stage; or --all.' });
  const found = await discardDeadLetters({ environment, selection, dryRun: !yes });
  if (!yes && found > 0)
    throw new FatalError(`${count(found)} ${found === 1 ? 'letter' : 'letters'} would be discarded; nothing was done`, {
      hint: 'They are never delivered then. Say it with --yes.',
    });
  output.result(`${count(found)} ${found === 1 ? 'letter' : 'letters'} discarded\n`);
  return EXIT.complete;
}
