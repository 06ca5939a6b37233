import type { OpenLetter, RetryReport } from '@loadin/pipeline';
import { renderTable } from '../render/table.js';
import { count } from '../render/units.js';

const LONGEST_REASON = 80;

/** A letter for programs: as it is stored, and what has become of it. */
export const letterLine = ({ id, job, letter, open_sinks, discarded }: OpenLetter): object => ({ id, job, ...letter, open_sinks, discarded });

export function lettersText(letters: readonly OpenLetter[], more: boolean): string {
  if (letters.length === 0) return 'No dead letter waits.\n';
  const columns = [
    { title: 'LETTER' },
    { title: 'JOB' },
    { title: 'STREAM' },
    { title: 'STAGE' },
    { title: 'WAITS FOR' },
    { title: 'RUN' },
    { title: 'REASON' },
  ];
  const rows = letters.map(({ id, job, letter, open_sinks }) => [
    id,
    job ?? '?',
    letter.stream,
    letter.stage,
    open_sinks.join(', '),
    letter.run_id,
    letter.reason.length > LONGEST_REASON ? `${letter.reason.slice(0, LONGEST_REASON - 1)}…` : letter.reason,
  ]);
  const rest = more ? ['', 'There are more: raise --limit, or narrow it with --job, --stream, --run or --stage.'] : [];
  return `${[...renderTable(columns, rows), ...rest].join('\n')}\n`;
}

export function letterText({ id, job, letter, open_sinks, discarded, uri, line }: OpenLetter & { readonly uri: string }): string {
  const { stage, reason, error_class, sinks, run_id, stream, slice, record } = letter;
  const status = discarded ? 'discarded' : open_sinks.length === 0 ? 'delivered since' : `waits for ${open_sinks.join(', ')}`;
  const facts = [
    ['letter', id],
    ['status', status],
    ['stage', stage],
    ['reason', reason],
    ['class', error_class],
    ['sinks', sinks.join(', ')],
    ['job', job ?? 'unknown'],
    ['stream', `${stream}, slice ${slice}`],
    ['run', run_id],
    ['lies in', `${uri}, line ${line + 1}`],
  ];
  return `${facts.map(([name = '', value = '']) => `${name.padEnd(8)}  ${value}`).join('\n')}\n\n${JSON.stringify(record, null, 2)}\n`;
}

export function retryText({ letters, delivered, found, remaining, reasons, objects }: RetryReport): string {
  if (letters === 0) return 'No dead letter waits.\n';
  const otherwise = found === 0 ? '' : ` (${count(found)} of them had been delivered by another copy)`;
  const lines = [`${count(delivered)} of ${count(letters)} letters are delivered${otherwise}; ${count(remaining)} stay`];
  const stay = reasons.map(({ reason, letters: many, example }) => `  ${count(many)} × ${reason} (for example ${example})`);
  return `${[...lines, ...(stay.length > 0 ? ['STAY', ...stay] : []), ...objects.map((uri) => `wrote ${uri}`)].join('\n')}\n`;
}
