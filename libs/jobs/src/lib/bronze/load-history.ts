import {
  FatalError,
  ingestionId as ingestionIdOf,
  type LastLoad,
  type LoadHistory,
  type LoadOptions,
  type LoadsOf,
  type Note,
  type StateStore,
} from '@loadin/pipeline';
import type { CommitRecord, PendingUploads } from '@loadin/s3-sink';
import { abortLeftovers } from './abort-leftovers.js';
import { detailsOf, faultOfDetails, loadedOf } from './commit-details.js';
import { readItem, settleOpen, writeItem, type StoredItem } from './last-sets.js';
import { addSchema } from './add-schema.js';
import type { BronzeContext } from './types.js';

export interface Adopting {
  readonly state: StateStore;
  readonly uploads: PendingUploads;
  readonly context: BronzeContext;
  readonly options: Pick<LoadOptions, 'signal' | 'logger'>;
}

export interface Adopted {
  readonly item: StoredItem;
  /** A run that has announced a load and has not committed it; or has, and it can't be completed any more: `dead`. */
  readonly other?: string;
  readonly dead?: FatalError;
}

/**
 * Ends what a run has committed that was killed, or has not come to its end yet: all of it can be seen then, and its sets are the last ones. Its checkpoint has still to move.
 * @param own the run that asks: what it has announced itself is its own business
 */
export async function adoptCommitted(of: LoadsOf, adopting: Adopting, own?: string): Promise<Adopted> {
  for (;;) {
    const item = await readItem(adopting.state, of);
    const other = item.next?.run_id;
    if (other === undefined || other === own) return { item };
    const found = await completed(of, other, adopting);
    if (found === undefined) return { item, other };
    if (found instanceof FatalError) return { item, other, dead: found };
    const { schema, key, cursor, ingestion_id: ingestionId, sets } = detailsOf(found);
    await addSchema(adopting.context, schema, { entity: of.dataType, ingestionId, key, cursor });
    await writeItem(adopting.state, of, item, { last: sets, next: null, open: true });
    await abortLeftovers(adopting.uploads, found, { ...of, ingestionId, options: adopting.options });
    // Whoever wrote: what is there now counts.
  }
}

/**
 * Answers with the error when what was committed can't be seen as a whole any more, by nobody. An access that is denied is none: who goes on without the commit would bring again what that one
 * brings as soon as somebody may complete it.
 */
async function completed({ job, stream }: LoadsOf, runId: string, { uploads, options }: Adopting): Promise<CommitRecord | FatalError | undefined> {
  const of = { job, runId, stream };
  const dead = (error: FatalError): FatalError => {
    options.logger.warn('An earlier run has committed and can not be completed', { run: runId, stream, error: error.message });
    return error;
  };
  try {
    const record = await uploads.record(of);
    // One that some other program has written can't be gone on from.
    const foreign = record && faultOfDetails(record);
    if (foreign !== undefined) return dead(foreign);
    if (record !== undefined) await uploads.recover(of, options);
    return record;
  } catch (error) {
    const { DeadCommitError } = await import('./uploads-parts.js');
    if (error instanceof DeadCommitError) return dead(error);
    throw error;
  }
}

/** What the engine is told of the load whose sets these are. */
export async function lastLoadOf({ job, stream }: LoadsOf, { last, open }: StoredItem, { uploads }: Pick<Adopting, 'uploads'>): Promise<LastLoad> {
  if (last === null) return { runId: null, notes: [] };
  const runId = last.run_id;
  const record = open && (await uploads.record({ job, runId, stream }));
  return { runId, notes: [], ...(record && { open: loadedOf(record, true) }) };
}

export function createLoadHistory(context: BronzeContext, openUploads: () => Promise<PendingUploads>): LoadHistory {
  const { state } = context;
  return {
    async last(of, options) {
      const adopting: Adopting = { state, uploads: await openUploads(), context, options };
      const { item, other = '', dead } = await adoptCommitted(of, adopting);
      const last = await lastLoadOf(of, item, adopting);
      return dead === undefined ? last : { ...last, notes: [noteOf(of, other, dead)] };
    },
    settled: (of, runId) => settleOpen(state, of, runId),
  };
}

const noteOf = ({ stream, dataType }: LoadsOf, runId: string, { message }: FatalError): Note => ({
  kind: 'skipped',
  message:
    `The run ${runId} has committed ${stream} and can't be completed any more (${message}). What it had read is read again. ` +
    `If some of its files can be seen, remove them, or their rows are there twice: data/bronze/${dataType}/**/part-*-${ingestionIdOf(runId, stream)}.parquet`,
});
