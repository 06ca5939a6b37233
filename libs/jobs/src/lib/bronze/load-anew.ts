import { FatalError, type Load, type LoadOptions } from '@loadin/pipeline';
import type { CommitRecord, PendingUploads } from '@loadin/s3-sink';
import { detailsJson, type CommitDetails } from './commit-details.js';
import { createDryAttempt } from './dry-attempt.js';
import { uploadsOutput } from './output.js';
import { openSets, type LastSets } from './last-sets.js';
import { isLate } from './late-load.js';
import { createRejectedRows } from './rejected-rows.js';
import { createSchemaStore } from './schema-store.js';
import type { BronzeContext, BronzeEntity } from './types.js';
import type { Work, Written } from './work.js';

/**
 * Reads and writes everything, and commits it. Answers with the record that counts: that of another attempt, when that one was quicker. Until the commit nobody sees anything, and when it
 * throws before, everything is given up.
 */
export async function loadAnew(
  uploads: PendingUploads,
  entity: BronzeEntity,
  { load, options, context }: { load: Load; options: LoadOptions; context: BronzeContext },
): Promise<CommitRecord> {
  const { signal, meter, logger } = options;
  const of = { job: load.job, runId: load.runId, stream: load.stream };
  const thread = context.threads?.place(() => logger.debug('A second thread encodes', { stream: load.stream }));
  const attempt = context.dryRun === true ? createDryAttempt(of, context.bucket) : uploads.attempt(of, { signal, meter, logger });
  try {
    const rejected = createRejectedRows(attempt, options.letters);
    const schema = await createSchemaStore(context, load.dataType).latest();
    const chain = await openSets({ state: context.state, uploads, load, options, dryRun: context.dryRun });
    const { base } = chain;
    const output = uploadsOutput(attempt, () => rejected.flush());
    const work: Work = { load, options, context, attempt, thread, rejected, schema, base, output };
    const written = await write(entity, work);
    await rejected.close();
    const details = await detailsOf(work, written);
    await options.beforeCommit();
    await chain.announce();
    return (await attempt.commit(detailsJson(details))).record;
  } catch (error) {
    await attempt.abort();
    throw error;
  } finally {
    thread?.leave();
  }
}

async function write(entity: BronzeEntity, work: Work): Promise<Written> {
  if (entity.kind === 'table') return (await import('./load-table.js')).loadTable(entity, work);
  return (await import('./load-list.js')).loadList(entity, work);
}

async function detailsOf({ load, rejected, base }: Work, written: Written): Promise<CommitDetails> {
  const { report, key, loadType, read, deduplicated, tombstones, notes, reached, sets } = written;
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
    sets: { run_id: load.runId, ...ownerOf(load, base), ...sets },
  };
}

/** Sets stay those of the later run when this one is late. */
const ownerOf = (load: Load, base: LastSets | null): Pick<LastSets, 'ingestion_id' | 'scheduled_time'> =>
  base !== null && isLate(base, load)
    ? { ingestion_id: base.ingestion_id, scheduled_time: base.scheduled_time }
    : { ingestion_id: load.ingestionId, scheduled_time: load.scheduledTime };
