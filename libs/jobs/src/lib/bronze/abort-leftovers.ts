import type { LoadOptions } from '@loadin/pipeline';
import { LoadinError } from '@loadin/pipeline';
import type { CommitRecord, Leftovers, PendingUploads } from '@loadin/s3-sink';
import { objectsOf } from './commit-details.js';
import { keysPrefix, profilePath } from './set-names.js';

export interface LeftoversOf {
  readonly stream: string;
  readonly dataType: string;
  readonly ingestionId: string;
  /** Key of its dead letters, if that is known. Default: as the commit has it. */
  readonly letters?: string;
  readonly options: Pick<LoadOptions, 'signal' | 'logger'>;
}

/**
 * Aborts the uploads that killed attempts of a run that has committed have left. It is housekeeping: the bucket's lifecycle rule does the same later, so a failure is logged and
 * the load is what it is.
 */
export async function abortLeftovers(uploads: PendingUploads, record: CommitRecord, leftoversOf: LeftoversOf): Promise<void> {
  const { stream, dataType, ingestionId, options } = leftoversOf;
  const { letters = objectsOf(record, 'letters')[0]?.key } = leftoversOf;
  const places: Leftovers[] = [
    { prefix: `data/bronze/${dataType}/`, isOurs: (key) => key.endsWith(`-${ingestionId}.parquet`) },
    { prefix: keysPrefix(dataType, ingestionId), isOurs: () => true },
    { prefix: profilePath(dataType, ingestionId), isOurs: () => true },
    ...(letters === undefined ? [] : [{ prefix: letters, isOurs: (key: string) => key === letters }]),
  ];
  try {
    for (const leftovers of places) await uploads.abortLeftovers(record, leftovers, options);
  } catch (error) {
    if (!(error instanceof LoadinError)) throw error;
    options.logger.warn('Uploads that earlier attempts have left could not be looked for; the lifecycle rule of the bucket removes them', {
      stream,
      error: error.message,
    });
  }
}
