import type { SchemaVersion } from '@loadin/bronze-writer';
import { FatalError, type Cursor, type Json, type JsonObject, type Loaded, type Note, type WrittenObject } from '@loadin/pipeline';
import type { CommitRecord, RecordedObject } from '@loadin/s3-sink';
import type { LastSets } from './last-sets.js';
import type { ObjectKind } from './output.js';

/** What the commit record of a load says besides its objects: all that a later attempt answers with, and all that is still to be done after the commit. */
export interface CommitDetails {
  readonly version: 1;
  readonly ingestion_id: string;
  readonly load_type: 'full' | 'incremental';
  readonly read: number;
  readonly deduplicated: number;
  readonly rejected: number;
  /** Of the rows in the files. */
  readonly tombstones: number;
  readonly notes: readonly Note[];
  readonly reached: Cursor | null;
  /** What the load ended with. */
  readonly schema: SchemaVersion;
  /** Columns whose values together name a row. */
  readonly key: readonly string[];
  /** Column that every change makes greater. */
  readonly cursor?: string;
  /** What the next load is compared with. */
  readonly sets: LastSets;
}

export const detailsJson = (details: CommitDetails): JsonObject => details as unknown as JsonObject;

/** Throws `FatalError` for a record that some other program has written. */
export function detailsOf(record: CommitRecord): CommitDetails {
  const fault = faultOfDetails(record);
  if (fault !== undefined) throw fault;
  return record.details as unknown as CommitDetails;
}

export function faultOfDetails(record: CommitRecord): FatalError | undefined {
  const details = record.details as unknown as Partial<CommitDetails> | undefined;
  const counts = [details?.read, details?.deduplicated, details?.rejected];
  if (details?.version === 1 && counts.every((count) => typeof count === 'number') && details.schema !== undefined) return undefined;
  return new FatalError('The commit record does not say what the load came to', {
    where: `s3://${record.bucket}/_loadin/commits/${record.job}/${record.run_id}/${record.stream}.json`,
    hint: 'It was written by another version or program: go on with that one, or make a new run (--again).',
  });
}

const kindOf = ({ details }: RecordedObject): ObjectKind => (details?.['kind'] ?? 'rows') as ObjectKind;

export const objectsOf = (record: CommitRecord, kind: ObjectKind): RecordedObject[] => record.objects.filter((object) => kindOf(object) === kind);

/** What the attempt that committed has answered, or would have. */
export function loadedOf(record: CommitRecord, existed: boolean): Loaded {
  const { read, deduplicated, rejected, notes, reached } = detailsOf(record);
  return { read, deduplicated, rejected, notes, reached, objects: objectsOf(record, 'rows').map((object) => written(record, object, existed)) };
}

const written = ({ bucket }: CommitRecord, { key, bytes, details }: RecordedObject, existed: boolean): WrittenObject => ({
  uri: `s3://${bucket}/${key}`,
  bytes,
  records: numberOf(details?.['rows']),
  existed,
});

const numberOf = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);
