import { join } from 'node:path';
import { openJournal } from '../journal.js';

interface Entry {
  readonly table: string;
  /** Epoch seconds since which a table can be restored; absent: switched off, or the table is gone. */
  readonly since?: number;
}

/**
 * The switch for point-in-time recovery, kept and told as DynamoDB does (Amazon DynamoDB API Reference, UpdateContinuousBackups and
 * DescribeContinuousBackups). Restoring itself is not part of local AWS: dynalite has neither operation.
 */
export interface ContinuousBackups {
  readonly operations: ReadonlySet<string>;
  call(operation: string, input: Record<string, unknown>, now: number): Promise<Record<string, unknown>>;
  /** A table that is made again begins without recovery. */
  forget(table: string): Promise<void>;
  close(): Promise<void>;
}

export async function openContinuousBackups(dataDir: string): Promise<ContinuousBackups> {
  const { entries, journal } = await openJournal<Entry>(join(dataDir, 'continuous-backups.ndjson'));
  const since = new Map<string, number>();
  const apply = (entry: Entry): void => void (entry.since === undefined ? since.delete(entry.table) : since.set(entry.table, entry.since));
  entries.forEach(apply);
  const save = async (entry: Entry): Promise<void> => {
    await journal.append(entry);
    apply(entry);
  };
  return {
    operations: new Set(['DescribeContinuousBackups', 'UpdateContinuousBackups']),
    async call(operation, input, now) {
      const table = String(input['TableName']);
      if (operation === 'UpdateContinuousBackups') {
        const wanted = input['PointInTimeRecoverySpecification'] as { PointInTimeRecoveryEnabled?: boolean } | undefined;
        if (wanted?.PointInTimeRecoveryEnabled !== true) await save({ table });
        else if (!since.has(table)) await save({ table, since: Math.floor(now / 1000) });
      }
      return { ContinuousBackupsDescription: describe(since.get(table), now) };
    },
    forget: async (table) => {
      if (since.has(table)) await save({ table });
    },
    close: () => journal.close(),
  };
}

/** Backups themselves are always on; recovery reaches back to the switch, and up to five minutes ago at best. */
function describe(since: number | undefined, now: number): Record<string, unknown> {
  const recovery =
    since === undefined
      ? { PointInTimeRecoveryStatus: 'DISABLED' }
      : {
          PointInTimeRecoveryStatus: 'ENABLED',
          RecoveryPeriodInDays: 35,
          EarliestRestorableDateTime: since,
          LatestRestorableDateTime: Math.max(since, Math.floor(now / 1000) - 300),
        };
  return { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription: recovery };
}
