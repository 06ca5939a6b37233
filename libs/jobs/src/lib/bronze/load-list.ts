import type { Digests, HashedRecords } from '@loadin/bronze-writer';
import type { Json, JsonObject, Note, Page, Stream } from '@loadin/pipeline';
import { createFreshRecords, type FreshPage, type FreshRecords } from './fresh-records.js';
import { createKeptSets, type KeptSets } from './kept-sets.js';
import { nothingLeft, placeReached } from './late-load.js';
import { latestOf, type Latest } from './latest.js';
import { openQuality, type Quality } from './quality.js';
import { planList } from './set-plan.js';
import { openSet } from './stored-sets.js';
import type { BronzeList } from './types.js';
import { bronzeLoad, tell, type Tally, type Work, type Written } from './work.js';

const TEN_MINUTES_MS = 600_000;

/** Writes the records of a stream's pages, without those that were delivered as they are, by an earlier load or by a page before. */
export async function loadList(entity: BronzeList, work: Work): Promise<Written> {
  const { load, base, context } = work;
  const { recordDigests, typeName, writeRecords } = await import('./writer-parts.js');
  const { stream, key = [`${load.dataType.replace(/s$/, '')}_id`], lookBack = TEN_MINUTES_MS } = entity;
  const everything = load.slice.interval?.from == null;
  const plan = planList(base, everything, load);
  if (plan.nothingLeft || work.isBrought)
    return nothingLeft(work, await writeRecords({ ...bronzeLoad(entity, work, 'incremental'), columns: entity.columns }, []), { key });
  const kind = stream.cursor?.kinds[0] ?? 'time';
  const kept = await createKeptSets(work, { plan, key, kind, lookBack });
  const tally: Tally = { read: 0, deduplicated: 0, tombstones: 0 };
  const loadType = everything ? 'full' : 'incremental';
  const declared = (entity.columns ?? []).map(({ name, type }) => ({ name, type: type && typeName(type) }));
  const quality = await openQuality(entity, work, { loadType, columns: declared });
  const delivered = plan.delivered === null ? undefined : await openSet(work, plan.delivered, key);
  const passing: Passing = {
    quality,
    kept,
    tally,
    digestsOf: recordDigests(key),
    fresh: await createFreshRecords(delivered, { directory: context.writer?.spillDirectory, rowsInMemory: context.keysInMemory }),
    notes: [],
    latest: latestOf(stream.cursor?.kinds ?? ['time']),
  };
  try {
    const report = await writeRecords({ ...bronzeLoad(entity, work, loadType), columns: entity.columns }, recordsOf(entity, work, passing));
    const found = await quality.finish();
    const sets = { ...(await kept.write()), profiles: found.profiles };
    const reached = placeReached(work, kind, passing.latest.cursor);
    return { report, key, loadType, ...tally, notes: [...passing.notes, ...found.notes], reached, sets };
  } finally {
    quality.close();
    kept.close();
    passing.fresh.close();
  }
}

interface Passing {
  readonly quality: Quality;
  readonly kept: KeptSets;
  readonly tally: Tally;
  readonly digestsOf: (records: readonly JsonObject[]) => Digests;
  /** Records that need not come again: pages overlap when a list changes while it is read. */
  readonly fresh: FreshRecords;
  readonly notes: Note[];
  readonly latest: Latest;
}

async function* recordsOf({ stream }: BronzeList, work: Work, passing: Passing): AsyncGenerator<HashedRecords> {
  const { kept, tally, digestsOf, notes, latest } = passing;
  const { signal, reading: meter, logger } = work.options;
  function* deliver({ fresh, dropped }: FreshPage): Generator<HashedRecords> {
    tally.deduplicated += dropped;
    if (fresh.records.length > 0) yield passing.quality.records(fresh);
  }
  for await (const page of stream.read(work.load.slice, { after: null, signal, meter, logger, landed: noPages })) {
    notes.push(...(page.notes ?? []));
    tally.read += page.records.length;
    const records = page.records.filter((raw): raw is JsonObject => isRecord(raw, work));
    const digests = digestsOf(records);
    kept.see(digests, latestIn(records, stream));
    yield* deliver(passing.fresh.of(records, digests));
    for (const record of records) latest.see(stream.cursor?.of(record));
    await work.rejected.flush();
    tell(work, tally);
  }
  for await (const page of passing.fresh.waiting()) {
    yield* deliver(page);
    await work.rejected.flush();
    tell(work, tally);
  }
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
