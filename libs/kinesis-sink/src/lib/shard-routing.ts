import type { Logger } from '@loadin/observability';
import { oneLine } from '@loadin/resilience';
import type { Routing } from './lanes.js';
import { sameShards, type ShardMap } from './shard-map.js';

export interface ShardRoutingOptions {
  /** `undefined`: the sink does without a map. */
  readonly list: ((signal: AbortSignal) => Promise<ShardMap>) | undefined;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  readonly changed: (routing: Routing) => void;
}

/** Knows which shard takes which record, and notices when that has changed. */
export interface ShardRouting {
  /** Counts the looks at the stream; 0 before the first. */
  readonly version: number;
  /** Looks unless somebody does already; never rejects. A failure leaves what was known. */
  look(logger: Logger): Promise<void>;
  /** An answer to a request that was made by this version of the map. `other`: a shard that the map did not name has answered. */
  answered(version: number, other: boolean, logger: Logger): void;
  /** Nobody waits for the first look any more. */
  stop(): void;
}

/** After a look that found nothing new although an answer has contradicted the map: the list may lag behind. */
const LOOK_INTERVAL_MS = 1_000;
/** After a failure, and when answers contradict whatever ListShards says. */
const RETRY_INTERVAL_MS = 60_000;
/** So often a map that was made anew may be wrong before it is believed that this stream doesn't go by keys. */
const MOST_CONTRADICTIONS = 5;

export function createShardRouting({ list, now, changed }: ShardRoutingOptions): ShardRouting {
  let version = list === undefined ? 1 : 0;
  let map: ShardMap | undefined;
  let trusted = true;
  let contradictions = 0;
  let warned = false;
  let nextLook = -Infinity;
  let looking: { readonly done: Promise<void>; readonly controller: AbortController } | undefined;

  const take = (found: ShardMap, logger: Logger): void => {
    nextLook = -Infinity;
    if (map !== undefined && trusted && sameShards(map, found)) {
      contradictions += 1;
      nextLook = now() + LOOK_INTERVAL_MS;
      if (contradictions < MOST_CONTRADICTIONS) return;
      trusted = false;
      logger.warn('Kinesis does not place records by their keys; all shards are written to at one pace', { shards: found.length });
    } else {
      [map, trusted, contradictions] = [found, true, 0];
      logger.debug('The shards of the stream', { shards: found.length });
    }
    if (!trusted) nextLook = now() + RETRY_INTERVAL_MS;
    changed({ map: trusted && found.length > 0 ? found : undefined, shards: found.length || undefined });
  };
  const failed = (error: unknown, logger: Logger): void => {
    nextLook = now() + RETRY_INTERVAL_MS;
    if (map !== undefined) return logger.debug('The shards of the stream can not be listed now', { error: oneLine(error) });
    logger[warned ? 'debug' : 'warn']('The shards of the stream can not be listed; it is written to without knowing them', { error: oneLine(error) });
    warned = true;
  };
  const lookOnce = async (signal: AbortSignal, logger: Logger): Promise<void> => {
    try {
      const found = await (list as NonNullable<typeof list>)(signal);
      version += 1;
      take(found, logger);
    } catch (error) {
      if (signal.aborted) return;
      version += 1;
      failed(error, logger);
    }
  };
  const look = (logger: Logger): Promise<void> => {
    if (list === undefined) return Promise.resolve();
    if (looking) return looking.done;
    const controller = new AbortController();
    const done = lookOnce(controller.signal, logger).finally(() => (looking = undefined));
    looking = { done, controller };
    return done;
  };

  return {
    get version() {
      return version;
    },
    look,
    answered(byVersion, other, logger) {
      if (byVersion !== version || now() < nextLook) return;
      if (other || map === undefined || !trusted) void look(logger);
      else contradictions = 0;
    },
    stop() {
      if (version === 0) looking?.controller.abort();
    },
  };
}
