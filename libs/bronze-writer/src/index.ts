export { writeCopyText, type CopyBlock, type CopyChunk, type CopyChunks, type PostgresColumn } from './lib/copy-load.js';
export { writeRecords, type HashedRecords, type RecordItem, type Records } from './lib/record-load.js';
export { partPath, type BronzeLoad, type BronzeReport, type QuarantinedRow } from './lib/load.js';
export { createRowRoom, type RoomShare, type RowRoom } from './lib/partitions/row-room.js';
export type { Part } from './lib/part-writer.js';
export type { Compression } from './lib/parquet/compression.js';
export { directoryOutput, type DirectoryOutput } from './lib/output/directory.js';
export type { ClosedObject, Output, OutputObject } from './lib/output/types.js';
export { parseTypeName, typeName, type ColumnType, type ScalarType } from './lib/schema/column-type.js';
export { jsonType } from './lib/schema/json-type.js';
export { postgresType, type JsonForm, type SourceType } from './lib/schema/postgres-type.js';
export type { ContractMode, SchemaColumn, TableSchema } from './lib/schema/table-schema.js';
export { DELETED_COLUMN, METADATA_COLUMNS, fileNames } from './lib/schema/file-columns.js';
export {
  latestSchema,
  printSchemaFile,
  readSchemaFile,
  schemaKey,
  withSchema,
  type SchemaFile,
  type SchemaVersion,
} from './lib/schema/schema-file.js';
export { widen } from './lib/schema/widen.js';
export { keyOf, type Digests } from './lib/keys/digests.js';
export type { GoneKeys } from './lib/keys/gone-keys.js';
export type { Duplicates, KeyChanges, KeySorter, KeySorterOptions, RangeFile, SortedKeys, WrittenKeySet } from './lib/keys/types.js';
export { copyDigests } from './lib/keys/copy-digests.js';
export { recordDigests } from './lib/keys/record-digests.js';
export { admitBlock, admitRecords } from './lib/keys/admit.js';
export { createPairSet, type PairSet } from './lib/keys/pair-set.js';
export { createKeySorter } from './lib/keys/key-sorter.js';
export { writeKeySet, writePairs, type KeyFileOptions } from './lib/keys/write-key-set.js';
export { openKeyFile } from './lib/keys/key-file.js';
export { readKeySet, readPairs } from './lib/keys/read-key-set.js';
export { compareKeys } from './lib/keys/compare-keys.js';
