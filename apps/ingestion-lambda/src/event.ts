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
  /** `run`: the whole job in one invocation (default) · `plan`, `slice`, `finish`: a part of it. */
  readonly phase?: Phase;
  /** Of `slice` and `finish`: the run that `plan` answered. */
  readonly run_id?: string;
  /** Of `slice`: the stream's id and the slice's ordinal. */
  readonly stream?: string;
  readonly slice?: number;
}

const TEXTS = ['job_type', 'scheduled_time', 'time', 'entity', 'run_id', 'stream'] as const;
const PHASES = ['run', 'plan', 'slice', 'finish'] as const;
export type Phase = (typeof PHASES)[number];
/** What a phase can't do without. */
const NEEDED: Readonly<Record<Phase, readonly (keyof IngestionEvent)[]>> = {
  run: [],
  plan: [],
  slice: ['run_id', 'stream', 'slice'],
  finish: ['run_id'],
};
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
  const phase = PHASES.find((one) => one === given.get('phase'));
  if (given.has('phase') && phase === undefined) wrong.push(`phase must be one of ${PHASES.join(', ')}, is ${quote(given.get('phase'))}`);
  const slice: unknown = given.get('slice');
  if (slice !== undefined && !isOrdinal(slice)) wrong.push(`slice must be a whole number from 0, is ${quote(slice)}`);
  for (const name of NEEDED[phase ?? 'run']) if (!given.has(name)) wrong.push(`${name} is missing: the phase ${phase} needs it`);
  if (wrong.length > 0) throw problem(wrong);
  return { ...texts, ...(loadType && { load_type: loadType }), ...(phase && { phase }), ...(isOrdinal(slice) && { slice }) };
}

const isOrdinal = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;

const quote = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text;
};

const problem = (wrong: readonly string[]): FatalError =>
  new FatalError(`This event can't be used: ${wrong.join('; ')}`, {
    hint: 'Send for example {"job_type": "daily", "scheduled_time": "2024-11-08T02:00:00Z"}.',
  });
