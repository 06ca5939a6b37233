import { fieldSchemas, type JsonSchema } from './field.js';
import { JOB_NAME } from './rules.js';
import { JobShape, JobsFileShape, REQUIRED_OF_FILE, REQUIRED_OF_JOB } from './shape.js';
import { SINKS, STREAM_FAMILIES, STREAM_KINDS } from './stream-kinds.js';

/** The JSON schema of the jobs file, from the same rules that `parseJobsFile` applies. What one place of the file says of another (a job without anything to read) it can't say. */
export function jobsFileSchema(): JsonSchema {
  const streams = { anyOf: [{ enum: Object.keys(STREAM_KINDS) }, ...STREAM_FAMILIES.map(({ pattern }) => ({ type: 'string', pattern }))] };
  const options = {
    ...strict(new Map(Object.entries(STREAM_KINDS).map(([id, kind]) => [id, strict(fieldSchemas(kind.options))]))),
    patternProperties: Object.fromEntries(STREAM_FAMILIES.map(({ pattern, kind }) => [pattern, strict(fieldSchemas(kind.options))])),
  };
  const file = fieldSchemas(JobsFileShape);
  const job = fieldSchemas(JobShape);
  const jobSchema = strict(
    new Map([
      ...job,
      ['streams', { ...job.get('streams'), items: streams }],
      ['sinks', { ...job.get('sinks'), items: { enum: [...SINKS] } }],
      ['overrides', { ...job.get('overrides'), ...options }],
    ]),
    REQUIRED_OF_JOB,
  );
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'loadin.jobs.yaml',
    ...strict(
      new Map([
        ...file,
        ['streams', { ...file.get('streams'), ...options }],
        ['jobs', { ...file.get('jobs'), patternProperties: { [JOB_NAME]: jobSchema }, additionalProperties: false }],
      ]),
      REQUIRED_OF_FILE,
    ),
  };
}

function strict(properties: ReadonlyMap<string, JsonSchema>, required: readonly string[] = []): JsonSchema {
  return { type: 'object', properties: Object.fromEntries(properties), ...(required.length > 0 ? { required } : {}), additionalProperties: false };
}
