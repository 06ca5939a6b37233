export { incompatibilities } from './lib/schema/incompatibilities.js';
export type { JsonSchema } from './lib/schema/json-schema.js';
export { recordSchema } from './lib/schema/record-schema.js';
export { SCHEMA_VERSIONS } from './lib/record-classes.js';
