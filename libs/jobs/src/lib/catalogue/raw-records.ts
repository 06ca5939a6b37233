import type { RawRecords } from '@loadin/catalogue';
import type { ObjectStore } from '@loadin/pipeline';
import { firstDay } from './first-day.js';

/** Of every data type what one record is, without the fields that only the stream adds. */
export async function rawRecords(lake: ObjectStore, since: string | undefined): Promise<RawRecords[]> {
  const { DATA_TYPES, recordSchema, transformFor } = await import('./parts.js');
  return Promise.all(
    DATA_TYPES.map(async (dataType) => {
      const { source } = transformFor(dataType);
      const { properties = {} } = recordSchema(dataType);
      const own = Object.entries(properties).filter(([field]) => !STREAM_ONLY.has(field));
      const year = since ?? (await firstDay(lake, `raw/${source}/${dataType}/year=`));
      return {
        source,
        dataType,
        schema: { type: 'object', properties: Object.fromEntries(own) },
        ...(year !== undefined && { sinceYear: Number(year.slice(0, 4)) }),
      };
    }),
  );
}

const STREAM_ONLY: ReadonlySet<string> = new Set(['data_type', 'ingestion_timestamp', 'record_hash', 'run_id', 'replay_of']);
