/* What describing a lake uses of other packages, by name, as in ../sdk/s3.ts. Reached by dynamic import alone. */
export { fileNames, readSchemaFile, schemaKey } from '@loadin/bronze-writer';
export { describeLake } from '@loadin/catalogue';
export { DATA_TYPES, transformFor } from '@loadin/transforms';
export { recordSchema } from '@loadin/transforms/schema';
