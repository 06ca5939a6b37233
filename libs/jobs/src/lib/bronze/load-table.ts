import { cursorColumn } from './cursor-column.js';
import { openTable } from './table-read.js';
import type { BronzeTable } from './types.js';
import { bronzeLoad, tell, type Tally, type Work, type Written } from './work.js';

/** Writes the rows of a table, which never become objects. */
export async function loadTable(entity: BronzeTable, work: Work): Promise<Written> {
  const { load, options, context } = work;
  const { writeCopyText } = await import('./writer-parts.js');
  const { columns, blocks, everything, notes } = await openTable(entity, load.slice, { ...options, clock: context.clock, random: context.random });
  const cursor = await cursorColumn(entity, columns);
  const tally: Tally = { read: 0, deduplicated: 0 };

  async function* rows() {
    for await (const block of blocks) {
      tally.read += block.count;
      cursor?.see(block);
      yield block;
      await work.rejected.flush();
      tell(work, tally);
    }
  }

  const loadType = everything || entity.mode === 'full' ? 'full' : 'incremental';
  const types = columns.map(({ name, type }) => ({ name, type: type.sql }));
  const report = await writeCopyText({ ...bronzeLoad(entity, work, loadType), sortBy: entity.key }, types, rows());
  return { report, loadType, ...tally, tombstones: 0, notes, reached: cursor?.latest ?? null };
}
