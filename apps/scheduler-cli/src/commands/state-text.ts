import type { CheckpointChange, showCheckpoint, StateEntry } from '@loadin/jobs';
import { syncedTo } from '../render/synced-to.js';
import { renderTable } from '../render/table.js';
import { count, instant } from '../render/units.js';

const right = (title: string) => ({ title, align: 'right' as const });
/** A checkpoint may have been written by hand: what it lacks is a dash. */
const number = (value: unknown): string => (typeof value === 'number' ? count(value) : '–');
const text = (value: unknown): string => (typeof value === 'string' ? value : '–');

export function stateText(uri: string, entries: readonly StateEntry[]): string {
  if (entries.length === 0) return `No checkpoint yet in ${uri}.\n`;
  const rows = entries.map(({ job, stream, checkpoint }) => [
    job,
    stream,
    syncedTo({ ...checkpoint }),
    number(checkpoint.record_count),
    text(checkpoint.run_id),
  ]);
  const columns = [{ title: 'JOB' }, { title: 'STREAM' }, { title: 'SYNCED TO' }, right('RECORDS'), { title: 'RUN' }];
  return `${renderTable(columns, rows).join('\n')}\n\n${uri}\n`;
}

/** The checkpoint as it is, and the latest states first. */
export function checkpointText(job: string, stream: string, { uri, value, history }: Awaited<ReturnType<typeof showCheckpoint>>): string {
  const columns = [right('REVISION'), { title: 'NOTED' }, { title: 'SYNCED TO' }, right('RECORDS'), { title: 'RUN' }, { title: '' }];
  const rows = history.map(({ rev, at, value: state, found }, index) => [
    String(rev),
    instant(at),
    syncedTo(state),
    number(state['record_count']),
    text(state['run_id']),
    [...(index === history.length - 1 ? ['current'] : []), ...(found ? ['written by hand, or before there was a history'] : [])].join(', '),
  ]);
  return `${job} ${stream}\n${JSON.stringify(value, null, 2)}\n\n${renderTable(columns, rows.reverse()).join('\n')}\n\n${uri}\n`;
}

export function changeText(job: string, stream: string, { before, after, unchanged, uri }: CheckpointChange): string {
  if (unchanged) return `The checkpoint of ${job} ${stream} is like this already; nothing was changed.\n`;
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after)])];
  const rows = fields
    .map((field) => [field, JSON.stringify(before?.[field]) ?? '–', '→', JSON.stringify(after[field]) ?? '–'])
    .filter(([, from, , to]) => from !== to);
  return `${job} ${stream}\n${renderTable([{ title: 'FIELD' }, { title: 'BEFORE' }, { title: '' }, { title: 'NOW' }], rows).join('\n')}\n\n${uri}\n`;
}
