import {
  needed,
  openSecrets,
  readSettings,
  suggestionFor,
  type Environment,
  type JobDefinition,
  type JobsFile,
  type JobStream,
} from '@loadin/config';
import {
  FatalError,
  isoSecond,
  oneLine,
  silentLogger,
  silentMeter,
  StopError,
  systemClock,
  type Clock,
  type Json,
  type JsonObject,
  type Logger,
  type Note,
  type Page,
  type RejectionReason,
  type StateStore,
  type Stream,
  type Transform,
} from '@loadin/pipeline';
import { normalizerFor } from '@loadin/transforms';
import type { AwsConnections } from './aws-connections.js';
import { connect } from './connect.js';
import { feederOf, findJob, loadJobsFile } from './load-jobs-file.js';
import { secretReader } from './secrets.js';
import { openSources, type SourceContext } from './sources.js';
import { checkState, openState } from './stores.js';
import { dataTypeOf, folderOf, isEntity, needOf, RECORD_STREAMS } from './stream-facts.js';

export interface PreviewOptions {
  /** By id (`ticketmaster.events`) or data type (`events`). */
  readonly stream: string;
  readonly environment: Environment;
  /** Whose options count. Default: the first job of the jobs file that has the stream. */
  readonly job?: string;
  /** So many records are shown. Default 10. */
  readonly count?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly signal?: AbortSignal;
}

/** What a preview shows, one after the other, as it is found. */
export type PreviewItem =
  | { readonly kind: 'begin'; readonly stream: string; readonly dataType: string; readonly job: string }
  | { readonly kind: 'record'; readonly id: string; readonly record: JsonObject }
  | { readonly kind: 'rejected'; readonly id: string | undefined; readonly reasons: readonly RejectionReason[] }
  | { readonly kind: 'note'; readonly message: string }
  | { readonly kind: 'end'; readonly pages: number; readonly records: number; readonly rejected: number; readonly more: boolean };

/** So many records that can't be used, before the first that can, say enough. */
const MOST_REJECTED = 100;

/**
 * The first normalized records of a stream, read from the source page by page until there are enough. Nothing is written but the calls that the shared
 * budget counts. Throws `ConfigurationError`, `JobsFileError` and `FatalError` before a page is read, and what the source refuses with.
 */
export async function* previewStream(options: PreviewOptions): AsyncGenerator<PreviewItem> {
  const { environment, clock = systemClock, logger = silentLogger, count = 10 } = options;
  const aws = connect(environment);
  try {
    const file = await loadJobsFile(readSettings(environment, []), aws);
    const { job, stream } = findStream(file, options.stream, options.job);
    const settings = readSettings(environment, [...new Set(partsOf(job, stream).map(needOf))]);
    const secrets = openSecrets(secretReader(aws), { clock });
    const state = await sharedState(environment, aws, logger);
    const sources = await openPreviewed(job, stream, { settings, secrets, clock, state });
    try {
      yield { kind: 'begin', stream: stream.id, dataType: folderOf(stream.id), job: job.name };
      yield* preview(stream, count, { job, sources, logger, scheduledTime: isoSecond(clock.now()), signal: options.signal });
    } finally {
      await sources.close();
    }
  } finally {
    await aws.close();
  }
}

interface Previewed {
  stream(wanted: JobStream): Promise<Stream>;
  close(): Promise<void>;
}

async function openPreviewed({ sinkOptions }: JobDefinition, wanted: JobStream, context: SourceContext): Promise<Previewed> {
  if (!isEntity(wanted)) {
    const sources = openSources(context);
    return { stream: async (one) => (isEntity(one) ? noStream(one) : sources.stream(one)), close: sources.close };
  }
  const entities = (await import('./entities/open-entities.js')).openEntities({ ...context, sinkOptions });
  return { stream: async (one) => (isEntity(one) ? (await entities.open(one)).stream : noStream(one)), close: entities.close };
}

/** Entities and streams of records are never in one job. */
function noStream({ id }: JobStream): never {
  throw new FatalError(`${id} is in no job with this stream`);
}

function findStream(file: JobsFile, name: string, jobName: string | undefined): { job: JobDefinition; stream: JobStream } {
  const jobs = jobName === undefined ? [...file.jobs.values()] : [findJob(file, jobName)];
  for (const job of jobs) {
    const stream = job.streams.find(({ id }) => id === name || id.split('.')[1] === name);
    if (stream !== undefined) return { job, stream };
  }
  const ids = [...new Set(jobs.flatMap(({ streams }) => streams.map(({ id }) => id)))];
  const lacks = jobName === undefined ? 'No job has a stream' : `The job ${jobName} has no stream`;
  const known = [...RECORD_STREAMS, 'payments.payments', 'shipments.shipments'].find((id) => id === name || id.split('.')[1] === name);
  if (known !== undefined)
    throw new FatalError(`${lacks} "${name}"`, { where: file.path, hint: `Add ${known} to the streams of a job there; it has: ${ids.join(', ')}.` });
  const near = suggestionFor(name, [...ids, ...ids.map((id) => id.split('.')[1] ?? id)]);
  throw new FatalError(`${lacks} "${name}"${near === undefined ? '' : `; did you mean "${near}"?`}`, {
    where: file.path,
    hint: `There are: ${ids.join(', ')}.`,
  });
}

