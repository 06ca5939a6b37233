import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StopError } from '@loadin/resilience';
import {
  ingestionId,
  type CommittedLoad,
  type Difference,
  type Load,
  type Loaded,
  type Loader,
  type LoadOptions,
  type LoadToVerify,
  type ObjectStore,
  type WrittenObject,
} from '../index.js';

export interface Row {
  readonly id: number;
  readonly text: string;
  /** It can't be written. */
  readonly bad?: true;
}

/** Where an attempt may be ended, or disturbed. */
export const steps = ['begun', 'read', 'written', 'checked', 'committed', 'completed'] as const;
export type LoadStep = (typeof steps)[number];

export interface FileLoaderOptions {
  readonly name?: string;
  readonly layout?: string;
  /** Where its files lie; several loaders share it, as processes do. */
  readonly folder: string;
  readonly lake: ObjectStore;
  /** The table as it is when it is read. */
  readonly rows: () => readonly Row[];
  /** Called when an attempt comes there; one that never ends is the attempt's death. */
  readonly at?: (step: LoadStep, options: LoadOptions) => Promise<void> | void;
  /** What it answers instead. */
  readonly answer?: (loaded: Loaded) => unknown;
}

interface CommitRecord {
  readonly attempt: string;
  readonly read: number;
  readonly rejected: number;
  readonly latest: number | null;
  readonly files: readonly { readonly name: string; readonly rows: number; readonly bytes: number }[];
  readonly letters: string;
}

const ROWS_IN_A_FILE = 3;

/**
 * Writes rows to files that are seen from their commit on: the record of the first one that links its own under the name counts, and anybody completes it.
 * Its calls of the file system are synchronous: a manual clock does not wait for them.
 */
export function createFileLoader(options: FileLoaderOptions): Loader & { readonly loads: Load[] } {
  const { at = () => undefined, answer = (loaded) => loaded } = options;
  const loads: Load[] = [];
  return {
    name: options.name ?? 'files',
    layout: options.layout,
    loads,
    async load(load, loadOptions) {
      loads.push(load);
      const place = join(options.folder, 'pending', load.runId, load.stream, String(load.slice.ordinal));
      mkdirSync(place, { recursive: true });
      const reach = async (step: LoadStep): Promise<void> => {
        await at(step, loadOptions);
        // What comes later asks before the commit.
        if (loadOptions.signal.aborted && (step === 'begun' || step === 'read')) throw new StopError('the loader stops', { reason: 'cancelled' });
      };
      if (!existsSync(join(place, 'commit.json'))) await tryToCommit(place, load, loadOptions, options, reach);
      const loaded = await complete(place, load, loadOptions, options);
      await reach('completed');
      return answer(loaded) as Loaded;
    },
  };
}

