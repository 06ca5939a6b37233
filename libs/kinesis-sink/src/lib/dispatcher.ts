import { meaningOf } from '@loadin/aws';
import { actionOf, LoadinError, RetryableError, type Backoff, type Clock } from '@loadin/resilience';
import type { Delivery, Item } from './delivery.js';
import type { Outcome } from './put-records.js';

export interface DispatcherOptions {
  /** Requests under way at the same time, over all batches. */
  readonly concurrency: number;
  /** How often a record may be refused before its batch fails (or, for a refusal that no repetition helps, it is given up). */
  readonly recordAttempts: number;
  /** How often in a row whole requests of a batch may fail before the batch does. */
  readonly requestAttempts: number;
  readonly clock: Clock;
  readonly backoff: Backoff;
  send(items: readonly Item[], delivery: Delivery): Promise<Outcome[]>;
}

export interface Dispatcher {
  add(delivery: Delivery): void;
}

/**
 * Sends the requests of all batches through a few lanes, the batches taking turns. A lane whose request was refused, wholly or in part,
 * waits before it does anything else: a stream at its limit gets fewer requests, not more.
 */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const deliveries: Delivery[] = [];
  let busyLanes = 0;

  const nextRequest = (): { delivery: Delivery; items: Item[] } | undefined => {
    for (let turn = 0; turn < deliveries.length; turn += 1) {
      const delivery = deliveries.shift() as Delivery;
      deliveries.push(delivery);
      const items = delivery.take();
      if (items.length > 0) return { delivery, items };
    }
    return undefined;
  };
  const fillLanes = (): void => {
    while (busyLanes < options.concurrency) {
      const request = nextRequest();
      if (!request) return;
      busyLanes += 1;
      void deliver(request.delivery, request.items, options).finally(() => {
        busyLanes -= 1;
        request.delivery.ended();
        fillLanes();
      });
    }
  };
  const remove = (delivery: Delivery): void => {
    deliveries.splice(deliveries.indexOf(delivery), 1);
    fillLanes(); // keys that it held may be what another batch waits for
  };

  return {
    add(delivery) {
      deliveries.push(delivery);
      void delivery.done.then(
        () => remove(delivery),
        () => remove(delivery),
      );
      fillLanes();
    },
  };
}

/** One request and what follows from it; never rejects. */
async function deliver(delivery: Delivery, items: readonly Item[], options: DispatcherOptions): Promise<void> {
  try {
    const refused = await sendOnce(delivery, items, options);
    if (refused.length === 0) return;
    await pause(delivery, Math.max(delivery.failedRequests, ...refused.map((item) => item.refusals)), options);
    delivery.giveBack(refused);
  } catch (error) {
    delivery.fail(error);
  }
}

/** The items to send again. Throws when the batch as a whole has failed. */
async function sendOnce(delivery: Delivery, items: readonly Item[], options: DispatcherOptions): Promise<Item[]> {
  const { logger } = delivery.options;
  let outcomes: Outcome[];
  try {
    outcomes = await options.send(items, delivery);
  } catch (error) {
    delivery.failedRequests += 1;
    if (actionOf(error) !== 'retry' || delivery.failedRequests >= options.requestAttempts) throw error;
    logger.warn('A whole Kinesis request failed; it will be repeated', { error: (error as LoadinError).message, records: items.length });
    return [...items];
  }
  delivery.failedRequests = 0;
  const refused = items.filter((item, index) => settle(delivery, item, outcomes[index] as Outcome, options.recordAttempts));
  const exhausted = refused.find((item) => item.refusals >= options.recordAttempts);
  if (exhausted) {
    throw new RetryableError(`Kinesis refused a record ${exhausted.refusals} times, last with ${exhausted.lastRefusal}`, {
      hint: 'Its shard is full or out of order: give the stream more shards, or run the same command again later.',
    });
  }
  if (refused.length > 0)
    logger.debug('Kinesis refused a part of a request; only that is repeated', { refused: refused.length, records: items.length });
  return refused;
}

/** Whether the item must be sent again. */
function settle(delivery: Delivery, item: Item, outcome: Outcome, recordAttempts: number): boolean {
  if (outcome.status === 'accepted') {
    delivery.options.meter.add('bytes_written', item.bytes);
    delivery.settle(item, { status: 'delivered' });
    return false;
  }
  item.refusals += 1;
  item.lastRefusal = outcome.code;
  // A full shard or a fault of the service passes: such a record is never given up, its batch is (and a later attempt goes on with it).
  if (item.refusals < recordAttempts || meaningOf([outcome.code])?.action === 'retry') return true;
  const reason = `Kinesis refused it ${item.refusals} times, last with ${outcome.code}${outcome.message === '' ? '' : `: ${outcome.message}`}`;
  delivery.settle(item, { status: 'undeliverable', errorClass: outcome.code, reason });
  return false;
}

async function pause(delivery: Delivery, failures: number, { clock, backoff }: DispatcherOptions): Promise<void> {
  const { meter, signal } = delivery.options;
  const waitMs = backoff(failures);
  meter.add('retries', 1);
  meter.add('waits', 1);
  meter.add('wait_ms', waitMs);
  await clock.sleep(waitMs, signal);
}
