import { Field } from './field.js';
import { formFault } from '../schedule/schedule.js';
import { mappingOf } from './inside.js';
import { list, mapping, SCHEDULE, text, TIME_ZONE } from './rules.js';
import { SinkOptions } from './sink-options.js';

/** The jobs file itself. */
export class JobsFileShape {
  @Field({ description: 'The version of this format.', expected: '1', holds: (value) => value === 1, schema: { const: 1 } })
  version?: 1;

  @Field({ description: 'What each stream reads, by stream id.', ...mapping() })
  streams?: Record<string, unknown>;

  @Field({ description: 'How each sink keeps what it is given, in every job, by the name of the sink.', ...mappingOf({ type: SinkOptions }) })
  sinks?: SinkOptions;

  @Field({
    description: 'The jobs, by name.',
    ...mapping({ minProperties: 1 }),
    expected: 'a mapping of at least one job name to a job',
    holds: (value) => mapping().holds(value) && Object.keys(value as object).length > 0,
  })
  jobs?: Record<string, unknown>;
}

/** One job of the file. */
export class JobShape {
  @Field({
    description: 'When it runs, as EventBridge writes it, in UTC or in the time_zone. Without it the job runs on request only.',
    ...text(SCHEDULE, 'an EventBridge schedule such as cron(0 2 * * ? *) or rate(1 hour)'),
    faults: formFault,
  })
  schedule?: string;

  @Field({
    description: 'The zone whose wall clock a schedule of the form cron(…) goes by. Default UTC.',
    ...text(TIME_ZONE, 'a time zone such as Europe/Stockholm'),
  })
  time_zone?: string;

  @Field({ description: 'The streams it reads, by stream id.', ...list('\\S', { one: 'a stream id', many: 'stream ids' }, 1) })
  streams?: string[];

  @Field({ description: 'Where the records go.', ...list('\\S', { one: 'the name of a sink', many: 'sinks' }, 1) })
  sinks?: string[];

  @Field({ description: 'Stream options that differ in this job, by stream id.', ...mapping() })
  overrides?: Record<string, unknown>;
}

export const REQUIRED_OF_FILE = ['version', 'jobs'] as const;
export const REQUIRED_OF_JOB = ['streams', 'sinks'] as const;
