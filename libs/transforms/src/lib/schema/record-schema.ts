import { StreamFields } from '../records/stream-fields.js';
import { CLASSES, SCHEMA_VERSIONS } from '../record-classes.js';
import type { DataType } from '../types.js';
import { jsonSchemaOf, type Describe, type JsonSchema } from './json-schema.js';

/**
 * The JSON schema of a data type's records, at rest and on the stream: the fields that the stream adds are optional. It accepts exactly what
 * `validateRecord` accepts, for a validator that knows the formats `date` and `date-time`.
 */
export function recordSchema(dataType: DataType, describe?: Describe): JsonSchema {
  const { description, type, properties, required } = jsonSchemaOf(CLASSES[dataType], describe);
  const { data_type, ...added } = jsonSchemaOf(StreamFields, describe).properties ?? {};
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `urn:loadin:record:${dataType}:${SCHEMA_VERSIONS[dataType]}`,
    title: dataType,
    ...(description === undefined ? {} : { description }),
    type,
    properties: { ...properties, data_type: { ...data_type, enum: [dataType, null] }, ...added },
    required,
  };
}
