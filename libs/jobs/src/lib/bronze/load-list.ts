import type { Json, JsonObject, Page } from '@loadin/pipeline';
import { latestOf } from './latest.js';
import type { BronzeList } from './types.js';
import { bronzeLoad, tell, type Tally, type Work, type Written } from './work.js';

/** Writes the records of a stream's pages. */
export async function loadList(entity: BronzeList, work: Work): Promise<Written> {
  const { load, options } = work;
  const { writeRecords } = await import('./writer-parts.js');
  const { stream } = entity;
  const everything = load.slice.interval?.from == null;
  const latest = latestOf(stream.cursor?.kinds ?? ['text']);
  const notes: Page['notes'][] = [];
  const tally: Tally = { read: 0, deduplicated: 0 };

  async function* records(): AsyncGenerator<readonly JsonObject[]> {
    const { signal, reading: meter, logger } = options;
    for await (const page of stream.read(load.slice, { after: null, signal, meter, logger, landed: noPages })) {
      notes.push(page.notes);
      tally.read += page.records.length;
      for (const raw of page.records) latest.see(stream.cursor?.of(raw));
      yield page.records.filter((raw): raw is JsonObject => isRecord(raw, work));
      await work.rejected.flush();
      tell(work, tally);
    }
  }

  const loadType = everything ? 'full' : 'incremental';
  const report = await writeRecords({ ...bronzeLoad(entity, work, loadType), columns: entity.columns }, records());
  return { report, loadType, ...tally, tombstones: 0, notes: notes.flatMap((each) => each ?? []), reached: latest.cursor };
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
