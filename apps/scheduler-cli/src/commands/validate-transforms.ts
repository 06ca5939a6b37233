import { DATA_TYPES, type DataType } from '@loadin/transforms';
import { validateTransforms } from '@loadin/transforms/samples';
import { FatalError } from '@loadin/resilience';
import type { Command } from 'commander';
import { EXIT } from '../exit-status.js';
import { fileTrialsJson, renderFileTrials, renderValidation, validationJson } from '../render/validation.js';
import type { Shell } from '../shell.js';
import { tryFile } from './validate-transforms-file.js';

interface Flags {
  readonly type?: readonly DataType[];
  readonly file?: string;
  readonly json?: boolean;
}

export function addValidateTransformsCommand(program: Command, shell: Shell, ended: (status: number) => void): void {
  program
    .command('validate-transforms')
    .description('run all transforms over bundled samples, or your own records: before and after of each field, and every rejection')
    .summary('try the transforms on samples or your records')
    .option('--type <type>', `only this data type (repeat it for more): ${DATA_TYPES.join(', ')}`, collectType)
    .option('--file <path>', 'your own records instead: a page or records of a source as JSON, NDJSON or landed pages (.gz as well)')
    .option('--json', 'print one JSON document, and nothing else, on stdout')
    .addHelpText(
      'after',
      '\nIt needs no settings and no network. --verbose prints every field of every record.' +
        '\nExit status: 0 every sample does what it should (with --file: no record is rejected) · 1 one does not · 2 the file can not be read',
    )
    .action(async (flags: Flags, command: Command) => {
      const verbose = command.optsWithGlobals<{ verbose?: boolean }>().verbose === true;
      ended(flags.file === undefined ? samples(flags, verbose, shell) : await ownRecords(flags.file, flags, verbose, shell));
    });
}

function collectType(value: string, earlier: readonly DataType[] = []): readonly DataType[] {
  const found = DATA_TYPES.find((dataType) => dataType === value);
  if (found === undefined) throw new FatalError(`There is no data type "${value}"`, { hint: `There are: ${DATA_TYPES.join(', ')}.` });
  return [...earlier, found];
}

function samples({ type, json }: Flags, verbose: boolean, { output }: Shell): number {
  const validation = validateTransforms({ types: type });
  output.result(json ? `${JSON.stringify(validationJson(validation))}\n` : renderValidation(validation, verbose));
  return validation.ok ? EXIT.complete : EXIT.failed;
}

async function ownRecords(file: string, { type = [], json }: Flags, verbose: boolean, { output, cwd }: Shell): Promise<number> {
  if (type.length > 1) {
    throw new FatalError('Records of a file can have one --type', {
      hint: 'Leave it out: records of Spotify and Ticketmaster name their type themselves.',
    });
  }
  const trials = await tryFile(file, cwd, type[0]);
  output.result(json ? `${JSON.stringify(fileTrialsJson(trials))}\n` : renderFileTrials(trials, verbose));
  return trials.every(({ trial }) => trial.ok) ? EXIT.complete : EXIT.failed;
}
