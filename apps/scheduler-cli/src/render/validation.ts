import type { FieldChange, SampleOutcome, TransformsValidation, Trial } from '@loadin/transforms/samples';
import chalk from 'chalk';
import type { FileTrial } from '../commands/validate-transforms-file.js';
import { renderTable } from './table.js';
import { count } from './units.js';

/** Columns of a table in which a value is longer than a line help nobody. */
const BEFORE_WIDTH = 64;
const AFTER_WIDTH = 56;
/** Records of a file whose fields are printed without `--verbose`. */
const SHOWN = 3;
/** Rejected records of a file that need no sum. */
const SUMMED_UP_ABOVE = 10;

/** Every sample: of a good one all fields, of an odd one those that it is about, of a wrong one the rejections. With `verbose` always all. */
export function renderValidation({ ok, outcomes }: TransformsValidation, verbose = false): string {
  const types = [...new Set(outcomes.map(({ sample }) => sample.dataType))];
  const parts = types.map((type) => {
    const own = outcomes.filter(({ sample }) => sample.dataType === type);
    return [`${chalk.bold(type)}: ${count(own.length)} samples`, '', ...own.flatMap((outcome) => sampleLines(outcome, verbose))].join('\n');
  });
  const failed = outcomes.filter(({ problems }) => problems.length > 0).length;
  const verdict = ok
    ? `All ${count(outcomes.length)} samples do what they should.`
    : `${count(failed)} of ${count(outcomes.length)} samples ${failed === 1 ? 'does' : 'do'} not do what ${failed === 1 ? 'it' : 'they'} should: see WRONG above.`;
  return `${parts.join('\n')}\n${verdict}\n`;
}

function sampleLines({ sample, trial, problems }: SampleOutcome, verbose: boolean): string[] {
  const mark = problems.length === 0 ? chalk.green('OK   ') : chalk.red('WRONG');
  const isShown = ({ field }: FieldChange): boolean => verbose || sample.kind !== 'odd' || Object.hasOwn(sample.expected, field);
  return [
    `${mark}  ${sample.kind.padEnd(5)}  ${sample.name}`,
    ...problems.map((problem) => `       → ${printable(problem)}`),
    ...trialLines(trial, isShown),
    '',
  ];
}

/** The records of a file: every rejection, and the fields of the first accepted ones (with `verbose` of all). */
export function renderFileTrials(trials: readonly FileTrial[], verbose = false): string {
  let shown = 0;
  const parts = trials.flatMap(({ where, dataType, trial }) => {
    if (trial.ok && !verbose && shown >= SHOWN) return [];
    shown += trial.ok ? 1 : 0;
    const mark = trial.ok ? chalk.green('OK      ') : chalk.red('REJECTED');
    return [`${mark}  ${where}  ${dataType ?? 'unknown'}${trial.ok ? `  ${trial.id}` : ''}`, ...trialLines(trial, () => true), ''];
  });
  const accepted = trials.filter(({ trial }) => trial.ok).length;
  const hidden = accepted - shown;
  const more = hidden > 0 ? ` (fields of the first ${shown}; --verbose prints all)` : '';
  const total = `${count(trials.length)} ${trials.length === 1 ? 'record' : 'records'}: ${count(accepted)} accepted${more}, ${count(trials.length - accepted)} rejected.`;
  return `${[...parts, ...reasons(trials), total].join('\n')}\n`;
}

/** More rejections than a screen holds are summed up by what they are for. */
function reasons(trials: readonly FileTrial[]): string[] {
  const rejected = trials.flatMap(({ dataType, trial }) => (trial.ok ? [] : [{ dataType, rejections: trial.rejections }]));
  if (rejected.length <= SUMMED_UP_ABOVE) return [];
  const counts = new Map<string, number>();
  for (const { dataType, rejections } of rejected)
    for (const { path, message } of rejections) {
      // Each has its own value; the reason is the same.
      const key = [dataType ?? 'unknown', path.replace(/\[\d+\]/g, '[]') || '(the record)', message.replace(/, is .*$/s, '')].join('\t');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  const rows = [...counts].sort(([, a], [, b]) => b - a).map(([key, number]) => [...key.split('\t'), count(number)]);
  const columns = [{ title: 'TYPE' }, { title: 'REJECTED AT' }, { title: 'REASON' }, { title: 'TIMES', align: 'right' as const }];
  return [...renderTable(columns, rows), ''];
}

function trialLines(trial: Trial, isShown: (change: FieldChange) => boolean): string[] {
  if (trial.ok) {
    const rows = trial.fields.filter(isShown).map((change) => [change.field, beforeText(change), cut(text(change.after), AFTER_WIDTH)]);
    return indented(renderTable([{ title: 'FIELD' }, { title: 'BEFORE' }, { title: 'AFTER' }], rows));
  }
  const rows = trial.rejections.map(({ path, message, value }) => [
    path === '' ? '(the record)' : path,
    cut(text(value), BEFORE_WIDTH),
    printable(message),
  ]);
  return indented(renderTable([{ title: 'REJECTED AT' }, { title: 'VALUE' }, { title: 'REASON' }], rows));
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `       ${line}`);

function beforeText({ before }: FieldChange): string {
  const given = before.map(({ path, value }) => `${path} ${text(value)}`);
  return cut(given.length === 0 ? '-' : given.join(', '), BEFORE_WIDTH);
}

const text = (value: unknown): string => printable(JSON.stringify(value) ?? 'absent');

/** JSON writes most control characters as what they are; a terminal would obey the others as well. */
const printable = (json: string): string => json.replace(/[\u007f-\u009f]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
const cut = (value: string, width: number): string => (value.length <= width ? value : `${value.slice(0, width - 1)}…`);

/** What `--json` prints of samples. */
export function validationJson({ ok, outcomes }: TransformsValidation): object {
  const samples = outcomes.map(({ sample, trial, problems }) => {
    const { dataType, name, kind, raw } = sample;
    return { data_type: dataType, name, kind, ok: problems.length === 0, problems, ...trialJson(raw, trial) };
  });
  return { ok, samples };
}

/** What `--json` prints of a file's records. */
export function fileTrialsJson(trials: readonly FileTrial[]): object {
  const records = trials.map(({ where, dataType, raw, trial }) => ({ where, data_type: dataType ?? null, ok: trial.ok, ...trialJson(raw, trial) }));
  return { ok: trials.every(({ trial }) => trial.ok), records };
}

function trialJson(raw: unknown, trial: Trial): object {
  if (!trial.ok) return { before: raw, after: null, rejections: trial.rejections.map(({ path, message }) => ({ path, message })) };
  return { before: raw, after: Object.fromEntries(trial.fields.map(({ field, after }) => [field, after])), rejections: [] };
}
