import type { CopyBlock, HashedRecords } from '@loadin/bronze-writer';
import { FatalError, type JsonObject, type Note } from '@loadin/pipeline';
import type { InspectedColumn, Inspection, Inspector, InspectorOptions, LeftOutRow, Profile } from '@loadin/quality';
import type { CopyRecord } from './copy-record.js';
import { noLastSets, type LastProfiles } from './last-sets.js';
import { openUpload } from './output.js';
import { readObject } from './range-file.js';
import { openReferences } from './references.js';
import { profilePath } from './set-names.js';
import type { BronzeEntity } from './types.js';
import type { Work, Written } from './work.js';

/** Looks at every row that is to be delivered. */
export interface Quality {
  /** Without the rows that break an expectation with the severity quarantine: those become dead letters. */
  block(block: CopyBlock): CopyBlock;
  records(records: HashedRecords): HashedRecords;
  /** When all rows were looked at: puts their profile into the commit. Throws `FatalError` when nothing may be committed. */
  finish(): Promise<{ readonly notes: readonly Note[]; readonly profiles: LastProfiles }>;
  close(): void;
}

export interface Inspecting {
  readonly loadType: Written['loadType'];
  readonly columns: readonly InspectedColumn[];
  /** A row of COPY as its dead letter has it. Default: its text. */
  readonly recordOf?: CopyRecord;
}

export async function openQuality(entity: BronzeEntity, work: Work, { loadType, columns, recordOf }: Inspecting): Promise<Quality> {
  const { openCopyInspector, openRecordInspector } = await import('./quality-parts.js');
  const { load, base } = work;
  const { job, runId, stream, dataType, ingestionId, scheduledTime } = load;
  const before = base?.profiles ?? noLastSets.profiles;
  const [last, lastOfKind] = await Promise.all([profileAt(work, before.last), profileAt(work, before[loadType])]);
  const [previous, previousOfKind] = [last.profile, lastOfKind.profile];
  const unread = new Set([last, lastOfKind].flatMap(({ unread: why }) => why ?? []));
  const options: InspectorOptions = {
    load: { job, runId, stream, entity: dataType, ingestionId, loadType, scheduledTime },
    columns,
    expect: entity.expect,
    previous,
    previousOfKind,
    references: openReferences(work),
    profile: entity.profile,
    spillDirectory: work.context.writer?.spillDirectory,
  };
  const inspector = await (entity.kind === 'table' ? openCopyInspector : openRecordInspector)(options);
  return {
    block: (block) => keptRows(block, leaveOut(block, inspector, work, recordOf)),
    records: (records) => keptRecords(records, leaveOutRecords(records, inspector, work)),
    async finish() {
      const inspection = await inspector.finish();
      const { assertMayCommit } = await import('./quality-parts.js');
      assertMayCommit(inspection, load.stream);
      const profiles = await keepProfile(inspection, work, loadType, before);
      return { notes: [...notesOf(inspection), ...notComparedWith(unread), ...(await driftOf(previousOfKind, inspection.profile))], profiles };
    },
    close: () => inspector.close(),
  };
}

interface ProfileFound {
  readonly profile?: Profile;
  /** Why it can't be read, though it is there. */
  readonly unread?: string;
}

/** Whoever has damaged it, or put one of a newer Loadin there, stops no load: it is statistics. That S3 does not answer stops it. */
async function profileAt(work: Work, key: string | null): Promise<ProfileFound> {
  if (key === null) return {};
  const bytes = await readObject(work.context, key, work.options.signal);
  if (bytes === undefined) return {};
  const { readProfile } = await import('./quality-parts.js');
  const where = `s3://${work.context.bucket}/${key}`;
  try {
    return { profile: readProfile(Buffer.from(bytes).toString('utf8'), where) };
  } catch (error) {
    if (error instanceof FatalError) return { unread: `${error.message} (${where})` };
    throw error;
  }
}

const notComparedWith = (unread: ReadonlySet<string>): Note[] =>
  [...unread].map((why) => ({ kind: 'drift', message: `not compared with an earlier load, whose profile can't be read: ${why}` }));

/** A load without rows says nothing of them: what was known before is what is known. */
async function keepProfile(
  { profile }: Inspection,
  { load, attempt }: Work,
  loadType: Written['loadType'],
  before: LastProfiles,
): Promise<LastProfiles> {
  if (profile === undefined || (profile.rows === 0 && before.last !== null)) return before;
  const { printProfile } = await import('./quality-parts.js');
  const key = profilePath(load.dataType, load.ingestionId);
  const object = openUpload(attempt, key, 'profile', 'application/json');
  await object.write(Buffer.from(printProfile(profile)));
  await object.close({ rows: profile.rows });
  return { ...before, [loadType]: key, last: key };
}

const notesOf = ({ findings }: Inspection): Note[] =>
  // What could not be looked at has had no consequence, whatever its severity.
  findings.map(({ severity, status, message }) => ({ kind: 'drift', message: `${status === 'unchecked' ? 'not checked' : severity}: ${message}` }));

/** Between loads of one kind: what has changed is another selection of rows than all of them, and no drift. */
async function driftOf(before: Profile | undefined, now: Profile | undefined): Promise<Note[]> {
  if (before === undefined || now === undefined) return [];
  const { findDrift } = await import('./quality-parts.js');
  return findDrift(before, now).map(({ message }) => ({ kind: 'drift', message }));
}

function leaveOut(block: CopyBlock, inspector: Inspector, { rejected }: Work, recordOf: CopyRecord = (row) => row): readonly LeftOutRow[] {
  const leftOut = inspector.inspectBlock(block);
  const { bytes, starts, ends } = block;
  for (const { row, reason } of leftOut)
    rejected.add({ reason, errorClass: 'BrokenExpectation', record: recordOf(Buffer.from(bytes.subarray(starts[row], ends[row])).toString('utf8')) });
  return leftOut;
}

function leaveOutRecords({ records }: HashedRecords, inspector: Inspector, { rejected }: Work): readonly LeftOutRow[] {
  const leftOut = inspector.inspectRecords(records);
  for (const { row, reason } of leftOut) rejected.add({ reason, errorClass: 'BrokenExpectation', record: records[row] ?? null });
  return leftOut;
}

/** Numbers of the rows that stay. */
function rowsWithout(count: number, leftOut: readonly LeftOutRow[]): number[] {
  const out = new Set(leftOut.map(({ row }) => row));
  return Array.from({ length: count }, (_, row) => row).filter((row) => !out.has(row));
}

function keptRows(block: CopyBlock, leftOut: readonly LeftOutRow[]): CopyBlock {
  if (leftOut.length === 0) return block;
  const rows = rowsWithout(block.count, leftOut);
  const [starts, ends] = [block.starts, block.ends].map((places) => Int32Array.from(rows, (row) => places[row] ?? 0)) as [Int32Array, Int32Array];
  return { bytes: block.bytes, count: rows.length, starts, ends, ...(block.hashes && { hashes: hashesOf(block.hashes, rows) }) };
}

function keptRecords(given: HashedRecords, leftOut: readonly LeftOutRow[]): HashedRecords {
  if (leftOut.length === 0) return given;
  const rows = rowsWithout(given.records.length, leftOut);
  return { records: rows.map((row) => given.records[row] as JsonObject), hashes: hashesOf(given.hashes, rows) };
}

function hashesOf(hashes: Uint8Array, rows: readonly number[]): Uint8Array {
  const kept = new Uint8Array(rows.length * 16);
  rows.forEach((row, n) => kept.set(hashes.subarray(row * 16, row * 16 + 16), n * 16));
  return kept;
}
