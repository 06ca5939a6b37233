export { DROPPED_FIELDS, type DroppedFields } from './lib/samples/dropped-fields.js';
export { dataTypeOf, recordsIn } from './lib/samples/records-in.js';
export type { Sample } from './lib/samples/sample.js';
export { SOURCE_FIELDS } from './lib/samples/source-fields.js';
export { tryRecord, type Before, type FieldChange, type Trial } from './lib/samples/try-record.js';
export {
  SAMPLES,
  validateTransforms,
  type SampleOutcome,
  type TransformsValidation,
  type ValidateTransformsOptions,
} from './lib/samples/validate-transforms.js';
