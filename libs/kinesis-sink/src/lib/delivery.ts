import type { Ack, SinkOptions } from '@loadin/pipeline';
import { LoadinError, StopError } from '@loadin/resilience';
import type { Encoded, Refusal } from './encode-record.js';
import { newItem, type Item } from './item.js';
import type { Lane } from './lane.js';

/** The answers for a batch; `error` says why some are `pending`. */
export interface DeliveryResult {
  readonly acks: readonly Ack[];
  readonly error?: LoadinError;
}

/** One batch on its way: what came of each record, and what is still open. */
export interface Delivery {
  readonly options: SinkOptions;
  readonly items: readonly Item[];
  /** Rejects when nothing of the batch was answered for. */
  readonly done: Promise<DeliveryResult>;
  /** The lanes from which nothing of it is sent any more. */
  readonly givenUp: Set<Lane | 'all'>;
  /** Nobody waits for answers any more. */
  readonly closed: boolean;
  /** Why something of it was left; `undefined` as long as nothing was. */
  readonly error: unknown;
  /** The keys of records that were left, for a later attempt: until it has answered, nothing may overtake them. */
  readonly leftKeys: ReadonlySet<string>;
  /** Whole requests with records of it that failed since the last that didn't. */
  failedRequests: number;
  settle(item: Item, ack: Ack): void;
  /** The item is not sent (again); the batch ends with this error. */
  leave(item: Item, error: unknown): void;
  /** Ends at once; the answers to what is under way come too late for it. */
  cancel(error: unknown): void;
}

/** A batch with what its encoding gave for each record. */
export function createDelivery(encoded: readonly (Encoded | Refusal)[], options: SinkOptions): Delivery {
  const acks: (Ack | undefined)[] = encoded.map((one) => ('status' in one ? one : undefined));
  const items: Item[] = [];
  const leftKeys = new Set<string>();
  const { promise, resolve, reject } = withResolvers<DeliveryResult>();
  let failure: { readonly error: unknown } | undefined;
  let closed = false;
  let open = 0;

  const close = (): void => {
    closed = true;
    if (!failure) resolve({ acks: acks as Ack[] });
    else if (failure.error instanceof LoadinError && acks.some((ack) => ack !== undefined))
      resolve({ acks: acks.map((ack) => ack ?? { status: 'pending' }), error: failure.error });
    else reject(failure.error);
  };
  const out = (item: Item): void => {
    item.state = 'out';
    open -= 1;
    if (open === 0 && !closed) close();
  };

  const delivery: Delivery = {
    options,
    items,
    done: promise,
    givenUp: new Set(),
    get closed() {
      return closed;
    },
    get error() {
      return failure?.error;
    },
    leftKeys,
    failedRequests: 0,
    settle(item, ack) {
      if (!closed) acks[item.index] = ack;
      out(item);
    },
    leave(item, error) {
      failure ??= { error };
      if (!closed) leftKeys.add(item.record.key);
      out(item);
    },
    cancel(error) {
      failure ??= { error };
      if (!closed) close();
    },
  };
  encoded.forEach((one, index) => {
    if (!('status' in one)) items.push(newItem(one, delivery, index));
  });
  open = items.length;
  if (open === 0) close();
  return delivery;
}

export function cancelled({ reason }: AbortSignal): LoadinError {
  return reason instanceof LoadinError ? reason : new StopError('Kinesis PutRecords: cancelled', { reason: 'cancelled', cause: reason });
}

/** `Promise.withResolvers`, which Node 20 has not. */
function withResolvers<Value>() {
  let resolve!: (value: Value) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