async function tryToCommit(
  place: string,
  { slice }: Load,
  { beforeCommit, onProgress, letters, meter, reading }: LoadOptions,
  { rows: table }: FileLoaderOptions,
  reach: (step: LoadStep) => Promise<void>,
): Promise<void> {
  await reach('begun');
  const after = Number(slice.interval?.from?.[0] ?? -1);
  const upTo = Number(slice.interval?.to?.[0] ?? Infinity);
  const rows = table().filter(({ id }) => id > after && id <= upTo);
  reading.add('requests', 1);
  const [good, bad] = [rows.filter((row) => !row.bad), rows.filter((row) => row.bad)];
  onProgress({ read: rows.length, deduplicated: 0, rejected: bad.length });
  await reach('read');
  const attempt = randomUUID();
  const files: CommitRecord['files'][number][] = [];
  for (let first = 0; first < good.length; first += ROWS_IN_A_FILE) {
    const part = good.slice(first, first + ROWS_IN_A_FILE);
    const body = part.map((row) => `${JSON.stringify(row)}\n`).join('');
    const name = `part-${String(files.length).padStart(5, '0')}.ndjson`;
    writeFileSync(join(place, `${attempt}-${name}`), body);
    meter.add('bytes_written', body.length);
    files.push({ name, rows: part.length, bytes: body.length });
  }
  await reach('written');
  await beforeCommit();
  await reach('checked');
  const lines = bad.map((row) => letters.line({ reason: 'its text is bad', errorClass: 'BadRow', record: { ...row } })).join('');
  const record: CommitRecord = { attempt, read: rows.length, rejected: bad.length, latest: rows.at(-1)?.id ?? null, files, letters: lines };
  writeFileSync(join(place, attempt), JSON.stringify(record));
  // Whole or not at all, and only the first.
  try {
    linkSync(join(place, attempt), join(place, 'commit.json'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  await reach('committed');
}

async function complete(place: string, load: Load, { letters }: LoadOptions, { folder, lake }: FileLoaderOptions): Promise<Loaded> {
  const record = JSON.parse(readFileSync(join(place, 'commit.json'), 'utf8')) as CommitRecord;
  const out = join(folder, 'out', load.stream);
  mkdirSync(out, { recursive: true });
  const objects: WrittenObject[] = [];
  for (const { name, rows, bytes } of record.files) {
    const target = join(out, `${load.ingestionId}-${load.slice.ordinal}-${name}`);
    const existed = existsSync(target);
    if (!existed) renameSync(join(place, `${record.attempt}-${name}`), target);
    objects.push({ uri: `file://${target}`, bytes, records: rows, existed });
  }
  if (record.rejected > 0) await lake.putIfAbsent(letters.key(0), Buffer.from(record.letters), { contentType: letters.contentType });
  const { read, rejected, latest } = record;
  return { read, deduplicated: 0, rejected, objects, notes: [], reached: latest === null ? null : [String(latest)] };
}

/** Ids of the rows that can be seen, sorted. */
export const seenRows = (folder: string, stream: string): number[] => [...seenByRun(folder, stream).values()].flat().sort((a, b) => a - b);

/** The same, by the ingestion id of the run that has brought them. */
export function seenByRun(folder: string, stream: string): Map<string, number[]> {
  const out = join(folder, 'out', stream);
  const seen = new Map<string, number[]>();
  for (const name of existsSync(out) ? readdirSync(out) : []) {
    const run = name.slice(0, randomUUID().length);
    const lines = readFileSync(join(out, name), 'utf8').trimEnd().split('\n');
    seen.set(run, [...(seen.get(run) ?? []), ...lines.map((line) => (JSON.parse(line) as Row).id)]);
  }
  return seen;
}

/** What is committed, and what is there of it. */
export function committedLoad(folder: string, { runId, stream }: Pick<LoadToVerify, 'runId' | 'stream'>): CommittedLoad | undefined {
  const file = join(folder, 'pending', runId, stream, '0', 'commit.json');
  if (!existsSync(file)) return undefined;
  const { read, rejected, files } = JSON.parse(readFileSync(file, 'utf8')) as CommitRecord;
  const out = join(folder, 'out', stream);
  const prefix = `${ingestionId(runId, stream)}-0-`;
  const objects = files.map(({ name, rows, bytes }) => ({ uri: `file://${join(out, `${prefix}${name}`)}`, bytes, records: rows, existed: true }));
  const sizes = objects.map(({ uri }) => statSync(uri.slice('file://'.length), { throwIfNoEntry: false })?.size);
  const differences = objects.flatMap(({ uri: where, bytes }, index): Difference[] => {
    if (sizes[index] === undefined) return [{ where, kind: 'missing', message: 'it is not there' }];
    return sizes[index] === bytes ? [] : [{ where, kind: 'content', message: 'it has other bytes' }];
  });
  const there = sizes.filter((size) => size !== undefined);
  const loaded = { read, rejected, deduplicated: 0, objects, notes: [] };
  return { loaded, objects: there.length, bytes: there.reduce((sum, size) => sum + size, 0), differences, notes: [] };
}
