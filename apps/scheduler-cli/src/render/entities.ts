import type { RunStreamDetails, StreamReport } from '@loadin/pipeline';
import { syncedTo } from './synced-to.js';
import { renderTable } from './table.js';
import { bytes, count, duration } from './units.js';

type Entity = Pick<RunStreamDetails, 'data_type' | 'status' | 'ledger' | 'objects' | 'loader' | 'duration_ms' | 'checkpoint'>;

/** Streams that a loader has brought as a whole, a line each: what was read, what of it was new, in how many files. Empty without one. */
export function entitiesTable(streams: readonly Entity[], dryRun = false): string[] {
  const entities = streams.filter(isEntity);
  if (entities.length === 0) return [];
  const right = (title: string) => ({ title, align: 'right' as const });
  const columns = [
    { title: 'ENTITY' },
    { title: 'STATUS' },
    { title: 'LOAD' },
    ...['READ', 'UNCHANGED', 'REJECTED', dryRun ? 'WOULD DELIVER' : 'DELIVERED', 'FILES', 'SIZE', 'TIME'].map(right),
    { title: 'SYNCED TO' },
  ];
  return renderTable(columns, entities.map(cells));
}

export const isEntity = ({ loader }: Pick<StreamReport, 'loader'>): boolean => loader !== undefined;

function cells({ data_type, status, ledger, objects, duration_ms = 0, checkpoint = null }: Entity): string[] {
  const sinks = Object.values(ledger.sinks);
  const size = objects.reduce((sum, object) => sum + object.bytes, 0);
  return [
    data_type,
    status.replace('_', ' '),
    loadType(objects),
    ...[ledger.read, ledger.deduplicated, ledger.rejected, sinks.reduce((sum, { delivered }) => sum + delivered, 0), objects.length].map(count),
    bytes(size),
    duration(duration_ms),
    checkpoint === null ? '' : syncedTo({ ...checkpoint }),
  ];
}

/** As the path of its files says; a report says it nowhere else. */
const loadType = (objects: StreamReport['objects']): string => /\/load_type=(full|incremental)\//.exec(objects[0]?.uri ?? '')?.[1] ?? '–';
