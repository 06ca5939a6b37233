import { GetObjectCommand, ListMultipartUploadsCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { DuckDBInstance } from '@duckdb/node-api';
import { BUCKET } from '@loadin/specs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ENTITIES, type Entity } from './tables.js';
import type { LoadWorld } from './world.js';

/** What a commit record says, as far as it is held against the lake. */
export interface Commit {
  readonly key: string;
  readonly run_id: string;
  readonly stream: string;
  readonly objects: readonly {
    readonly key: string;
    readonly upload_id?: string;
    readonly bytes: number;
    readonly details?: { readonly kind?: string; readonly rows?: number };
  }[];
  /** The latest cursor that it has read. */
  readonly details?: { readonly reached?: readonly string[] | null };
  /** The record that all of it is there lies beside it. */
  readonly done: boolean;
}

/** What a run's plan says of where its streams are read from. */
export interface Plan {
  readonly key: string;
  readonly run_id: string;
  readonly full_refresh?: boolean;
  readonly streams: readonly { readonly id: string; readonly since?: readonly string[] }[];
}

/** A Parquet file that can be seen. */
export interface LakeFile {
  readonly key: string;
  readonly bytes: number;
  readonly entity: string;
  /** Names the run and the stream. */
  readonly ingestionId: string;
}

/** An object that was begun and can't be seen. */
export interface PendingUpload {
  readonly key: string;
  readonly uploadId: string;
  /** Milliseconds since the epoch by the server's clock, which is the harness's. */
  readonly begunAt: number;
}

/** What lies in the bucket in the end, read by code of its own. */
export interface Lake {
  readonly files: readonly LakeFile[];
  readonly commits: readonly Commit[];
  readonly plans: readonly Plan[];
  /** Keys of all objects. */
  readonly keys: ReadonlySet<string>;
  /** Uploads that nobody has completed. */
  readonly pending: readonly PendingUpload[];
  /** Asks DuckDB; `orders`, `items` and `log` are all rows of theirs, with `ingestion_id`. */
  rows<Row>(sql: string): Promise<Row[]>;
  /** Whether it has files of the entity. */
  has(entity: Entity): boolean;
  close(): Promise<void>;
}

const FILE = /^data\/bronze\/(\w+)\/ingestion_date=[\d-]+\/load_type=(?:full|incremental)\/event_date=[\w-]+\/part-\d{5}-([\da-f-]{36})\.parquet$/;

export async function readLake({ storage: { s3 }, dir }: LoadWorld, duckdb: DuckDBInstance): Promise<Lake> {
  const sizes = new Map<string, number>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: BUCKET }))
    for (const { Key = '', Size = 0 } of Contents) sizes.set(Key, Size);
  const bytesOf = async (key: string): Promise<Uint8Array> =>
    (await (await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }))).Body?.transformToByteArray()) ?? new Uint8Array();
  const folder = join(dir, 'lake');
  const files: LakeFile[] = [];
  const commits: Commit[] = [];
  const plans: Plan[] = [];
  for (const [key, bytes] of sizes) {
    const [, entity, ingestionId] = FILE.exec(key) ?? [];
    if (entity !== undefined && ingestionId !== undefined) {
      files.push({ key, bytes, entity, ingestionId });
      await mkdir(dirname(join(folder, key)), { recursive: true });
      await writeFile(join(folder, key), await bytesOf(key));
    }
    if (key.startsWith('_loadin/plans/')) plans.push({ ...(JSON.parse(Buffer.from(await bytesOf(key)).toString('utf8')) as Omit<Plan, 'key'>), key });
    if (key.startsWith('_loadin/commits/') && !key.endsWith('.done.json')) {
      const { run_id, stream, objects, details } = JSON.parse(Buffer.from(await bytesOf(key)).toString('utf8')) as Omit<Commit, 'key' | 'done'>;
      // A veto names none: nothing is committed there.
      if ((objects as unknown) !== undefined)
        commits.push({ key, run_id, stream, objects, details, done: sizes.has(key.replace(/\.json$/, '.done.json')) });
    }
  }
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
  const connection = await duckdb.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const has = (entity: Entity): boolean => files.some((file) => file.entity === entity);
  for (const entity of ENTITIES.filter(has)) {
    const all = `read_parquet('${folder}/data/bronze/${entity}/**/*.parquet', hive_partitioning = true, union_by_name = true)`;
    const isDeleted = entity === 'log' ? 'false' : '_deleted';
    await connection.run(
      `CREATE OR REPLACE TEMP VIEW ${entity} AS SELECT *, _ingestion_id::varchar AS ingestion_id, ${isDeleted} AS is_deleted FROM ${all}`,
    );
  }
  return {
    ...{ files, commits, plans, has },
    keys: new Set(sizes.keys()),
    pending: Uploads.map(({ Key: key = '', UploadId: uploadId = '', Initiated }) => ({ key, uploadId, begunAt: Initiated?.getTime() ?? 0 })),
    rows: async <Row>(sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson() as Row[],
    close: async () => connection.closeSync(),
  };
}
