import { isAnnounced } from './announced.js';
import { deliver, giveUp, unanswered } from './deliver.js';
import { letterId } from './find-letters.js';
import { unfinishedRetries } from './manifest.js';
import type { StreamRetry } from './retry-batch.js';

/** What an earlier retry still has to send: nothing else may send it, or it would be there twice. */
export interface Earlier {
  /** Why the letter waits, by its id. */
  readonly reasons: ReadonlyMap<string, string>;
  /** The letter that brings a record, by the record's id. */
  readonly records: ReadonlyMap<string, string>;
}

/** Goes on with what earlier retries of a stream of a run began, in whatever slice: a record may have letters in several. Gives what they could not end. */
export async function finishEarlier(retry: StreamRetry): Promise<Earlier> {
  const { of, held, stores } = retry;
  const reasons = new Map<string, string>();
  const records = new Map<string, string>();
  for await (const { manifest, keeper } of unfinishedRetries(stores, { job: of.job, runId: of.runId, stream: of.stream.id })) {
    // A replay has delivered the same records; or nothing of it was ever sent.
    if (manifest.replays !== of.replays || !isAnnounced(held, manifest)) {
      await giveUp(stores, manifest, keeper);
      continue;
    }
    const refusals = await deliver(manifest, keeper, retry);
    if (keeper.current.finished) continue;
    for (const index of unanswered(manifest, keeper)) {
      const record = manifest.records[index];
      if (record === undefined) continue;
      const id = letterId(record.letter.key, record.letter.line);
      reasons.set(id, refusals.get(index) ?? 'an earlier retry of it has not ended');
      records.set(record.id, id);
    }
  }
  return { reasons, records };
}
