import type { Lake, Statement } from '@loadin/catalogue';
import { readSettings, type Environment, type Settings } from '@loadin/config';
import { FatalError, type ObjectStore } from '@loadin/pipeline';
import type { AwsConnections } from '../aws-connections.js';
import { connect } from '../connect.js';
import { openLake } from '../stores.js';
import { bronzeEntities, type EntityOptions } from './bronze-entities.js';
import { firstDay } from './first-day.js';
import { rawRecords } from './raw-records.js';

export interface DescribeCatalogueOptions extends EntityOptions {
  readonly environment: Environment;
  /** The first day that tables see, `YYYY-MM-DD`. Default: the first one that each has objects of. */
  readonly since?: string;
  /** Tables that are there already are dropped first. Default: false. */
  readonly replace?: boolean;
}

/**
 * What Athena has to be told of the lakes that the settings name, statement by statement: bronze (`S3_BUCKET_NAME`) as the schema files say, raw
 * (`AWS_S3_BUCKET_RAW`) as the record classes say, and the logs. With `entities` the tables and views of those alone. Reads, and changes nothing.
 * Throws `ConfigurationError` when the settings name neither, `FatalError` for an entity without a schema and for what can't be described.
 */
export async function describeCatalogue(options: DescribeCatalogueOptions): Promise<Statement[]> {
  const { environment, entities = [], since, replace } = options;
  checkDay(since);
  const some = entities.length > 0;
  const found: Settings = readSettings(environment, []);
  const settings: Settings = some || (found.bronze === undefined && found.raw === undefined) ? readSettings(environment, ['bronze']) : found;
  const aws = connect(environment);
  try {
    const lake = await lakeOf(settings, aws, options);
    const { describeLake } = await import('./parts.js');
    const statements = describeLake(some ? { bronze: lake.bronze } : lake, { replace });
    // The view of counts is one of all entities.
    return some ? statements.filter(({ kind, name }) => kind !== 'query' && name !== 'bronze.counts') : statements;
  } finally {
    await aws.close();
  }
}

async function lakeOf(settings: Settings, aws: AwsConnections, options: DescribeCatalogueOptions): Promise<Lake> {
  const { bronze, raw, logBucket } = settings;
  const { entities = [], since } = options;
  const some = entities.length > 0;
  const open = (bucket: string): Promise<ObjectStore> => openLake(settings, aws, bucket);
  const logs = async (bucket: string) => ({ bucket, since: since ?? (await firstDay(await open(bucket), 'logs/pipeline/ingestion/date=')) });
  return {
    ...(bronze && { bronze: { bucket: bronze.bucket, entities: await bronzeEntities(await open(bronze.bucket), options) } }),
    ...(raw && !some && { raw: { bucket: raw.bucket, records: await rawRecords(await open(raw.bucket), since) } }),
    ...(logBucket !== undefined && !some && { logs: await logs(logBucket) }),
  };
}

function checkDay(since: string | undefined): void {
  if (since === undefined || (/^\d{4}-\d{2}-\d{2}$/.test(since) && isDay(since))) return;
  throw new FatalError(`"${since}" is no day YYYY-MM-DD`, { hint: 'Tables see what was ingested on that day and later.' });
}

/** February has no thirtieth. */
function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
