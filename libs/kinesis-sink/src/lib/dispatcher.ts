import type { Logger } from '@loadin/observability';
import { actionOf, type Backoff, type Clock, type LoadinError } from '@loadin/resilience';
import { cancelled, type Delivery } from './delivery.js';
import { createKeyChains } from './key-chains.js';
import { createLanes } from './lanes.js';
import type { Item } from './item.js';
import type { RequestLimits } from './limits.js';
import { nextRequest } from './next-request.js';
import type { PacerLimits } from './pacer.js';
import { canHaveBeenTaken, type Answer } from './put-records.js';
import { createSettling } from './settling.js';
import { createShardRouting } from './shard-routing.js';
import type { ShardMap } from './shard-map.js';
import { statsOf, type Counts, type KinesisSinkStats } from './stats.js';
import { createWakeUp } from './wake-up.js';

export interface DispatcherOptions {
  readonly streamName: string;
  /** Requests under way at the same time, over all batches. */
  readonly concurrency: number;
  readonly recordAttempts: number;
  /** How often in a row whole requests with records of a batch may fail before the batch does. */
  readonly requestAttempts: number;
  readonly limits: RequestLimits;
  readonly perShard: PacerLimits;
  readonly clock: Clock;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  readonly backoff: Backoff;
  readonly counts: Counts;
  send(items: readonly Item[], signal: AbortSignal): Promise<Answer>;
  readonly list: ((signal: AbortSignal) => Promise<ShardMap>) | undefined;
}

export interface Dispatcher {
  add(delivery: Delivery): void;
  stats(): KinesisSinkStats;
}

interface Request {
  readonly items: readonly Item[];
  readonly controller: AbortController;
  /** Of the shard map that it was made by. */
  readonly version: number;
}

/** So long a request that would be small may wait for its shards to take more. */
const PATIENCE_MS = 500;

/** Sends what all batches have to send: which records go next, when, and what follows from the answers. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { now, backoff, counts, concurrency } = options;
  const chains = createKeyChains();
  const lanes = createLanes(options.perShard, now);
  const settling = createSettling({ ...options, chains, lanes });
  const routing = createShardRouting({ list: options.list, now, changed: (found) => lanes.reroute(found) });
  const deliveries = new Set<Delivery>();
  const underWay = new Set<Request>();
  const wakeUp = createWakeUp({ clock: options.clock, now, woken: (waitedMs) => waited(waitedMs) });
  let pausedUntil = -Infinity;
  let failuresInRow = 0;
  let smallSince: number | undefined;
  let turn = 0;

  const fill = (): void => {
    if (deliveries.size === 0) return wakeUp.cancel();
    if (routing.version === 0) return void routing.look(loggerOf()).then(fill);
    while (underWay.size < concurrency) {
      const time = now();
      if (time < pausedUntil) return wakeUp.at(pausedUntil);
      const choice = nextRequest(lanes.all, options.limits, { now: time, patience: (smallSince ?? time) + PATIENCE_MS, turn });
      if ('at' in choice) {
        smallSince = choice.at === Infinity ? undefined : (smallSince ?? time);
        if (choice.at === Infinity) return wakeUp.cancel();
        return wakeUp.at(choice.at);
      }
      smallSince = undefined;
      turn += 1;
      void send(choice.items);
    }
    wakeUp.cancel();
  };
  const waited = (ms: number): void => {
    const [oldest] = deliveries;
    oldest?.options.meter.add('waits', 1);
    oldest?.options.meter.add('wait_ms', ms);
    fill();
  };
  const loggerOf = (): Logger => ([...deliveries][0] as Delivery).options.logger;

  const send = async (items: readonly Item[]): Promise<void> => {
    const request: Request = { items, controller: new AbortController(), version: routing.version };
    underWay.add(request);
    for (const item of items) item.state = 'sent';
    counts.requests += 1;
    counts.sent += items.length;
    try {
      answered(request, await options.send(items, request.controller.signal));
    } catch (error) {
      failed(request, error);
    } finally {
      underWay.delete(request);
      fill();
    }
  };
  const answered = ({ items, version }: Request, answer: Answer): void => {
    failuresInRow = 0;
    const otherShard = settling.answered(items, answer);
    routing.answered(version, otherShard, (items[0] as Item).delivery.options.logger);
  };
  const failed = ({ items }: Request, error: unknown): void => {
    const repeatable = actionOf(error) === 'retry';
    if (repeatable) {
      failuresInRow += 1;
      pausedUntil = now() + backoff(failuresInRow);
    }
    settling.failed(items, error, repeatable && canHaveBeenTaken(error as LoadinError), repeatable ? options.requestAttempts : 0);
  };
  const cancel = (delivery: Delivery): void => {
    const error = cancelled(delivery.options.signal);
    delivery.cancel(error);
    settling.drop(delivery, error);
    for (const { items, controller } of underWay) if (items.every((item) => item.delivery.closed)) controller.abort(error);
  };

  return {
    add(delivery) {
      const { signal } = delivery.options;
      if (signal.aborted) return delivery.cancel(cancelled(signal)); // an abort that has been is not told again
      const before = [...deliveries].filter(({ leftKeys }) => leftKeys.size > 0);
      const onAbort = (): void => cancel(delivery);
      const end = (): void => {
        signal.removeEventListener('abort', onAbort);
        deliveries.delete(delivery);
        if (deliveries.size === 0) routing.stop();
        fill();
      };
      deliveries.add(delivery);
      signal.addEventListener('abort', onAbort, { once: true });
      void delivery.done.then(end, end);
      for (const item of delivery.items) {
        const overtaken = before.find(({ leftKeys }) => leftKeys.has(item.record.key));
        if (overtaken) delivery.leave(item, overtaken.error);
        else if (chains.add(item)) lanes.enqueue(item);
      }
      fill();
    },
    stats: () => statsOf(counts, lanes.all),
  };
}
