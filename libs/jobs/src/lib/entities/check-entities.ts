import { resolveSecrets, type JobDefinition } from '@loadin/config';
import { isoSecond, silentLogger, silentMeter, type Page } from '@loadin/pipeline';
import { line, type CheckLine } from '../check-line.js';
import type { SourceContext } from '../sources.js';
import { isEntity, type EntityStream } from '../stream-facts.js';
import { checkDatabase, checkTable, type TableStream } from './check-database.js';
import { openList } from './list.js';
import type { EntityContext } from './types.js';

type ApiStream = Exclude<EntityStream, TableStream>;

interface Checked<Of extends EntityStream> {
  readonly stream: Of;
  /** What the line is called. */
  readonly name: string;
  readonly context: EntityContext;
}

/** The database and each table of bronze jobs, and one call to each of their APIs: can they be reached, and read as the jobs file says? */
export async function* checkEntities(jobs: readonly JobDefinition[], context: SourceContext): AsyncGenerator<CheckLine> {
  const { tables, apis } = entitiesOf(jobs, context);
  if (tables.length > 0) {
    const database = await line('database', () => checkDatabase(context));
    yield database;
    // Where nobody gets in, each table would only say so again.
    if (database.ok) for (const { stream, name, context: own } of tables) yield await line(name, () => checkTable(stream, own));
  }
  for (const { stream, name, context: own } of apis) yield await line(name, () => checkApi(stream, own));
}

function entitiesOf(jobs: readonly JobDefinition[], context: SourceContext) {
  const tables: Checked<TableStream>[] = [];
  const apis: Checked<ApiStream>[] = [];
  const seen = new Set<string>();
  for (const { name: job, streams, sinkOptions } of jobs) {
    for (const stream of streams.filter(isEntity)) {
      // Jobs may read the same entity alike, or by other options.
      const text = JSON.stringify([stream.id, stream.options]);
      if (seen.has(text)) continue;
      seen.add(text);
      const name = jobs.length === 1 ? stream.id : `${stream.id} (${job})`;
      const own = { ...context, sinkOptions };
      if (stream.id === 'payments.payments' || stream.id === 'shipments.shipments') apis.push({ stream, name, context: own });
      else tables.push({ stream, name, context: own });
    }
  }
  return { tables, apis };
}

const HOUR_MS = 60 * 60 * 1000;

/** One call for what has changed within the hour. */
export async function checkApi({ id, options }: ApiStream, context: EntityContext): Promise<string> {
  const api = id === 'payments.payments' ? 'payments' : 'shipments';
  await resolveSecrets({ [api]: context.settings[api] }, context.secrets);
  const { stream, close } = await openList(api, options, context);
  try {
    const now = context.clock.now();
    const [slice] = stream.plan({ scheduledTime: isoSecond(now), since: [isoSecond(now - HOUR_MS)] });
    const signal = new AbortController().signal;
    const notes: string[] = [];
    if (slice !== undefined) {
      for await (const page of stream.read(slice, { after: null, signal, meter: silentMeter, logger: silentLogger, landed: noPages })) {
        notes.push(...(page.notes ?? []).filter(({ kind }) => kind === 'capability').map(({ message }) => message));
        break;
      }
    }
    return [`${context.settings[api]?.url} answers, and takes the key`, ...notes].join('\n');
  } finally {
    await close();
  }
}

/** Nothing is landed for entities. */
async function* noPages(): AsyncGenerator<Page> {
  // None.
}
