import type { RunDetails, RunRecord, RunSummary } from '@loadin/pipeline';
import chalk from 'chalk';
import { entitiesTable, isEntity } from '../render/entities.js';
import { problemLines } from '../render/problems.js';
import { notesOf, objectsTable, sinksTable } from '../render/report.js';
import { renderTable } from '../render/table.js';
import { timeLine } from '../render/time.js';
import { count, duration, instant } from '../render/units.js';

const right = (title: string) => ({ title, align: 'right' as const });
const COLOURS: Readonly<Record<RunRecord['status'], (text: string) => string>> = {
  complete: chalk.green,
  stopped: chalk.yellow,
  running: chalk.yellow,
  failed: chalk.red,
};

export function runsText({ uri, runs }: { readonly uri: string; readonly runs: readonly RunSummary[] }): string {
  if (runs.length === 0) return `No run yet in ${uri}.\n`;
  const numbers = ['ATTEMPTS', 'READ', 'ACCEPTED', 'REJECTED', 'DEAD-LETTERED', 'OBJECTS', 'PROBLEMS'].map(right);
  const columns = [{ title: 'SCHEDULED' }, { title: 'JOB' }, { title: 'STATUS' }, ...numbers, { title: 'RUN' }];
  const rows = runs.map(({ scheduled_time, job, status, attempts, counts, problems, run_id }) => [
    instant(scheduled_time),
    job,
    status,
    count(attempts),
    ...(['read', 'accepted', 'rejected', 'dead_lettered', 'objects'] as const).map((name) => (counts === null ? '–' : count(counts[name]))),
    count(problems.length),
    run_id,
  ]);
  return `${renderTable(columns, rows).join('\n')}\n\n${uri}\n`;
}

export function runDetailsText(details: RunDetails): string {
  const { streams } = details;
  const records = streams.filter((stream) => !isEntity(stream));
  const sections = [
    heading(details),
    entitiesTable(streams),
    [...streamsTable(records), ...timeLine(details.time)],
    sinksTable(records, 'DELIVERED'),
    objectsTable(streams),
    notesOf(streams),
    problemLines(details.problems, streams),
    footer(details),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

function heading({ run, source, stopped, duration_ms }: RunDetails): string[] {
  const again = run.repetition > 1 ? ` · repetition ${run.repetition}` : '';
  const took = duration_ms === null ? '' : ` in ${duration(duration_ms)}`;
  const lines = [
    `${run.job} · scheduled ${instant(run.scheduled_time)}${again} · attempts ${run.attempts} · ${COLOURS[run.status](run.status)}${took}`,
    `first attempt at ${instant(run.started_at)}`,
  ];
  if (source !== 'report') lines.push('Its last attempt is under way, or was ended without a word: these are the numbers that it has saved so far.');
  if (stopped !== null) {
    const until = stopped.resume_after === undefined ? '' : `, not before ${instant(stopped.resume_after)}`;
    lines.push(`Stopped (${stopped.reason ?? 'cancelled'}): the same command goes on${until}.`);
  }
  return lines;
}

function streamsTable(streams: RunDetails['streams']): string[] {
  const numbers = ['SLICES', 'READ', 'ACCEPTED', 'REJECTED', 'DEDUPLICATED'].map(right);
  const rows = streams.map(({ stream, status, slices, ledger }) => [
    stream,
    status.replace('_', ' '),
    `${slices.finished} of ${slices.planned}`,
    ...[ledger.read, ledger.accepted, ledger.rejected, ledger.deduplicated].map(count),
  ]);
  return rows.length === 0 ? [] : renderTable([{ title: 'STREAM' }, { title: 'STATUS' }, ...numbers], rows);
}

function footer({ run, plan_uri, report_uri }: RunDetails): string[] {
  return [`Run ${run.run_id}`, ...(plan_uri === null ? [] : [`plan   ${plan_uri}`]), ...(report_uri === null ? [] : [`report ${report_uri}`])];
}
