import type { RunReport, RunStatus, StreamReport } from '@loadin/pipeline';
import chalk from 'chalk';
import { entitiesTable, isEntity } from './entities.js';
import { problemLines } from './problems.js';
import { syncedTo } from './synced-to.js';
import { renderTable } from './table.js';
import { timeLine } from './time.js';
import { bytes, count, duration, instant } from './units.js';

/** Objects listed one by one before the rest is summed up. */
const OBJECTS_SHOWN = 12;

/** On terminals; chalk leaves them out elsewhere, and obeys NO_COLOR and FORCE_COLOR. */
const COLOURS: Readonly<Record<RunStatus, (text: string) => string>> = { complete: chalk.green, stopped: chalk.yellow, failed: chalk.red };

/** The whole report for a terminal; `--json` has the same facts for programs. */
export function renderReport(report: RunReport): string {
  const records = report.streams.filter((stream) => !isEntity(stream));
  const sections = [
    heading(report),
    entitiesTable(report.streams, report.dry_run),
    [...streamsTable(records), ...footnote(report), ...timeLine(report.time)],
    sinksTable(records, report.dry_run ? 'WOULD DELIVER' : 'DELIVERED'),
    report.dry_run ? [] : objectsTable(records),
    checkpoints(records, report.dry_run),
    notesOf(report.streams),
    problemLines(report.problems, report.streams),
    footer(report),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

function heading(report: RunReport): string[] {
  const status = report.already_complete ? alreadyComplete(report) : justEnded(report);
  const dry = report.dry_run ? ' · dry run: nothing was written' : '';
  const lines = [`${report.job} · scheduled ${instant(report.scheduled_time)} · attempt ${report.attempts} · ${status}${dry}`];
  if (report.status === 'stopped') {
    const until =
      report.resume_after === undefined
        ? 'run the same command again to go on'
        : `it can go on after ${instant(report.resume_after)} with the same command`;
    lines.push(`Stopped (${report.reason ?? 'cancelled'}): ${until}.`);
  }
  return lines;
}

const alreadyComplete = ({ problems }: RunReport): string =>
  problems.length === 0 ? 'already complete; nothing was done' : `already ${chalk.yellow('complete, with problems')} (see below); nothing was done`;

function justEnded({ status, duration_ms, problems }: RunReport): string {
  const ended = `in ${duration(duration_ms)}`;
  if (status === 'complete' && problems.length > 0) return `${chalk.yellow('complete, but with problems')} (see below), ${ended}`;
  return `${COLOURS[status](status)} ${ended}`;
}

/** Everything is of the whole run, but for how long it took. Whoever has changed something since it began would look for that in vain. */
function footnote({ attempts, already_complete, scheduled_time }: RunReport): string[] {
  if (attempts === 1) return [];
  const numbers = `all numbers are those of all attempts; the time is that of ${already_complete ? 'the last' : 'this'} one`;
  const again = `this went on with the run of ${instant(scheduled_time)}: what was complete in it was not read once more; --again makes a new run`;
  return already_complete ? [numbers] : [numbers, again];
}

function streamsTable(streams: readonly StreamReport[]): string[] {
  if (streams.length === 0) return [];
  const right = (title: string) => ({ title, align: 'right' as const });
  const columns = [
    { title: 'STREAM' },
    { title: 'STATUS' },
    ...['READ', 'ACCEPTED', 'REJECTED', 'DEDUPLICATED', 'CALLS', 'RETRIES', 'WAITED', 'RECEIVED', 'TIME'].map(right),
  ];
  const rows = streams.map(({ stream, status, ledger, effort, duration_ms }) => [
    stream,
    status.replace('_', ' '),
    ...[ledger.read, ledger.accepted, ledger.rejected, ledger.deduplicated, effort.source_requests ?? effort.requests, effort.retries].map(count),
    duration(effort.wait_ms),
    bytes(effort.bytes_read),
    duration(duration_ms),
  ]);
  return renderTable(columns, rows);
}

type Delivery = Pick<StreamReport, 'stream' | 'ledger' | 'objects'>;

export function sinksTable(streams: readonly Delivery[], delivered: string): string[] {
  const columns = [
    { title: 'SINK' },
    { title: 'STREAM' },
    ...[delivered, 'DEAD-LETTERED', 'PENDING'].map((title) => ({ title, align: 'right' as const })),
  ];
  const rows = streams.flatMap(({ stream, ledger }) =>
    Object.entries(ledger.sinks).map(([sink, { delivered, dead_lettered, pending }]) => [
      sink,
      stream,
      count(delivered),
      count(dead_lettered),
      count(pending),
    ]),
  );
  return rows.length === 0
    ? []
    : renderTable(
        columns,
        rows.sort(([a = ''], [b = '']) => a.localeCompare(b)),
      );
}

export function objectsTable(streams: readonly Delivery[]): string[] {
  const all = streams.flatMap((stream) => stream.objects);
  if (all.length === 0) return [];
  const shown = all.slice(0, OBJECTS_SHOWN).map((object) => [object.uri, `${count(object.records)} records`, bytes(object.bytes)]);
  const rest = all.length - shown.length;
  const columns = [{ title: 'OBJECT' }, { title: '', align: 'right' as const }, { title: '', align: 'right' as const }];
  const more = rest > 0 ? [`… and ${count(rest)} more, all in the stored report`] : [];
  return [...renderTable(columns, shown), ...more, ...namesExplained(shown.map(([uri = '']) => uri))];
}

/** Objects beyond a stream's first are numbered by slice (three digits) and part (two). */
function namesExplained(uris: readonly string[]): string[] {
  const numbered = uris.map((uri) => /_\d{6}_(\d{3})(\d\d)\.json/.exec(uri)).find((match) => match !== null);
  if (numbered === undefined) return [];
  const [, slice = '', part = ''] = numbered;
  return [`_${slice}${part} = slice ${Number(slice)}, part ${Number(part)}`];
}

function checkpoints(streams: readonly StreamReport[], dryRun: boolean): string[] {
  if (dryRun) return [];
  const rows = streams.flatMap(({ stream, checkpoint }) =>
    checkpoint === null ? [] : [[stream, syncedTo({ ...checkpoint }), `${count(checkpoint.record_count)} records`]],
  );
  return rows.length === 0 ? [] : renderTable([{ title: 'CHECKPOINT' }, { title: 'SYNCED TO' }, { title: '', align: 'right' }], rows);
}

/** What is to be known of streams and is no problem, each once. */
export function notesOf(streams: readonly Pick<StreamReport, 'stream' | 'ledger' | 'notes'>[]): string[] {
  const lines = streams.flatMap(({ stream, notes: found }) =>
    together(found.filter(({ kind }) => kind !== 'truncated').map(({ message }) => message)).map((message) => `note: ${stream}: ${message}`),
  );
  const nulls = streams
    .filter(({ ledger }) => ledger.null_entries > 0)
    .map(({ stream, ledger }) => `note: ${stream}: ${nullEntries(ledger.null_entries)} skipped`);
  return [...new Set([...lines, ...nulls])];
}

const nullEntries = (number: number): string =>
  number === 1 ? "1 null entry in the source's answers was" : `${count(number)} null entries in the source's answers were`;

/** What is said of one slice after the other (`US: …`, `GB: …`) is said once of all of them (`US, GB: …`). */
function together(messages: readonly string[]): string[] {
  const whoBySaid = new Map<string, Set<string>>();
  for (const message of messages) {
    const [, who, said] = /^([^:]+): (.+)$/s.exec(message) ?? [undefined, '', message];
    const all = whoBySaid.get(said ?? '') ?? new Set();
    whoBySaid.set(said ?? '', all.add(who ?? ''));
  }
  return [...whoBySaid].map(([said, who]) => [[...who].filter((one) => one !== '').join(', '), said].filter((part) => part !== '').join(': '));
}

/** A dry run stores no report, so there is none to name. */
function footer({ run_id, dry_run, report_uri }: { run_id: string; dry_run: boolean; report_uri: string | null }): string[] {
  return dry_run || report_uri === null ? [`Run ${run_id}`] : [`Run ${run_id} · report ${report_uri}`];
}
