import type { SchemaFile } from '@loadin/bronze-writer';
import type { BronzeEntity } from '@loadin/catalogue';
import { suggestionFor } from '@loadin/config';
import { FatalError, type ObjectStore } from '@loadin/pipeline';
import { defined } from '@loadin/resilience';
import { firstDay } from './first-day.js';

export interface EntityOptions {
  /** By name. Default: every one that has a schema file. */
  readonly entities?: readonly string[];
  /** The source's columns that name a row, by entity. Default: what the schema file says. */
  readonly keys?: ReadonlyMap<string, readonly string[]>;
  /** Default: the first ingestion date of each. */
  readonly since?: string;
}

const SCHEMAS = '_loadin/schemas/';

/** The bronze entities of a lake, as their schema files say. Throws `FatalError` for one that has none, for a damaged file, and for a key of columns that are not there. */
export async function bronzeEntities(lake: ObjectStore, { entities, keys = new Map(), since }: EntityOptions): Promise<BronzeEntity[]> {
  const known: string[] = [];
  for await (const { key } of lake.list(SCHEMAS)) if (key.endsWith('.json')) known.push(key.slice(SCHEMAS.length, -'.json'.length));
  const wanted = entities === undefined || entities.length === 0 ? known : [...new Set(entities)];
  for (const entity of [...wanted, ...keys.keys()]) if (!known.includes(entity)) throw noSchema(entity, known, lake);
  return Promise.all(
    wanted.map(async (entity) => {
      const file = await schemaFileOf(lake, entity);
      return describe(file, keys.get(entity) ?? file.key, since ?? (await firstDay(lake, `data/bronze/${entity}/ingestion_date=`)));
    }),
  );
}

async function schemaFileOf(lake: ObjectStore, entity: string): Promise<SchemaFile> {
  const { readSchemaFile, schemaKey } = await import('./parts.js');
  const key = schemaKey(entity);
  const stored = await lake.get(key);
  if (stored === undefined) throw noSchema(entity, [], lake);
  return readSchemaFile(Buffer.from(stored).toString('utf8'), `${lake.uri}/${key}`);
}

/** With the names that columns have in files: those of the source, unless another column has that one already. */
async function describe(
  { entity, cursor, versions }: SchemaFile,
  key: readonly string[] | undefined,
  since: string | undefined,
): Promise<BronzeEntity> {
  const { fileNames } = await import('./parts.js');
  const sources = (versions.at(-1)?.columns ?? []).map(({ name }) => name);
  const unknown = (key ?? []).find((column) => !sources.includes(column));
  if (unknown !== undefined) {
    throw new FatalError(`The key of ${entity} has a column "${unknown}" that the entity has not`, { hint: `Its columns: ${sources.join(', ')}.` });
  }
  const named = versions.map(({ version, columns }) => {
    const names = fileNames(columns.map(({ name }) => name));
    return { version, columns: columns.map(({ type }, n) => ({ name: names[n] ?? '', type })) };
  });
  const names = fileNames(sources);
  const keyNames = key?.map((column) => names[sources.indexOf(column)] ?? column);
  const cursorName = names[sources.findIndex((column) => column === cursor)];
  return { entity, versions: named, ...defined({ key: keyNames, cursor: cursorName, since }) };
}

function noSchema(entity: string, known: readonly string[], lake: ObjectStore): FatalError {
  const suggestion = suggestionFor(entity, known);
  return new FatalError(`The lake has no schema of an entity "${entity}"${suggestion === undefined ? '' : `; did you mean "${suggestion}"?`}`, {
    where: `${lake.uri}/${SCHEMAS}`,
    hint: known.length === 0 ? 'An entity has one after its first load.' : `It has: ${known.join(', ')}.`,
  });
}
