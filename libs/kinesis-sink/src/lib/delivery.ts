import type { Ack, SinkOptions } from '@loadin/pipeline';
import { LoadinError, StopError } from '@loadin/resilience';
import type { Encoded } from './encode-record.js';
import type { RequestLimits } from './limits.js';

/** A record on its way. */
export interface Item extends Encoded {
  /** Of the batch. */
  readonly index: number;
  /** How often Kinesis has refused it. */
  refusals: number;
  /** The code of the last refusal. */
  lastRefusal?: string;
}

/**
 * Who sends a record of which key at this moment, over all batches of a sink. A key is held from the first send of a record until Kinesis
 * has accepted it (or it is given up), so that records of one key arrive in the order of their batch.
 */
export type HeldKeys = Map<string, Item>;

/** The answers for a batch; `error` says why some are `pending`. */
export interface DeliveryResult {
  readonly acks: readonly Ack[];
  readonly error?: LoadinError;
}

/** One batch on its way: what is still to be sent, what came of the rest. */
export interface Delivery {
  readonly options: SinkOptions;
  /** Rejects when nothing of the batch was taken. */
  readonly done: Promise<DeliveryResult>;
  /** Whole requests that failed since the last that didn't. */
  failedRequests: number;
  /** Takes the next request out of the queue; empty when nothing can be sent now. */
  take(): Item[];
  /** Puts items that were refused back to the front of the queue. They keep their keys. */
  giveBack(items: readonly Item[]): void;
  settle(item: Item, ack: Ack): void;
  /** A request or a wait of this batch has ended. */
  ended(): void;
  /** Sends nothing more; `done` rejects once what is under way has ended. */
  fail(error: unknown): void;
}

export function createDelivery(
  items: readonly Item[],
  acks: (Ack | undefined)[],
  held: HeldKeys,
  limits: RequestLimits,
  options: SinkOptions,
): Delivery {
  let queue: Item[] = [...items];
  const size = items.length + acks.filter((ack) => ack !== undefined).length;
  let unsettled = items.length;
  let underWay = 0;
  let failure: { readonly error: unknown } | undefined;
  const mine = new Set<Item>();
  const { promise, resolve, reject } = withResolvers<DeliveryResult>();
  const { signal } = options;

  const release = (item: Item): void => {
    mine.delete(item);
    if (held.get(item.key) === item) held.delete(item.key);
  };
  const finishIfDone = (): void => {
    if (underWay > 0 || !(failure || unsettled === 0)) return;
    signal.removeEventListener('abort', onAbort);
    [...mine].forEach(release);
    if (!failure) resolve({ acks: acks as Ack[] });
    else if (failure.error instanceof LoadinError && acks.some((ack) => ack !== undefined))
      resolve({ acks: orPending(acks, size), error: failure.error });
    else reject(failure.error);
  };
  const fail = (error: unknown): void => {
    failure ??= { error };
    queue = [];
    finishIfDone();
  };
  const onAbort = (): void => fail(cancelled(signal));
  signal.addEventListener('abort', onAbort, { once: true });
  finishIfDone();

  return {
    options,
    done: promise,
    failedRequests: 0,
    take() {
      const request = nextRequest(queue, held, limits);
      if (request.length === 0) return request;
      const taken = new Set(request);
      queue = queue.filter((item) => !taken.has(item));
      for (const item of request) {
        held.set(item.key, item);
        mine.add(item);
      }
      underWay += 1;
      return request;
    },
    giveBack(returned) {
      if (!failure) queue = [...returned, ...queue];
    },
    settle(item, ack) {
      acks[item.index] = ack;
      unsettled -= 1;
      release(item);
    },
    ended() {
      underWay -= 1;
      finishIfDone();
    },
    fail,
  };
}

/** What was accepted must never be sent again; the rest waits for a later attempt. */
const orPending = (acks: readonly (Ack | undefined)[], size: number): Ack[] =>
  Array.from({ length: size }, (_, index) => acks[index] ?? { status: 'pending' });

/** From the front, leaving out records whose key somebody else holds: at most one record of a key gets into a request. */
function nextRequest(queue: readonly Item[], held: HeldKeys, { maxRecords, maxBytes }: RequestLimits): Item[] {
  const request: Item[] = [];
  const keys = new Set<string>();
  let bytes = 0;
  for (const item of queue) {
    if (request.length === maxRecords || bytes + item.bytes > maxBytes) break;
    const holder = held.get(item.key);
    if (keys.has(item.key) || (holder !== undefined && holder !== item)) continue;
    keys.add(item.key);
    bytes += item.bytes;
    request.push(item);
  }
  return request;
}

export function cancelled({ reason }: AbortSignal): LoadinError {
  return reason instanceof LoadinError ? reason : new StopError('Kinesis PutRecords: cancelled', { reason: 'cancelled', cause: reason });
}

function withResolvers<Value>() {
  let resolve!: (value: Value) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
