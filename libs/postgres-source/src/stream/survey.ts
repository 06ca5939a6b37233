import type { Note } from '@loadin/pipeline';
import { describeTable, type TableName } from '../catalogue/describe.js';
import { openSession } from '../connection/session.js';
import type { PostgresOptions } from '../connection/types.js';
import { keyRanges } from '../read/key-ranges.js';
import { resolveRead } from '../read/resolve.js';
import type { Range, TableRead } from '../read/types.js';
import { readUpperBound, type UpperBound } from '../read/upper-bound.js';

/** What has to be asked of the source before a table's slices can be planned. Plain JSON: a run keeps it in its plan, so that every attempt has the same. */
export interface Survey {
  /** For a cursor that is a time: everything earlier is committed and visible. */
  readonly below?: string;
  readonly ranges: readonly Range[];
  readonly notes: readonly Note[];
}

export interface SurveyOptions extends PostgresOptions {
  readonly signal?: AbortSignal;
  /** ISO 8601 UTC: the upper bound is never later. */
  readonly runStart: string;
  /** At most so many slices. Default 1: one state of the table, one file a date. */
  readonly slices?: number;
  /** A slice has at least about so many rows. Default 100,000. */
  readonly minRows?: number;
}

/** Asks for the upper bound and for ranges of about equal size. What is read by the survey must be read by sessions that are opened after it. */
export async function surveyTable(read: Omit<TableRead, 'table'> & { readonly table: TableName }, options: SurveyOptions): Promise<Survey> {
  const { runStart, slices = 1, minRows, signal } = options;
  const session = await openSession(options, { signal });
  try {
    const table = await describeTable(session, read.table);
    const { cursor } = resolveRead({ ...read, table });
    const timed = cursor !== undefined && !['int2', 'int4', 'int8', 'numeric', 'oid'].includes(cursor.type.tag);
    const bound = timed ? await readUpperBound(session, { runStart, lookBackMs: read.lookBack }) : undefined;
    const placed = { ...read, table, ...(bound === undefined ? {} : { below: bound.below }) };
    return {
      ...(bound === undefined ? {} : { below: bound.below }),
      ranges: await keyRanges(session, placed, { count: slices, ...(minRows === undefined ? {} : { minRows }) }),
      notes: (bound?.notes ?? []).map(noteOf),
    };
  } finally {
    await session.end();
  }
}

/** What can't be seen is a matter of rights; what is held back comes with a later run. */
export const noteOf = ({ kind, message }: UpperBound['notes'][number]): Note => ({
  kind: kind === 'not-visible' ? 'capability' : 'skipped',
  message,
});
