import { ingestionId, type CommittedLoad, type Difference, type LoadToVerify } from '@loadin/pipeline';
import type { CommitRecord, PendingUploadsOptions, RecordedObject } from '@loadin/s3-sink';
import { loadedOf, objectsOf } from './commit-details.js';

/**
 * Rehashes what a run has committed of an entity, and looks for objects of the run that its commit record does not have. Sets of keys and letters that are gone are no
 * difference: rows are what was promised, and who must remove data removes its letters. Throws `FatalError` for a commit record that can't be read.
 */
export async function readCommittedLoad(
  { client, bucket }: Pick<PendingUploadsOptions, 'client' | 'bucket'>,
  { job, runId, stream, dataType, second }: LoadToVerify,
  { signal }: { readonly signal?: AbortSignal },
): Promise<CommittedLoad | undefined> {
  const { createPendingUploads } = await import('./uploads-parts.js');
  const uploads = createPendingUploads({ client, bucket });
  const record = await uploads.record({ job, runId, stream });
  if (record === undefined) return undefined;
  const id = ingestionId(runId, stream);
  const date = second === undefined ? '' : `ingestion_date=${second.slice(0, 10)}/`;
  const extras = { prefix: `data/bronze/${dataType}/${date}`, isOurs: (key: string) => key.endsWith(`-${id}.parquet`) };
  const { objects, bytes, differences } = await uploads.verify(record, { signal, extras });
  const gone = differences.filter((difference) => difference.kind === 'missing' && !isOfRows(record, difference));
  return {
    loaded: loadedOf(record, true),
    objects,
    bytes,
    differences: differences.filter((difference) => !gone.includes(difference)),
    notes: gone.map(({ where }) => `${where} is not there any more; it has no rows`),
  };
}

const isOfRows = (record: CommitRecord, { where }: Difference): boolean =>
  objectsOf(record, 'rows').some((object) => uriOf(record, object) === where);

const uriOf = ({ bucket }: CommitRecord, { key }: RecordedObject): string => `s3://${bucket}/${key}`;
