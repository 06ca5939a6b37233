import type { Digests, HashedRecords, PairSet, SortedKeys } from '@loadin/bronze-writer';
import type { Json, JsonObject, Note, Page, Stream } from '@loadin/pipeline';
import { createKeptSets, type KeptSets } from './kept-sets.js';
import { nothingLeft } from './late-load.js';
import { latestOf, type Latest } from './latest.js';
import { openQuality, type Quality } from './quality.js';
import { planList } from './set-plan.js';
import { openSet } from './stored-sets.js';
import type { BronzeList } from './types.js';
import { bronzeLoad, tell, type Tally, type Work, type Written } from './work.js';

const TEN_MINUTES_MS = 600_000;

/** Writes the records of a stream's pages, without those that were delivered as they are, by an earlier load or by a page before. */
export async function loadList(entity: BronzeList, work: Work): Promise<Written> {
  const { load, base } = work;
  const { createPairSet, recordDigests, typeName, writeRecords } = await import('./writer-parts.js');
  const { stream, key = [`${load.dataType.replace(/s$/, '')}_id`], lookBack = TEN_MINUTES_MS } = entity;
  const everything = load.slice.interval?.from == null;
  const plan = planList(base, everything, load);
  if (plan.nothingLeft || work.isBrought)
    return nothingLeft(work, await writeRecords({ ...bronzeLoad(entity, work, 'incremental'), columns: entity.columns }, []), key);
  const kept = await createKeptSets(work, { plan, key, kind: stream.cursor?.kinds[0] ?? 'time', lookBack });
  const tally: Tally = { read: 0, deduplicated: 0, tombstones: 0 };
  const loadType = everything ? 'full' : 'incremental';
  const declared = (entity.columns ?? []).map(({ name, type }) => ({ name, type: type && typeName(type) }));
  const quality = await openQuality(entity, work, { loadType, columns: declared });
  const passing: Passing = {
    quality,
    kept,
    tally,
    digestsOf: recordDigests(key),
    given: createPairSet(),
    notes: [],
    latest: latestOf(stream.cursor?.kinds ?? ['time']),
  };
  try {
    await addAll(passing.given, plan.delivered === null ? undefined : await openSet(work, plan.delivered, key));
    const report = await writeRecords({ ...bronzeLoad(entity, work, loadType), columns: entity.columns }, recordsOf(entity, work, passing));
    const found = await quality.finish();
    const sets = { ...(await kept.write()), profiles: found.profiles };
    return { report, key, loadType, ...tally, notes: [...passing.notes, ...found.notes], reached: passing.latest.cursor, sets };
  } finally {
    quality.close();
    kept.close();
  }
}

interface Passing {
  readonly quality: Quality;
  readonly kept: KeptSets;
  readonly tally: Tally;
  readonly digestsOf: (records: readonly JsonObject[]) => Digests;
  /** Records that need not come again: pages overlap when a list changes while it is read. */
  readonly given: PairSet;
  readonly notes: Note[];
  readonly latest: Latest;
}

async function addAll(pairs: PairSet, set: SortedKeys | undefined): Promise<void> {
  for await (const block of set?.blocks() ?? []) pairs.add(block);
}

async function* recordsOf({ stream }: BronzeList, work: Work, passing: Passing): AsyncGenerator<HashedRecords> {
  const { kept, tally, digestsOf, notes, latest } = passing;
  const { signal, reading: meter, logger } = work.options;
  for await (const page of stream.read(work.load.slice, { after: null, signal, meter, logger, landed: noPages })) {
    notes.push(...(page.notes ?? []));
    tally.read += page.records.length;
    const records = page.records.filter((raw): raw is JsonObject => isRecord(raw, work));
    const digests = digestsOf(records);
    kept.see(digests, latestIn(records, stream));
    const fresh = freshRecords(records, digests, passing);
    tally.deduplicated += records.length - fresh.records.length;
    yield passing.quality.records(fresh);
    for (const record of records) latest.see(stream.cursor?.of(record));
    await work.rejected.flush();
    tell(work, tally);
  }
}

function freshRecords(records: readonly JsonObject[], digests: Digests, { given }: Passing): HashedRecords {
  const rows: number[] = [];
  for (let row = 0; row < records.length; row += 1) {
    if (given.has(digests, row)) continue;
    given.add(digests, [row]);
    rows.push(row);
  }
  const hashes = new Uint8Array(rows.length * 16);
  rows.forEach((row, n) => hashes.set(digests.hashes.subarray(row * 16, row * 16 + 16), n * 16));
  return { records: rows.map((row) => records[row] as JsonObject), hashes };
}

/** The latest cursor of a page; `undefined` when one of its records has none. */
function latestIn(records: readonly JsonObject[], { cursor }: Stream): string | undefined {
  const latest = latestOf(cursor?.kinds ?? ['time']);
  const cursors = records.map((record) => cursor?.of(record));
  if (cursors.includes(undefined)) return undefined;
  cursors.forEach((each) => latest.see(each));
  return latest.cursor?.[0];
}

/** Loads have no landed pages. */
async function* noPages(): AsyncGenerator<Page> {
  // None.
}

function isRecord(raw: Json, { rejected }: Work): raw is JsonObject {
  if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) return true;
  rejected.add({ reason: 'it is no record: an object is expected', errorClass: 'NoRecord', record: raw });
  return false;
}
