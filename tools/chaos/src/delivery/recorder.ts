import type { CallOutcome, CallWatcher, LocalAws, WatchedCall } from '@loadin/local-aws';
import type { JsonObject } from '@loadin/pipeline';
import { createHash } from 'node:crypto';
import type { Act, SentRecord, ServerEvent, StateVersion, StepName } from './evidence.js';
import { isChange, itemWrites, stepOf, type ItemWrite } from './steps.js';
import type { Strike } from './weather.js';

/** A named step that an attempt is at: the n-th of its kind that the attempt comes to. */
export interface StepAt {
  readonly attempt: string;
  readonly step: StepName;
  readonly when: 'before' | 'after';
  readonly nth: number;
  /** The last event before it; of `after`, the step's own. */
  readonly event: number;
}

/** Asked at every named step; the server waits for it. `give up`: before, nothing is done; after, nothing is answered. */
export type AtStep = (at: StepAt) => Promise<'give up' | undefined> | undefined;

/** Asked before every call of an attempt that is out in the weather; the server waits for it. */
export type Weather = (call: WatchedCall, attempt: string) => Promise<Strike | undefined> | Strike | undefined;

/** What the server saw so far, in its order. */
export interface Recorder {
  readonly events: readonly ServerEvent[];
  readonly state: readonly StateVersion[];
  readonly acts: readonly Act[];
  /** What an item of the state store has at the moment. */
  item(key: string): JsonObject | undefined;
  /** The event that wrote this version of an object. */
  eventOfVersion(versionId: string): ServerEvent | undefined;
  /** The event that brought this record. */
  eventOfRecord(sequenceNumber: string): ServerEvent | undefined;
  noteAct(kind: Act['kind'], detail: string): void;
  /** How often the weather struck, by kind. */
  readonly struck: Readonly<Record<string, number>>;
  stop(): void;
}

export interface RecorderOptions {
  readonly aws: Pick<LocalAws, 'watch'>;
  /** Attempts are told by the access key that they sign with; other callers are the harness. */
  readonly isAttempt: (caller: string) => boolean;
  readonly weather: Weather;
  readonly atStep: AtStep;
}

interface Arrived {
  readonly writes: readonly ItemWrite[];
  readonly step: StepName | undefined;
  readonly nth: number;
  readonly begun: number;
}

export function startRecorder({ aws, isAttempt, weather, atStep }: RecorderOptions): Recorder {
  const events: ServerEvent[] = [];
  const state: StateVersion[] = [];
  const acts: Act[] = [];
  const items = new Map<string, JsonObject | undefined>();
  const byVersion = new Map<string, ServerEvent>();
  const byRecord = new Map<string, ServerEvent>();
  const arrived = new Map<number, Arrived>();
  const steps = new Map<string, number>();
  const struck: Record<string, number> = {};
  const item = (key: string): JsonObject | undefined => items.get(key);
  const count = (name: string): void => void (struck[name] = (struck[name] ?? 0) + 1);

  const arrive = (call: WatchedCall, attempt: string): Arrived => {
    const writes = itemWrites(call, item);
    const step = stepOf(call, writes, item);
    const name = `${attempt} ${step}`;
    const nth = (steps.get(name) ?? 0) + 1;
    steps.set(name, nth);
    if (step === undefined)
      count(`unnamed: ${call.service} ${call.operation} ${(writes[0]?.key ?? call.key ?? '').split('/').slice(0, 2).join('/')}`);
    return { writes, step, nth, begun: events.length };
  };

  const keep = (writes: readonly ItemWrite[], event: number, attempt: string | undefined): void => {
    for (const { key, value } of writes) {
      items.set(key, value);
      state.push({ event, attempt, key, value });
    }
  };

  const note = (call: WatchedCall, outcome: CallOutcome, { writes, step, begun }: Arrived): ServerEvent => {
    const number = events.length + 1;
    const attempt = call.caller ?? '';
    const event: ServerEvent = { ...eventOf(call, outcome, writes), number, begun, at: Date.now(), attempt, step };
    events.push(event);
    if (!outcome.done) return event;
    keep(writes, number, attempt);
    const version = outcome.headers['x-amz-version-id'];
    if (version !== undefined) byVersion.set(version, event);
    for (const { sequenceNumber } of event.records ?? []) if (sequenceNumber !== undefined) byRecord.set(sequenceNumber, event);
    return event;
  };

  const watcher: CallWatcher = {
    async before(call) {
      const attempt = call.caller;
      if (attempt === undefined || !isAttempt(attempt)) return undefined;
      const change = isChange(call) ? arrive(call, attempt) : undefined;
      if (change !== undefined) arrived.set(call.number, change);
      if (change?.step !== undefined) {
        const wish = await atStep({ attempt, step: change.step, when: 'before', nth: change.nth, event: events.length });
        if (wish === 'give up') return 'drop';
      }
      const strike = await weather(call, attempt);
      if (strike !== undefined) count(strike.kind);
      return strike?.effect;
    },
    async after(call, outcome) {
      const change = arrived.get(call.number);
      // What the harness or an operator writes is no event of a run, but a state that the item has had.
      if (change === undefined && outcome.done && isChange(call)) keep(itemWrites(call, item), events.length, undefined);
      if (change === undefined) return undefined;
      arrived.delete(call.number);
      const event = note(call, outcome, change);
      if (!outcome.done || change.step === undefined || call.caller === undefined) return undefined;
      const wish = await atStep({ attempt: call.caller, step: change.step, when: 'after', nth: change.nth, event: event.number });
      if (wish !== 'give up') return undefined;
      events[event.number - 1] = { ...event, answered: false };
      return 'lostAnswer';
    },
  };
  const stop = aws.watch(watcher);

  return {
    events,
    state,
    acts,
    item,
    eventOfVersion: (versionId) => byVersion.get(versionId),
    eventOfRecord: (sequenceNumber) => byRecord.get(sequenceNumber),
    noteAct: (kind, detail) => void acts.push({ kind, event: events.length, detail }),
    struck,
    stop,
  };
}

type Seen = Pick<ServerEvent, 'service' | 'operation' | 'bucket' | 'key' | 'md5' | 'done' | 'status' | 'answered' | 'records'>;

function eventOf(call: WatchedCall, { done, status, answered, output }: CallOutcome, writes: readonly ItemWrite[]): Seen {
  const { service, operation, bucket, body, input } = call;
  const key = writes[0]?.key ?? call.key;
  return {
    service: service as ServerEvent['service'],
    operation,
    done,
    status,
    answered: answered && status !== undefined,
    ...(bucket !== undefined && { bucket }),
    ...(key !== undefined && { key }),
    ...(body !== undefined && operation === 'PutObject' && { md5: createHash('md5').update(body).digest('hex') }),
    ...(operation === 'PutRecords' && { records: sent(input, output, done) }),
  };
}

function sent(input: WatchedCall['input'], output: CallOutcome['output'], done: boolean): SentRecord[] {
  const asked = (input?.['Records'] ?? []) as readonly { readonly PartitionKey: string }[];
  const answers = (output?.['Records'] ?? []) as readonly { readonly SequenceNumber?: string; readonly ErrorCode?: string }[];
  return asked.map(({ PartitionKey: key }, i) => {
    const { SequenceNumber: sequenceNumber, ErrorCode: error } = answers[i] ?? {};
    return { key, ...(sequenceNumber !== undefined && { sequenceNumber }), ...(error !== undefined ? { error } : !done && { error: 'not done' }) };
  });
}
