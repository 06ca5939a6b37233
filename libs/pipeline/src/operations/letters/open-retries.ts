import type { HeldItem } from '../../leases/types.js';
import { streamReplayKey } from '../../replay/replay-record.js';
import type { Sink } from '../../ports/sink.js';
import type { Stores } from '../stores.js';
import { isAnnounced } from './announced.js';
import { send, waiting } from './deliver.js';
import { unfinishedRetries, type SliceOfRun } from './manifest.js';

/**
 * Before a replay looks at the lake: writes the objects of retries that have not ended. Their process may be dead, or stand still and write them when it wakes up: then it
 * finds the names taken, and no record stands in an object that the replay has not seen. Throws what the sink throws.
 */
export async function writeOpenRetries(of: Omit<SliceOfRun, 'slice'>, sinks: readonly Sink[], held: HeldItem, stores: Stores): Promise<void> {
  const keeping = sinks.filter(({ replacing }) => replacing !== undefined);
  const replays = (await stores.state.get(streamReplayKey(of.runId, of.stream)))?.revision ?? null;
  for await (const { manifest, keeper } of unfinishedRetries(stores, of)) {
    if (manifest.replays !== replays || !isAnnounced(held, manifest)) continue; // overtaken by an earlier replay, or never sent
    for (const sink of keeping) {
      const indexes = waiting(manifest, keeper, sink.name);
      if (indexes.length > 0) await send(sink, manifest, indexes);
    }
  }
}
