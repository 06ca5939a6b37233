import { AwsError, type CallContext } from '../service.js';
import { badArgument, invalid, text } from './input.js';
import { horizonOf, isExpired, type StreamStore } from './store.js';
import type { Answer, Input, KinesisLimits, Shard, Stream, StreamState } from './types.js';

/** What every operation gets. */
export interface Engine {
  readonly store: StreamStore;
  readonly limits: KinesisLimits;
  /** How long a stream shows CREATING or UPDATING, in milliseconds. */
  readonly transitionMs: number;
  /** In [0, 1). */
  random(): number;
}

export type Operation = (engine: Engine, input: Input, context: CallContext) => Promise<Answer>;

export const STREAM_NAME = /^[a-zA-Z0-9_.-]+$/;
const STREAM_ARN = /^arn:aws[^:]*:kinesis:[^:]*:\d{12}:stream\/([a-zA-Z0-9_.-]+)$/;

/** How often files of records past retention are looked for, by the clock port. */
const TRIM_EVERY = 60_000;
const trimmed = new WeakMap<Stream, number>();

/** The stream that `StreamARN` or `StreamName` names. @throws AwsError `ResourceNotFoundException` */
export async function findStream(engine: Engine, input: Input, context: CallContext): Promise<Stream> {
  const arn = text(input, 'StreamARN', { optional: true });
  const name = text(input, 'StreamName', { optional: true, max: 128, pattern: STREAM_NAME });
  const named = arn === undefined ? name : STREAM_ARN.exec(arn)?.[1];
  if (arn !== undefined && named === undefined)
    throw invalid('StreamARN', arn, `Member must satisfy regular expression pattern: ${STREAM_ARN.source}`);
  if (named === undefined) throw badArgument('Either StreamName or StreamARN must be given.');
  if (name !== undefined && name !== named) throw badArgument(`StreamName ${name} is not the stream of StreamARN ${String(arn)}.`);
  const stream = engine.store.get(named);
  if (!stream || (arn !== undefined && stream.state.arn !== arn)) {
    throw new AwsError('ResourceNotFoundException', `Stream ${named} under account ${context.accountId} not found.`);
  }
  await trim(stream, context.now);
  return stream;
}

export async function trim(stream: Stream, now: number): Promise<void> {
  const last = trimmed.get(stream);
  if (last !== undefined && now < last + TRIM_EVERY) return;
  trimmed.set(stream, now);
  const horizon = horizonOf(stream.state, now);
  for (const { log } of stream.shards.values()) await log.trim(horizon);
}

export const statusOf = ({ transition }: StreamState, now: number): 'CREATING' | 'UPDATING' | 'ACTIVE' =>
  transition && now < transition.until ? transition.status : 'ACTIVE';

/** What an operation needs that changes the stream. @throws AwsError `ResourceInUseException` */
export async function findActive(engine: Engine, input: Input, context: CallContext): Promise<Stream> {
  const stream = await findStream(engine, input, context);
  const status = statusOf(stream.state, context.now);
  if (status !== 'ACTIVE') {
    throw new AwsError(
      'ResourceInUseException',
      `Stream ${stream.state.name} under account ${context.accountId} not ACTIVE, instead in state ${status}`,
    );
  }
  return stream;
}

/** Reads or writes records; what fails because the stream was deleted meanwhile fails as for a stream that isn't there. */
export async function whileThere<T>(engine: Engine, stream: Stream, { accountId }: CallContext, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (engine.store.get(stream.state.name) === stream) throw error;
    throw new AwsError('ResourceNotFoundException', `Stream ${stream.state.name} under account ${accountId} not found.`);
  }
}

/** What an operation needs that reads or writes records: a stream that is being created isn't there yet for them. */
export async function findReady(engine: Engine, input: Input, context: CallContext): Promise<Stream> {
  const stream = await findStream(engine, input, context);
  if (statusOf(stream.state, context.now) !== 'CREATING') return stream;
  throw new AwsError('ResourceNotFoundException', `Stream ${stream.state.name} under account ${context.accountId} not found.`);
}

export function findShard(stream: Stream, id: string, context: CallContext): Shard {
  const shard = stream.shards.get(id);
  if (shard && !isExpired(shard.state, stream.state.retentionHours, context.now)) return shard;
  throw new AwsError('ResourceNotFoundException', `Could not find shard ${id} in stream ${stream.state.name} under account ${context.accountId}.`);
}

/** The state with the transition that an asynchronous operation of AWS shows. */
export function updating(engine: Engine, state: StreamState, now: number, status: 'CREATING' | 'UPDATING' = 'UPDATING'): StreamState {
  return { ...state, transition: engine.transitionMs > 0 ? { status, until: now + engine.transitionMs } : undefined };
}

export function requireProvisioned({ state }: Stream, context: CallContext): void {
  if (state.mode === 'PROVISIONED') return;
  throw new AwsError('ValidationException', `Request is invalid. Stream ${state.name} under account ${context.accountId} is in On-Demand mode.`);
}
