import { BRONZE_COUNTS, describeLake, type RawRecords, type Statement } from '@loadin/catalogue';
import type { StackInput } from '@loadin/infrastructure/cdk';
import { FatalError } from '@loadin/resilience';
import { DATA_TYPES, transformFor } from '@loadin/transforms';
import { recordSchema } from '@loadin/transforms/schema';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * What Athena is told of the lake. Columns of entities are known only when they were loaded: then `loadin-setup ddl --json` tells them from the lake, and the environment
 * names the file with what it said. Without one there are the tables of raw and of logs.
 */
export function catalogueStatements(input: StackInput): readonly Statement[] {
  const { environment, names, folder } = input;
  const statements =
    environment.catalogueFile === undefined
      ? describeLake({ raw: { bucket: names.rawBucket, records: rawRecords() }, logs: { bucket: names.bronzeBucket } })
      : statementsOf(resolve(folder, environment.catalogueFile), environment.name);
  return statements.some(({ name }) => name === BRONZE_COUNTS.name) ? statements : [...statements, BRONZE_COUNTS];
}

/** Fields that only the stream adds. */
const STREAM_ONLY: ReadonlySet<string> = new Set(['data_type', 'ingestion_timestamp', 'record_hash', 'run_id', 'replay_of']);

const rawRecords = (): RawRecords[] =>
  DATA_TYPES.map((dataType) => {
    const own = Object.entries(recordSchema(dataType).properties ?? {}).filter(([field]) => !STREAM_ONLY.has(field));
    return { source: transformFor(dataType).source, dataType, schema: { type: 'object', properties: Object.fromEntries(own) } };
  });

function statementsOf(file: string, environment: string): Statement[] {
  const where = `environments.${environment}.catalogue_file`;
  const hint = 'Write it anew: loadin-setup ddl --json > …';
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (Array.isArray(found) && found.every(isStatement)) return found;
  } catch (cause) {
    throw new FatalError(`${file} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, { where, hint, cause });
  }
  throw new FatalError(`${file} is not what loadin-setup ddl --json prints`, { where, hint });
}

const isStatement = (value: unknown): value is Statement =>
  typeof value === 'object' && value !== null && ['kind', 'name', 'database', 'sql'].every((field) => typeof Reflect.get(value, field) === 'string');
