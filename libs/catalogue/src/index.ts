export { athenaType, readsAs } from './lib/athena-type.js';
export { describeLake, printStatement, printStatements, type DescribeOptions } from './lib/describe-lake.js';
export { BRONZE_COUNTS, RECENT_RUNS } from './lib/queries.js';
export {
  DEFAULT_SINCE,
  type BronzeEntity,
  type Database,
  type FileColumn,
  type Lake,
  type RawRecords,
  type RecordSchema,
  type Statement,
} from './lib/types.js';
