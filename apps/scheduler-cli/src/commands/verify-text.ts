import type { Difference, VerifiedRun } from '@loadin/pipeline';
import chalk from 'chalk';
import { renderTable } from '../render/table.js';
import { bytes, count, instant } from '../render/units.js';

const right = (title: string) => ({ title, align: 'right' as const });

export function verifiedRunText({ run_id, job, scheduled_time, streams }: VerifiedRun): string {
  const columns = [{ title: 'STREAM' }, ...['OBJECTS', 'RECORDS', 'BYTES', 'ON STREAM', 'SENT AGAIN', 'DIFFERENCES'].map(right)];
  const rows = streams.map(({ stream, objects, records, bytes: size, on_stream: seen, differences }) => [
    stream,
    count(objects),
    count(records),
    bytes(size),
    seen === null ? '–' : count(seen.matched),
    seen === null ? '–' : count(seen.repeated),
    count(differences.length),
  ]);
  const notes = streams.flatMap(({ stream, notes: found }) => found.map((note) => `note: ${stream}: ${note}`));
  const differences = streams.flatMap(({ differences: found }) => found);
  return [
    `${job} · scheduled ${instant(scheduled_time)} · run ${run_id}`,
    ...renderTable(columns, rows),
    ...notes,
    ...(differences.length === 0 ? [] : ['DIFFERENCES', ...byPlace(differences)]),
    '',
  ].join('\n');
}

/** Each object once, with all that differs. */
function byPlace(differences: readonly Difference[]): string[] {
  const places = new Map<string, string[]>();
  for (const { where, message } of differences) places.set(where, [...(places.get(where) ?? []), message]);
  return [...places].flatMap(([where, messages]) => [`  ${where}`, ...messages.map((message) => `    ${message}`)]);
}

export function verdictText(runs: number, differences: number): string {
  const what = runs === 1 ? 'The run is' : `${count(runs)} runs are`;
  if (differences === 0) return `${what} ${chalk.green('as reported')}.\n`;
  return `${chalk.red(`${count(differences)} ${differences === 1 ? 'difference' : 'differences'}`)}: what to do about them is in docs/delivery.md (When something is wrong).\n`;
}
