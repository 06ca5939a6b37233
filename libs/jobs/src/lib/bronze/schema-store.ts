import type { SchemaFile, SchemaVersion, TableSchema } from '@loadin/bronze-writer';
import { awsErrorCode, toLoadinError } from '@loadin/aws';
import { RetryableError } from '@loadin/pipeline';
import type { BronzeContext } from './types.js';

/** The schemas of an entity in the lake, `_loadin/schemas/{entity}.json`. */
export interface SchemaStore {
  /** What the next load is to begin with; `undefined` before the first. */
  latest(): Promise<TableSchema | undefined>;
  /** Adds what a load has ended with, unless it is known. Of two loads at once none takes the other's version away: the second adds one that holds both. */
  add(schema: TableSchema, of: SchemaOf): Promise<void>;
}

/** Whose schema it is. */
export interface SchemaOf {
  readonly entity: string;
  readonly ingestionId: string;
  /** Columns whose values together name a row. */
  readonly key: readonly string[];
  /** Column that every change makes greater. Default: there is none. */
  readonly cursor?: string;
}

interface Stored {
  readonly file: SchemaFile | undefined;
  readonly etag: string | undefined;
}

/** How often others may write in between: each of them has brought a version. */
const TRIES = 20;

export function createSchemaStore({ client, bucket, settings }: Pick<BronzeContext, 'client' | 'bucket' | 'settings'>, entity: string): SchemaStore {
  const writer = import('./writer-parts.js');
  const sdk = import('./s3-commands.js');
  const address = async () => ({ Bucket: bucket, Key: (await writer).schemaKey(entity) });

  const read = async (): Promise<Stored> => {
    const where = await address();
    try {
      const { Body, ETag } = await client.send(new (await sdk).GetObjectCommand(where));
      const text = (await Body?.transformToString()) ?? '';
      return { file: (await writer).readSchemaFile(text, uriOf(where)), etag: ETag };
    } catch (error) {
      if (awsErrorCode(error) === 'NoSuchKey') return { file: undefined, etag: undefined };
      throw toLoadinError(error, { service: 'S3', operation: 'GetObject', resource: uriOf(where) });
    }
  };
  /** `false`: somebody has written since it was read. */
  const put = async (file: SchemaFile, etag: string | undefined): Promise<boolean> => {
    const where = await address();
    const condition = etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag };
    const input = { ...where, ...condition, ...encryption(settings), ContentType: 'application/json', ChecksumAlgorithm: 'SHA256' as const };
    try {
      await client.send(new (await sdk).PutObjectCommand({ ...input, Body: Buffer.from((await writer).printSchemaFile(file)) }));
      return true;
    } catch (error) {
      if (['PreconditionFailed', 'ConditionalRequestConflict'].includes(awsErrorCode(error) ?? '')) return false;
      throw toLoadinError(error, { service: 'S3', operation: 'PutObject', resource: uriOf(where) });
    }
  };

  return {
    async latest() {
      const { file } = await read();
      return file && (await writer).latestSchema(file);
    },
    async add(schema, of) {
      if (schema.version === 0) return;
      for (let tries = 0; tries < TRIES; tries += 1) {
        const { file, etag } = await read();
        const next = withVersion(await writer, file, schema, of);
        if (next === file || (await put(next, etag))) return;
      }
      throw new RetryableError('The schema file was changed by others again and again', { where: uriOf(await address()), hint: 'Run it again.' });
    },
  };
}

const uriOf = ({ Bucket, Key }: { Bucket: string; Key: string }): string => `s3://${Bucket}/${Key}`;

const encryption = (settings: BronzeContext['settings']) =>
  settings?.kms && { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: settings.kms.keyId, BucketKeyEnabled: settings.kms.bucketKey ?? true };

type Writer = typeof import('./writer-parts.js');

/** The same file when it says this already. */
export function withVersion(writer: Writer, file: SchemaFile | undefined, schema: TableSchema, of: SchemaOf): SchemaFile {
  const next = withColumns(writer, file, schema, of);
  const { entity, versions } = next;
  const { key, cursor } = of;
  return JSON.stringify([next.key, next.cursor]) === JSON.stringify([key, cursor])
    ? next
    : { entity, key, ...(cursor !== undefined && { cursor }), versions };
}

function withColumns(writer: Writer, file: SchemaFile | undefined, schema: TableSchema, { entity, ingestionId, key }: SchemaOf): SchemaFile {
  const mine = writer.withSchema(undefined, entity, schema, ingestionId).versions[0] as SchemaVersion;
  const last = file?.versions.at(-1);
  if (file === undefined || last === undefined || last.version < schema.version) return writer.withSchema(file, entity, schema, ingestionId, key);
  if (file.versions.some((known) => known.version === schema.version && sameColumns(known, mine))) return file;
  if (last.version === schema.version && fillsIn(last, mine)) return writer.withSchema(file, entity, schema, ingestionId, key);
  const both = union(writer, writer.latestSchema(file) as TableSchema, schema);
  const combined = writer.withSchema(undefined, entity, { ...both, version: last.version + 1 }, ingestionId).versions;
  return sameColumns(last, combined[0] as SchemaVersion) ? file : { ...file, versions: [...file.versions, ...combined] };
}

const sameColumns = (a: SchemaVersion, b: SchemaVersion): boolean => JSON.stringify(a.columns) === JSON.stringify(b.columns);

/** Whether it differs only in types of columns that had none yet: no file says otherwise. */
const fillsIn = (known: SchemaVersion, { columns }: SchemaVersion): boolean =>
  known.columns.length === columns.length &&
  known.columns.every(({ name, type }, n) => name === columns[n]?.name && (type === null || type === columns[n].type));

function union({ widen }: Writer, known: TableSchema, { columns }: TableSchema): TableSchema {
  const wider = known.columns.map((column) => {
    const other = columns.find(({ name }) => name === column.name)?.type;
    const type = column.type === undefined || other === undefined ? (column.type ?? other) : widen(column.type, other);
    return type === undefined ? { name: column.name } : { name: column.name, type };
  });
  return { ...known, columns: [...wider, ...columns.filter(({ name }) => !known.columns.some((column) => column.name === name))] };
}