/** The stream, and the one of its job that it takes ids from. */
function partsOf(job: JobDefinition, stream: JobStream): readonly JobStream[] {
  const feeder = feederOf(stream);
  return [stream, ...job.streams.filter(({ id }) => id === feeder)];
}

/** Where all runs count their calls, if that is there: a preview is for those too who have nothing on AWS yet. */
async function sharedState(environment: Environment, aws: AwsConnections, logger: Logger): Promise<StateStore | undefined> {
  const settings = readSettings(environment, []);
  if (settings.aws === undefined) return undefined;
  try {
    needed(settings, 'aws');
    await checkState(settings, aws);
    return await openState(settings, aws);
  } catch (error) {
    logger.warn(`The calls of this preview are not counted with those of other runs: ${oneLine(error)}`);
    return undefined;
  }
}

interface PreviewContext {
  readonly job: JobDefinition;
  readonly sources: Previewed;
  readonly logger: Logger;
  readonly scheduledTime: string;
  readonly signal: AbortSignal | undefined;
  /** Pages of another stream that are read for this one; some look at all of them before they begin. */
  readonly mostLanded: number;
  /** Called when there were more than that. */
  readonly cut: () => void;
}

async function* preview(wanted: JobStream, count: number, given: Omit<PreviewContext, 'mostLanded' | 'cut'>): AsyncGenerator<PreviewItem> {
  let cut = false;
  const context = { ...given, mostLanded: Math.ceil(count / 10), cut: () => void (cut = true) };
  const seen = new Set<string>();
  const notes = new Set<string>();
  const sum = { pages: 0, records: 0, rejected: 0 };
  const stream = await context.sources.stream(wanted);
  const normalize: Transform = isEntity(wanted) ? asItIs(stream) : normalizerFor(dataTypeOf(wanted));
  for await (const { page, belongs } of pagesOf(stream, context)) {
    sum.pages += 1;
    for (const note of newNotes(page.notes, notes)) yield note;
    for (const raw of page.records) {
      if (raw === null || !belongs(raw)) continue;
      const key = stream.key(raw);
      if (key !== undefined && seen.has(key)) continue;
      const parsed = normalize(raw);
      if (!parsed.ok) {
        sum.rejected += 1;
        yield { kind: 'rejected', id: key, reasons: parsed.reasons };
      } else {
        if (key !== undefined) seen.add(key);
        sum.records += 1;
        yield { kind: 'record', id: parsed.id, record: parsed.record };
      }
      if (sum.records >= count || sum.rejected >= MOST_REJECTED) return yield { kind: 'end', ...sum, more: true };
    }
  }
  yield { kind: 'end', ...sum, more: cut };
}

/** Entities are loaded as their source gives them. */
const asItIs =
  (stream: Stream): Transform =>
  (raw) =>
    typeof raw === 'object' && raw !== null && !Array.isArray(raw)
      ? { ok: true, id: stream.key(raw) ?? '', record: raw as JsonObject }
      : { ok: false, reasons: [{ path: '', message: 'it is no record: an object is expected' }] };

function newNotes(notes: readonly Note[] | undefined, said: Set<string>): PreviewItem[] {
  return (notes ?? []).flatMap(({ message }): PreviewItem[] => {
    if (said.has(message)) return [];
    said.add(message);
    return [{ kind: 'note', message }];
  });
}

/** Pages slice by slice, each when it is asked for; what another stream of the job would have landed is read from its source as far as it is needed. */
async function* pagesOf(stream: Stream, context: PreviewContext): AsyncGenerator<{ page: Page; belongs: (raw: Json) => boolean }> {
  const { job, sources, logger, scheduledTime } = context;
  const signal = context.signal ?? new AbortController().signal;
  async function* landed(id: string): AsyncGenerator<Page> {
    const other = job.streams.find((one) => one.id === id);
    // A stream that reads a page of its own source again would do so for ever.
    if (other === undefined || id === stream.id) return;
    let pages = 0;
    for await (const { page } of pagesOf(await sources.stream(other), context)) {
      yield page;
      pages += 1;
      if (pages >= context.mostLanded) return context.cut();
    }
  }
  for (const slice of stream.plan({ scheduledTime })) {
    const belongs = (raw: Json): boolean => stream.belongs?.(raw, slice) !== false;
    for await (const page of stream.read(slice, { after: null, signal, meter: silentMeter, logger, landed })) {
      if (signal.aborted) throw signal.reason ?? new StopError('the preview was cancelled', { reason: 'cancelled' });
      yield { page, belongs };
    }
  }
}
