import { FatalError } from '@loadin/resilience';

/** What the function can be invoked with. EventBridge rules give `time`, EventBridge Scheduler and people give `scheduled_time`. */
export interface IngestionEvent {
  /** Which job to run. Default: the setting `LOADIN_JOB`. */
  readonly job_type?: string;
  /** ISO 8601 with a zone. Without it (and without `time`) this is a manual run. */
  readonly scheduled_time?: string;
  readonly time?: string;
  readonly load_type?: LoadType;
  /** One stream of the job, by its id (`ticketmaster.events`) or data type (`events`). Default: all. */
  readonly entity?: string;
  readonly phase?: 'run';
}

const TEXTS = ['job_type', 'scheduled_time', 'time', 'entity'] as const;
const LOAD_TYPES = ['full', 'incremental'] as const;
type LoadType = (typeof LOAD_TYPES)[number];

/** Longest part of a wrong value that a message repeats. */
const QUOTED = 80;

/** Reads an event; what is not ours (EventBridge's own fields) and nulls are left out. Throws `FatalError` naming everything that is wrong with it. */
export function parseEvent(input: unknown): IngestionEvent {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) throw problem(['the event must be a JSON object']);
  const given = new Map(Object.entries(input).filter(([, value]) => value !== null && value !== undefined));
  const wrong: string[] = [];
  const texts: Partial<Record<(typeof TEXTS)[number], string>> = {};
  for (const name of TEXTS) {
    const value: unknown = given.get(name);
    if (typeof value === 'string' && value !== '') texts[name] = value;
    else if (value !== undefined) wrong.push(`${name} must be a text, is ${quote(value)}`);
  }
  const loadType = LOAD_TYPES.find((type) => type === String(given.get('load_type')).toLowerCase());
  if (given.has('load_type') && loadType === undefined) wrong.push(`load_type must be full or incremental, is ${quote(given.get('load_type'))}`);
  const phase: unknown = given.get('phase');
  if (phase !== undefined && phase !== 'run') wrong.push(`phase must be run (the whole job in one invocation), is ${quote(phase)}`);
  if (wrong.length > 0) throw problem(wrong);
  return { ...texts, ...(loadType && { load_type: loadType }), ...(phase === 'run' && { phase }) };
}

const quote = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text;
};

const problem = (wrong: readonly string[]): FatalError =>
  new FatalError(`This event can't be used: ${wrong.join('; ')}`, {
    hint: 'Send for example {"job_type": "daily", "scheduled_time": "2024-11-08T02:00:00Z"}.',
  });
