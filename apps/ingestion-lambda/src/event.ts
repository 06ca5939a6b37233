import { FatalError } from '@loadin/resilience';

/** What the function can be invoked with. EventBridge rules give `time`, EventBridge Scheduler and people give `scheduled_time`. */
export interface IngestionEvent {
  /** Which job to run. Default: the setting `LOADIN_JOB`. */
  readonly job_type?: string;
  /** ISO 8601 with a zone. Without it (and without `time`) this is a manual run. */
  readonly scheduled_time?: string;
  readonly time?: string;
  readonly load_type?: 'FULL' | 'INCREMENTAL';
  /** One stream of the job, by its id (`ticketmaster.events`) or data type (`events`). Default: all. */
  readonly entity?: string;
  readonly phase?: 'run';
}

const LOAD_TYPES = ['FULL', 'INCREMENTAL'];

/** Reads an event; throws `FatalError` naming everything that is wrong with it. */
export function parseEvent(input: unknown): IngestionEvent {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) throw problem(['the event must be a JSON object']);
  const event = input as Record<string, unknown>;
  const wrong: string[] = [];
  for (const name of ['job_type', 'scheduled_time', 'time', 'entity'] as const) {
    if (event[name] !== undefined && (typeof event[name] !== 'string' || event[name] === ''))
      wrong.push(`${name} must be a text, is ${JSON.stringify(event[name])}`);
  }
  if (event['load_type'] !== undefined && !LOAD_TYPES.includes(String(event['load_type'])))
    wrong.push(`load_type must be FULL or INCREMENTAL, is ${JSON.stringify(event['load_type'])}`);
  if (event['phase'] !== undefined && event['phase'] !== 'run')
    wrong.push(`phase must be run (the whole job in one invocation), is ${JSON.stringify(event['phase'])}`);
  if (wrong.length > 0) throw problem(wrong);
  return event as IngestionEvent;
}

const problem = (wrong: readonly string[]): FatalError =>
  new FatalError(`This event can't be used: ${wrong.join('; ')}`, {
    hint: 'Send for example {"job_type": "daily", "scheduled_time": "2024-11-08T02:00:00Z"}.',
  });
