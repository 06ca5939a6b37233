/* What loads of bronze use of the package, by name, as in ../sdk/s3.ts. Reached by dynamic import alone. */
export { latestSchema, printSchemaFile, readSchemaFile, schemaKey, widen, withSchema, writeCopyText, writeRecords } from '@loadin/bronze-writer';
