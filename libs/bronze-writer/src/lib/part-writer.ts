import type { JsonObject } from '@loadin/pipeline';
import type { ClosedObject, Output, OutputObject } from './output/types.js';
import { freeAll } from './parquet/bytes.js';
import { footer, magic, type PlacedRowGroup } from './parquet/footer.js';
import { sameType } from './schema/column-type.js';
import type { EncodedRowGroup, FileColumn } from './parquet/row-group.js';
import { bytesOf } from './parquet/row-group.js';

/** A file that was written. */
export interface Part extends ClosedObject {
  readonly path: string;
  /** `YYYY-MM-DD`, or null for none. */
  readonly eventDate: string | null;
  readonly rows: number;
  readonly rowGroups: number;
  readonly schemaVersion: number;
}

export interface PartWriterOptions {
  readonly output: Output;
  readonly pathOf: (eventDate: string | null, part: number) => string;
  readonly entity: string;
  /** Bytes after which the next row group begins another file. */
  readonly targetFileBytes: number;
}

export interface GroupWithSchema {
  readonly group: EncodedRowGroup;
  readonly columns: readonly FileColumn[];
  readonly schemaVersion: number;
}

/** The files of one partition, one after the other. */
export interface PartWriter {
  add(group: GroupWithSchema): Promise<void>;
  /** Ends the open file. */
  close(): Promise<Part[]>;
}

interface OpenPart {
  readonly object: OutputObject;
  readonly path: string;
  readonly columns: readonly FileColumn[];
  readonly schemaVersion: number;
  readonly groups: PlacedRowGroup[];
  bytes: number;
  /** Not yet handed on. */
  pieces: Uint8Array[];
  waiting: number;
}

/** Small files are one write. */
const WRITE_BYTES = 1024 * 1024;

/** A file has one schema: row groups of another begin the next one. */
export function createPartWriter({ output, pathOf, entity, targetFileBytes }: PartWriterOptions, eventDate: string | null): PartWriter {
  const parts: Part[] = [];
  let current: OpenPart | undefined;

  const begin = async ({ columns, schemaVersion }: GroupWithSchema): Promise<OpenPart> => {
    const path = pathOf(eventDate, parts.length);
    const object = await output.open(path);
    return { object, path, columns, schemaVersion, groups: [], bytes: 4, pieces: [magic()], waiting: 4 };
  };
  const end = async (): Promise<void> => {
    if (current === undefined) return;
    const { object, path, columns, schemaVersion, groups, bytes, pieces } = current;
    current = undefined;
    const metadata = { 'loadin.entity': entity, 'loadin.schema_version': String(schemaVersion) };
    await object.write(Buffer.concat([...pieces, footer({ columns, metadata, createdBy: 'loadin version 0.1.0' }, groups, bytes)]));
    const details = {
      event_date: eventDate,
      rows: groups.reduce((sum, { rows }) => sum + rows, 0),
      row_groups: groups.length,
      schema_version: schemaVersion,
    };
    const closed = await object.close(details satisfies JsonObject);
    parts.push({ path, eventDate, rows: details.rows, rowGroups: groups.length, schemaVersion, ...closed });
  };

  return {
    async add(next) {
      const full = current !== undefined && current.bytes + bytesOf(next.group) > targetFileBytes;
      if (full || (current !== undefined && !sameColumns(current.columns, next.columns))) await end();
      current ??= await begin(next);
      current.groups.push(await place(current, next.group));
    },
    async close() {
      await end();
      return parts;
    },
  };
}

async function place(part: OpenPart, group: EncodedRowGroup): Promise<PlacedRowGroup> {
  const chunks = group.chunks.map(({ pieces, ...chunk }) => {
    const at = part.bytes;
    part.bytes += chunk.bytes;
    part.waiting += chunk.bytes;
    part.pieces.push(...pieces);
    return { ...chunk, at };
  });
  if (part.waiting >= WRITE_BYTES) {
    const bytes = Buffer.concat(part.pieces);
    freeAll(part.pieces);
    part.pieces = [];
    part.waiting = 0;
    await part.object.write(bytes);
  }
  return { ...group, chunks };
}

const sameColumns = (a: readonly FileColumn[], b: readonly FileColumn[]): boolean =>
  a === b || (a.length === b.length && a.every(({ name, type }, n) => name === b[n]?.name && sameType(type, b[n].type)));
