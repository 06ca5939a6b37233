import { FatalError, StopError, type Load, type LoadOptions, type Slice } from '@loadin/pipeline';
import type { CommitRecord, PendingUploads } from '@loadin/s3-sink';
import { detailsJson, type CommitDetails } from './commit-details.js';
import { createDryAttempt } from './dry-attempt.js';
import { uploadsOutput } from './output.js';
import type { LastSets } from './last-sets.js';
import { isLate, isOvertaken } from './late-load.js';
import { overtaken } from './overtaken-error.js';
import { createRejectedRows } from './rejected-rows.js';
import { createSchemaStore } from './schema-store.js';
import { openSets, type SetChain } from './set-chain.js';
import type { BronzeContext, BronzeEntity } from './types.js';
import type { Work, Written } from './work.js';

/**
 * Reads and writes everything, and commits it. Answers with the record that counts: that of another attempt, when that one was quicker. Until the commit nobody sees anything, and when it
 * throws before, everything is given up.
 */
export async function loadAnew(
  uploads: PendingUploads,
  entity: BronzeEntity,
  { load: planned, options, context, veto }: { load: Load; options: LoadOptions; context: BronzeContext; veto?: string },
): Promise<CommitRecord> {
  const { signal, meter, logger } = options;
  const of = { job: planned.job, runId: planned.runId, stream: planned.stream };
  const thread = context.threads?.place(() => logger.debug('A second thread encodes', { stream: planned.stream }));
  const attempt = context.dryRun === true ? createDryAttempt(of, context.bucket) : uploads.attempt(of, { signal, meter, logger, veto });
  try {
    const rejected = createRejectedRows(attempt, options.letters);
    // First: what it finds committed may have brought a schema.
    const chain = await openSets({ state: context.state, uploads, context, load: planned, options, dryRun: context.dryRun });
    const { base } = chain;
    const schema = await createSchemaStore(context, planned.dataType).latest();
    const slice = await leftToRead(chain, planned, options);
    const load: Load = { ...planned, slice: slice ?? planned.slice };
    const output = uploadsOutput(attempt, () => rejected.flush());
    const room = await context.room?.();
    const work: Work = { load, options, context, attempt, thread, room, rejected, schema, base, output, isBrought: slice === undefined };
    const written = await write(entity, work);
    await rejected.close();
    const details = await detailsOf(work, written);
    await options.beforeCommit();
    await chain.announce();
    return (await attempt.commit(detailsJson(details)).catch((error: unknown) => Promise.reject(asOvertaken(error, load)))).record;
  } catch (error) {
    await attempt.abort();
    throw error;
  } finally {
    thread?.leave();
  }
}

/** The slice, or what another load that was committed since it was cut has left of it; `undefined`: nothing. */
async function leftToRead(chain: SetChain, load: Load, options: LoadOptions): Promise<Slice | undefined> {
  if (!isOvertaken(chain.base, load) || load.fullRefresh || isLate(chain.base, load) || options.cutAnew === undefined) return load.slice;
  return options.cutAnew(await chain.last());
}

/** The one thing that stops a commit is the veto of another run. */
const asOvertaken = (error: unknown, load: Load): unknown =>
  error instanceof StopError && 'by' in error ? overtaken(load, String(error.by), error) : error;

async function write(entity: BronzeEntity, work: Work): Promise<Written> {
  if (entity.kind === 'table') return (await import('./load-table.js')).loadTable(entity, work);
  return (await import('./load-list.js')).loadList(entity, work);
}

async function detailsOf({ load, rejected, base }: Work, written: Written): Promise<CommitDetails> {
  const { report, key, cursor, loadType, read, deduplicated, tombstones, notes, reached, sets } = written;
  const { withSchema } = await import('./writer-parts.js');
  const [schema] = withSchema(undefined, load.dataType, report.schema, load.ingestionId).versions;
  const accounted = deduplicated + rejected.count + report.rows;
  if (schema === undefined || read + tombstones !== accounted)
    throw new FatalError(`Of ${read + tombstones} rows ${accounted} are accounted for`, {
      where: load.stream,
      hint: 'Nothing was published. This is a fault of the program: report it, with the log of the run.',
    });
  return {
    version: 1,
    ingestion_id: load.ingestionId,
    load_type: loadType,
    read: read + tombstones,
    deduplicated,
    rejected: rejected.count,
    tombstones,
    notes,
    reached,
    schema,
    key,
    ...(cursor !== undefined && { cursor }),
    sets: { run_id: load.runId, ...ownerOf(load, base), ...sets },
  };
}

/** Sets stay those of the later run when this one is late. */
const ownerOf = (load: Load, base: LastSets | null): Pick<LastSets, 'ingestion_id' | 'scheduled_time' | 'second'> =>
  base !== null && isLate(base, load)
    ? { ingestion_id: base.ingestion_id, scheduled_time: base.scheduled_time, ...(base.second !== undefined && { second: base.second }) }
    : { ingestion_id: load.ingestionId, scheduled_time: load.scheduledTime, second: load.second };
