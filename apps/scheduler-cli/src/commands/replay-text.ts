import type { ReplayedRun, ReplayReport } from '@loadin/pipeline';
import chalk from 'chalk';
import { renderTable } from '../render/table.js';
import { count, duration, instant } from '../render/units.js';

/** The report of a replay for a terminal; `--json` has the same facts for programs. */
export function replayText(report: ReplayReport): string {
  const sections = [heading(report), records(report), sinks(report), leftOut(report), problems(report), footer(report)];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

function heading({ from, to, status, reason, attempts, dry_run, duration_ms, runs }: ReplayReport): string[] {
  const attempt = dry_run ? 'dry run: nothing was written' : `attempt ${attempts}`;
  const colour = { complete: chalk.green, stopped: chalk.yellow, failed: chalk.red }[status];
  const lines = [`replay of ${instant(from)} to ${instant(to)} · ${attempt} · ${colour(status)} in ${duration(duration_ms)}`];
  if (runs.length === 0) lines.push('No run is scheduled in that time.');
  if (status === 'stopped') lines.push(`Stopped (${reason ?? 'cancelled'}): run the same command again to go on.`);
  return lines;
}

const right = (title: string) => ({ title, align: 'right' as const });
const nameOf = ({ job, scheduled_time: at }: ReplayedRun): string[] => [job, at === '' ? 'unknown' : instant(at)];

function records({ runs }: ReplayReport): string[] {
  const rows = runs.flatMap((run) =>
    run.streams.map(({ stream, status, ledger, replay }) => [
      ...nameOf(run),
      stream,
      run.already_complete ? 'done before' : status,
      ...[ledger.read, ledger.accepted, ledger.rejected, replay.records.unchanged, replay.records.changed].map(count),
      ...[replay.records.newly_accepted, replay.records.newly_rejected].map(count),
    ]),
  );
  const numbers = ['READ', 'ACCEPTED', 'REJECTED', 'UNCHANGED', 'CHANGED', 'NOW ACCEPTED', 'NOW REJECTED'].map(right);
  return rows.length === 0 ? [] : renderTable([{ title: 'JOB' }, { title: 'SCHEDULED' }, { title: 'STREAM' }, { title: 'STATUS' }, ...numbers], rows);
}

/** What the sinks were sent, over all runs, and what became of the objects. */
function sinks({ runs, dry_run }: ReplayReport): string[] {
  const streams = runs.filter(({ already_complete }) => !already_complete).flatMap((run) => run.streams);
  const totals = new Map<string, number[]>();
  for (const [sink, { delivered, dead_lettered, pending }] of streams.flatMap(({ ledger }) => Object.entries(ledger.sinks))) {
    const [a = 0, b = 0, c = 0] = totals.get(sink) ?? [];
    totals.set(sink, [a + delivered, b + dead_lettered, c + pending]);
  }
  if (totals.size === 0) return [];
  const columns = [{ title: 'SINK' }, ...[dry_run ? 'WOULD DELIVER' : 'DELIVERED', 'DEAD-LETTERED', 'PENDING'].map(right)];
  const rows = [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([sink, sums]) => [sink, ...sums.map(count)]);
  const sum = (of: 'kept' | 'rebuilt' | 'replaced' | 'emptied'): string =>
    count(streams.reduce((total, { replay }) => total + replay.objects[of], 0));
  const objects = `objects${dry_run ? ' (would be)' : ''}: ${sum('kept')} the same, ${sum('rebuilt')} rebuilt, ${sum('replaced')} replaced, ${sum('emptied')} emptied`;
  return [...renderTable(columns, rows), objects];
}

function leftOut({ runs }: ReplayReport): string[] {
  const lines = runs.flatMap((run) => {
    const name = `  ${nameOf(run).join(' ')}, run ${run.run_id}`;
    const streams = (run.left_out ?? []).map(({ stream, because }) => `${name}, ${stream}: ${because}`);
    return run.status === 'skipped' || run.status === 'not_started' ? [`${name}: ${run.skipped_because ?? 'not started'}`, ...streams] : streams;
  });
  return lines.length === 0 ? [] : ['NOT REPLAYED', ...lines];
}

function problems({ runs }: ReplayReport): string[] {
  const lines = runs.flatMap((run) => run.problems.map((problem) => `  ${nameOf(run).join(' ')}: ${problem}`));
  return lines.length === 0 ? [] : ['PROBLEMS', ...lines];
}

function footer({ replay_id, runs, dry_run }: ReplayReport): string[] {
  const stored = runs.filter(({ report_uri }) => report_uri !== null);
  const where =
    stored.length === 1
      ? ` · report ${stored[0]?.report_uri}`
      : stored.length > 1
        ? ` · reports ${stored[0]?.report_uri} and ${count(stored.length - 1)} more`
        : '';
  return dry_run ? [] : [`Replay ${replay_id}${where}`];
}
