import { FatalError, type Load, type Loader, type LoadOptions } from '@loadin/pipeline';
import type { CommitRecord, PendingUploads } from '@loadin/s3-sink';
import { abortLeftovers } from './abort-leftovers.js';
import { detailsOf, loadedOf } from './commit-details.js';
import { addSchema } from './add-schema.js';
import { settleSets } from './last-sets.js';
import { createLoadHistory } from './load-history.js';
import { loadAnew } from './load-anew.js';
import { OvertakenError } from './overtaken-error.js';
import type { BronzeContext, BronzeEntity } from './types.js';

/** The name of the sink in the jobs file, and of the loader in the ledger. */
export const BRONZE = 's3_bronze';

/**
 * Brings one entity into bronze: rows into Parquet, committed as one with their dead letters and sets of keys. Nothing is opened before it loads. What an earlier attempt
 * has committed is completed, and answered for. Throws as the source, `@loadin/bronze-writer` and `@loadin/s3-sink` do.
 */
export function createBronzeLoader(entity: BronzeEntity, context: BronzeContext): Loader {
  return {
    name: BRONZE,
    layout: `parquet.${entity.compression ?? 'zstd'}`,
    async load(load, options) {
      if (load.slice.ordinal > 0)
        throw new FatalError(`${load.stream} is planned in several slices, and bronze takes it as one`, {
          where: load.job,
          hint: 'Plan it as one slice.',
        });
      const uploads = await openUploads(context);
      if (context.dryRun === true) return loadedOf(await loadAnew(uploads, entity, { load, options, context }), false);
      const { record, existed } = await committed(uploads, entity, { load, options, context });
      await afterCommit(uploads, { record, existed }, { load, options, context });
      return loadedOf(record, existed);
    },
    // A dry run changes nothing, so it ends nothing that others have begun.
    ...(context.dryRun !== true && { history: createLoadHistory(context, () => openUploads(context)) }),
  };
}

const MIB = 1024 * 1024;
/** Parts of the least size that S3 takes, two on their way: more a second than is made, and 15 MiB of memory instead of 40. */
const UPLOADS = { partBytes: 5 * MIB, maxPartsInFlight: 2 };

async function openUploads({ client, bucket, settings, clock, random }: BronzeContext): Promise<PendingUploads> {
  const { createPendingUploads } = await import('./uploads-parts.js');
  return createPendingUploads({ client, bucket, ...settings, ...UPLOADS, clock, random });
}

interface OneLoad {
  readonly load: Load;
  readonly options: LoadOptions;
  readonly context: BronzeContext;
}

interface Committed {
  readonly record: CommitRecord;
  /** An earlier attempt has committed it. */
  readonly existed: boolean;
}

/** Of all that begin with the same state one commits. Another one begins anew so often, before it leaves that to its next attempt. */
const BEGINNINGS = 2;

/** The commit record of this run, whose objects are all visible. */
async function committed(uploads: PendingUploads, entity: BronzeEntity, one: OneLoad, beginnings = BEGINNINGS): Promise<Committed> {
  const { load, options } = one;
  const of = { job: load.job, runId: load.runId, stream: load.stream };
  const recovery = await uploads.recover(of, options);
  if (recovery.state === 'none') {
    // As it was before this run is announced: a veto that comes later keeps this attempt from its commit.
    const record = await loadAnew(uploads, entity, { ...one, veto: recovery.veto }).catch((error: unknown) => {
      if (!(error instanceof OvertakenError) || beginnings <= 1) throw error;
      options.logger.info(`${error.message}: what was read is given up, and it begins anew`, { stream: load.stream });
      return undefined;
    });
    if (record === undefined) return committed(uploads, entity, one, beginnings - 1);
    await uploads.complete(record, options);
    return { record, existed: false };
  }
  const record = recovery.state === 'completed' ? recovery.record : await uploads.record(of);
  if (record !== undefined) return { record, existed: true };
  throw new FatalError('The commit record of this load is gone, and the record that it is done is there', {
    where: `_loadin/commits/${of.job}/${of.runId}/${of.stream}.json`,
    hint: 'Nothing was changed. Bring it back, or make a new run (--again).',
  });
}

/** What may be done again, by every attempt that finds the commit. */
async function afterCommit(uploads: PendingUploads, { record, existed }: Committed, { load, options, context }: OneLoad): Promise<void> {
  const { schema, key, cursor, ingestion_id: ingestionId, sets } = detailsOf(record);
  const { stream, dataType } = load;
  await addSchema(context, schema, { entity: dataType, ingestionId, key, cursor });
  await settleSets(context.state, load, sets, !existed);
  await abortLeftovers(uploads, record, { stream, dataType, ingestionId: load.ingestionId, letters: options.letters.key(0), options });
}
