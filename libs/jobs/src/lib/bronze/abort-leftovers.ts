import type { Load, LoadOptions } from '@loadin/pipeline';
import { LoadinError } from '@loadin/pipeline';
import type { CommitRecord, Leftovers, PendingUploads } from '@loadin/s3-sink';
import { keysPrefix, profilePath } from './set-names.js';

/**
 * Aborts the uploads that killed attempts of this run have left. It is housekeeping: the bucket's lifecycle rule does the same later, so a failure is logged and the load
 * is what it is.
 */
export async function abortLeftovers(
  uploads: PendingUploads,
  record: CommitRecord,
  { load, options }: { load: Load; options: LoadOptions },
): Promise<void> {
  const { dataType, ingestionId, second } = load;
  const places: Leftovers[] = [
    { prefix: `data/bronze/${dataType}/ingestion_date=${second.slice(0, 10)}/`, isOurs: (key) => key.endsWith(`-${ingestionId}.parquet`) },
    { prefix: keysPrefix(dataType, ingestionId), isOurs: () => true },
    { prefix: profilePath(dataType, ingestionId), isOurs: () => true },
    { prefix: options.letters.key(0), isOurs: (key) => key === options.letters.key(0) },
  ];
  try {
    for (const leftovers of places) await uploads.abortLeftovers(record, leftovers, options);
  } catch (error) {
    if (!(error instanceof LoadinError)) throw error;
    options.logger.warn('Uploads that earlier attempts have left could not be looked for; the lifecycle rule of the bucket removes them', {
      stream: load.stream,
      error: error.message,
    });
  }
}
