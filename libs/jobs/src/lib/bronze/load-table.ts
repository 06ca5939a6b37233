import type { CopyBlock, Digests, GoneKeys, SortedKeys } from '@loadin/bronze-writer';
import type { Note } from '@loadin/pipeline';
import { defined } from '@loadin/resilience';
import { admitRows } from './admit-rows.js';
import { cursorColumn, type CursorColumn } from './cursor-column.js';
import { copyRecord } from './copy-record.js';
import { createKeptSets, type KeptSets } from './kept-sets.js';
import { nothingLeft } from './late-load.js';
import { areKeysWhole, gonePastFinding, NOT_ALL_KEPT } from './lost-sets.js';
import { openQuality, type Quality } from './quality.js';
import { cursorOf, planTable, type SetPlan } from './set-plan.js';
import type { SeenBlock } from './spooled-rows.js';
import { goneKeys, openSet } from './stored-sets.js';
import { lookBackOf, openTable, type OpenTable } from './table-read.js';
import type { BronzeTable } from './types.js';
import { bronzeLoad, tell, type Tally, type Work, type Written } from './work.js';

/** Writes the rows of a table, which never become objects, without those that were delivered as they are, and tombstones of those that are gone. */
export async function loadTable(entity: BronzeTable, work: Work): Promise<Written> {
  const { load, options, context } = work;
  const { copyDigests, writeCopyText } = await import('./writer-parts.js');
  const table = await openTable(entity, load.slice, { ...options, clock: context.clock, random: context.random });
  const plan = planTable(entity, work.base, table.everything, load);
  const columns = table.columns.map(({ name, type }) => ({ name, type: type.sql }));
  const { key, cursorKind: kind = 'time' } = entity;
  const named = { key, ...defined({ cursor: cursorOf(entity) }) };
  if (plan.nothingLeft || work.isBrought) return nothingLeft(work, await writeCopyText(bronzeLoad(entity, work, 'incremental'), columns, []), named);
  const kept = await createKeptSets(work, { plan, key, kind, lookBack: lookBackOf(entity, table.columns) });
  const delivered = plan.delivered === null ? undefined : await openSet(work, plan.delivered, key);
  // Without a cursor everything is read, and what is not compared is all delivered.
  const loadType = table.everything && delivered === undefined ? 'full' : 'incremental';
  const recordOf = await copyRecord(columns.map(({ name }) => name));
  const quality = await openQuality(entity, work, { loadType, columns, recordOf });
  const tally: Tally = { read: 0, deduplicated: 0, tombstones: 0 };
  const lost = new Set(plan.findsGone && !areKeysWhole(work) ? [NOT_ALL_KEPT] : []);
  try {
    const cursor = await cursorColumn(entity, table.columns);
    const needsDigests = plan.keepRecent || plan.keepKeys !== 'none';
    const digestsOf = needsDigests ? copyDigests(columns, key, load.stream) : undefined;
    const rows = rowsOf(table, work, { plan, key, kept, tally, delivered, quality, digestsOf, lost, cursor });
    const report = await writeCopyText({ ...bronzeLoad(entity, work, loadType, recordOf), sortBy: key }, columns, rows);
    const { notes, profiles } = await quality.finish();
    const sets = { ...(await kept.write()), profiles };
    const anew = cursor === undefined && delivered !== undefined ? comesAnew(tally) : [];
    const gone = gonePastFinding(lost, { loadType, second: load.second });
    return { report, ...named, loadType, ...tally, notes: [...table.notes, ...anew, ...gone, ...notes], reached: cursor?.latest ?? null, sets };
  } finally {
    quality.close();
    kept.close();
  }
}

/** Columns that come and go change the hash of every row. */
const comesAnew = ({ read, deduplicated }: Tally): Note[] =>
  read === 0 || deduplicated > 0
    ? []
    : [
        {
          kind: 'drift',
          message: `None of the ${read} rows is as the last load has kept it, so all come again: they have changed, or the columns of the table have`,
        },
      ];

interface Passing {
  readonly plan: SetPlan;
  /** Names of the key's columns. */
  readonly key: readonly string[];
  readonly kept: KeptSets;
  readonly tally: Tally;
  /** What need not come again. */
  readonly delivered: SortedKeys | undefined;
  readonly quality: Quality;
  /** Why earlier keys could not be compared with. */
  readonly lost: Set<string>;
  /** None when nothing is compared or kept. */
  readonly digestsOf: ((block: CopyBlock) => Digests) | undefined;
  readonly cursor: CursorColumn | undefined;
}

async function* rowsOf(table: OpenTable, work: Work, passing: Passing): AsyncGenerator<CopyBlock | GoneKeys> {
  const { tally } = passing;
  for await (const { block, dropped } of admitted(table, work, passing)) {
    tally.deduplicated += dropped;
    yield passing.quality.block(block);
    await work.rejected.flush();
    tell(work, tally);
  }
  if (passing.plan.earlier.length > 0) await seeLater(table, passing, work);
  const present = passing.kept.present();
  if (present === undefined) return;
  for await (const page of goneKeys(work, passing.plan.earlier, present, (why) => passing.lost.add(why))) {
    tally.tombstones += page.gone.length;
    yield page;
    tell(work, tally);
  }
}

/** After the rows, so that none is in neither that changes in between. */
async function seeLater(table: OpenTable, { key, kept, cursor }: Pick<Passing, 'key' | 'kept' | 'cursor'>, { load }: Work): Promise<void> {
  const later = table.later(cursor?.latest?.[0]);
  if (later === undefined) return;
  const { copyDigests } = await import('./writer-parts.js');
  const columns = later.columns.map(({ name, type }) => ({ name, type: type.sql }));
  const digestsOf = copyDigests(columns, key, load.stream);
  for await (const block of later.blocks) kept.seeLater(digestsOf(block));
}

async function* admitted(
  { blocks }: OpenTable,
  work: Work,
  { kept, tally, delivered, digestsOf, cursor }: Passing,
): AsyncGenerator<{ block: CopyBlock; dropped: number }> {
  if (digestsOf === undefined) {
    for await (const block of blocks) {
      tally.read += block.count;
      yield { block, dropped: 0 };
    }
    return;
  }
  async function* seen(hash: (block: CopyBlock) => Digests): AsyncGenerator<SeenBlock> {
    for await (const block of blocks) {
      tally.read += block.count;
      const digests = hash(block);
      kept.see(digests, cursor?.see(block));
      yield { block, digests };
    }
  }
  yield* admitRows(seen(digestsOf), delivered, { directory: work.context.writer?.spillDirectory, rowsInMemory: work.context.keysInMemory });
}
