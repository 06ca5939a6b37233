import type { Json, JsonObject } from '@loadin/pipeline';
import { abortOnError } from './abort-on-error.js';
import { createRecordRows } from './feeds/record-rows.js';
import type { Shape } from './feeds/shapes.js';
import { digestHex } from './keys/digests.js';
import type { GoneKeys } from './keys/gone-keys.js';
import { tombstonesOf } from './keys/record-tombstones.js';
import { checkDeletes, checkLoad, type BronzeLoad, type BronzeReport } from './load.js';
import { eventDay, NO_DAY } from './partitions/event-day.js';
import type { OpenSpill } from './partitions/spill.js';
import { createContract, type Contract } from './schema/contract.js';
import { startSchema } from './schema/table-schema.js';
import { createTableWriter } from './table-writer.js';

/** One by one, or quicker: many at once, as pages have them; also with their hashes, and keys that the source has no more, for tombstones. */
export type Records = AsyncIterable<RecordItem> | Iterable<RecordItem>;
export type RecordItem = JsonObject | readonly JsonObject[] | HashedRecords | GoneKeys;

export interface HashedRecords {
  readonly records: readonly JsonObject[];
  /** 16 bytes a record: what `_record_hash` is to be, made already (`recordDigests`). */
  readonly hashes: Uint8Array;
}

/**
 * Records (JSON values: pages of an API, lines of NDJSON), one by one or in arrays. A key that is missing is null. Columns that are not declared are inferred: whole numbers, doubles,
 * booleans, texts, lists of these; what is nested more deeply is JSON text. When it throws, the output has been aborted.
 */
export function writeRecords(load: BronzeLoad, records: Records, openSpill?: OpenSpill): Promise<BronzeReport> {
  return abortOnError(load.output, async () => {
    checkLoad(load);
    const { partitionBy, signal } = load;
    const contract = recordContract(load);
    const shapes: Shape[] = [];
    const rows = createRecordRows(contract, shapes, load.onQuarantined);
    const writer = createTableWriter(load, { format: { feed: 'records', shapes }, contract, quarantined: () => rows.quarantined, openSpill });
    const add = (record: JsonObject, hash?: string, isDeleted?: boolean): boolean => {
      const row = rows.rowOf(record, hash, isDeleted);
      if (row === undefined) return false;
      const hasDay = partitionBy !== undefined && isDeleted !== true;
      return writer.add(hasDay ? dayOf(record[partitionBy]) : NO_DAY, row.bytes, 0, row.length);
    };
    try {
      for await (const item of records) {
        signal?.throwIfAborted();
        if (isPage(item)) {
          for (const record of item) if (add(record)) await writer.settle();
        } else if (isHashed(item)) {
          for (const [n, record] of item.records.entries()) if (add(record, digestHex(item.hashes, n))) await writer.settle();
        } else if (isGone(item)) {
          checkDeletes(load);
          for (const { record, hash } of tombstonesOf(item, contract.schema)) if (add(record, hash, true)) await writer.settle();
        } else if (add(item)) await writer.settle();
      }
      return await writer.finish();
    } finally {
      await writer.close();
    }
  });
}

function recordContract(load: BronzeLoad): Contract {
  const { entity, sortBy = [], columns = [], contract: mode = 'evolve' } = load;
  const schema = startSchema(load.schema, [...columns, ...undeclared(load, sortBy)], mode, entity);
  // A contract needs something to hold on to.
  const isFirst = load.schema === undefined && columns.length === 0;
  return createContract(schema, isFirst ? 'evolve' : mode, entity, schema === load.schema);
}

const isPage = (item: RecordItem): item is readonly JsonObject[] => Array.isArray(item);
// No value of JSON is an array of bytes.
const isHashed = (item: RecordItem): item is HashedRecords => (item as Partial<HashedRecords>).hashes instanceof Uint8Array;
const isGone = (item: RecordItem): item is GoneKeys => (item as Partial<GoneKeys>).digests instanceof Uint8Array;

/** Columns to sort by that nothing else names yet: their types will show. */
const undeclared = ({ schema, columns = [] }: BronzeLoad, sortBy: readonly string[]): { name: string }[] =>
  [...new Set(sortBy)].filter((name) => ![...(schema?.columns ?? []), ...columns].some((column) => column.name === name)).map((name) => ({ name }));

function dayOf(value: Json | undefined): number {
  if (typeof value !== 'string' || value.length > 40) return NO_DAY;
  const { buffer, byteOffset, length } = Buffer.from(value);
  const bytes = new Uint8Array(buffer, byteOffset, length);
  return eventDay(bytes, 0, bytes.length);
}
