import { FatalError } from '@loadin/resilience';
import { parseTypeName, typeName } from './column-type.js';
import type { SchemaColumn, TableSchema } from './table-schema.js';

/** What `_loadin/schemas/{entity}.json` holds: every schema that the files of an entity have, oldest first. */
export interface SchemaFile {
  readonly entity: string;
  /** The source's columns whose values together name a row. Absent: none do, or nobody has said. */
  readonly key?: readonly string[];
  /** The source's column that every change makes greater: of two states of a row that one load has brought the one with the greater is the later. Absent: there is none, or nobody has said. */
  readonly cursor?: string;
  readonly versions: readonly SchemaVersion[];
}

export interface SchemaVersion {
  readonly version: number;
  /** The load that ended with it first. A load that changed the schema more than once has files of the versions before too. */
  readonly ingestion_id: string;
  readonly columns: readonly { readonly name: string; readonly type: string | null }[];
}

export const schemaKey = (entity: string): string => `_loadin/schemas/${entity}.json`;

/**
 * With the schema that a load has ended with; the same file when it says all of that.
 * @param key default: what the file says
 */
export function withSchema(
  file: SchemaFile | undefined,
  entity: string,
  schema: TableSchema,
  ingestionId: string,
  key: readonly string[] | undefined = file?.key,
): SchemaFile {
  const columns = schema.columns.map(({ name, type }) => ({ name, type: type === undefined ? null : typeName(type) }));
  const head = { entity, ...(key !== undefined && { key }), ...(file?.cursor !== undefined && { cursor: file.cursor }) };
  const last = file?.versions.at(-1);
  if (file !== undefined && last?.version === schema.version) {
    // A column that had no type yet may have got one without a file that says otherwise.
    const isSaid = JSON.stringify([last.columns, file.key]) === JSON.stringify([columns, key]);
    return isSaid ? file : { ...head, versions: [...file.versions.slice(0, -1), { ...last, columns }] };
  }
  return { ...head, versions: [...(file?.versions ?? []), { version: schema.version, ingestion_id: ingestionId, columns }] };
}

/** What the next load should be given; `undefined` when there was none. */
export function latestSchema({ entity, versions }: SchemaFile): TableSchema | undefined {
  const last = versions.at(-1);
  return last && { version: last.version, columns: last.columns.map((column) => columnOf(column, entity)) };
}

function columnOf({ name, type }: SchemaVersion['columns'][number], entity: string): SchemaColumn {
  if (type === null) return { name };
  const parsed = parseTypeName(type);
  if (parsed === undefined) throw damaged(schemaKey(entity), `"${type}" of the column "${name}" is no type`);
  return { name, type: parsed };
}

export const printSchemaFile = (file: SchemaFile): string => `${JSON.stringify(file, null, 2)}\n`;

/** Throws `FatalError` for a text that is none. */
export function readSchemaFile(text: string, where: string): SchemaFile {
  const file = parse(text, where) as Partial<SchemaFile> | null;
  const { entity, key, cursor, versions } = file ?? {};
  if (
    typeof entity !== 'string' ||
    !isKey(key) ||
    !['undefined', 'string'].includes(typeof cursor) ||
    !Array.isArray(versions) ||
    !versions.every(isVersion)
  ) {
    throw damaged(where, 'it does not say what a schema file says');
  }
  const read = { entity, ...(key !== undefined && { key }), ...(cursor !== undefined && { cursor }), versions: versions as readonly SchemaVersion[] };
  latestSchema(read);
  return read;
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged(where, 'it is not JSON', cause);
  }
}

const isKey = (value: unknown): value is readonly string[] | undefined =>
  value === undefined || (Array.isArray(value) && value.every((column) => typeof column === 'string'));

function isVersion(value: unknown): boolean {
  const { version, ingestion_id: id, columns } = (value ?? {}) as Partial<SchemaVersion>;
  const isColumn = (column: Partial<SchemaVersion['columns'][number]> | null): boolean =>
    typeof column?.name === 'string' && (column.type === null || typeof column.type === 'string');
  return typeof version === 'number' && typeof id === 'string' && Array.isArray(columns) && columns.every(isColumn);
}

const damaged = (where: string, how: string, cause?: unknown): FatalError =>
  new FatalError(`The schema file can't be read: ${how}`, {
    where,
    hint: 'Bring back an older version of it, or move it away to begin anew.',
    cause,
  });
