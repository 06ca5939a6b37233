import type { Stores } from '../stores.js';
import { deliver, giveUp, unanswered } from './deliver.js';
import { letterId } from './find-letters.js';
import { unfinishedRetries, type SliceOfRun } from './manifest.js';
import type { RetryContext } from './types.js';

/** What an earlier retry still has to send: nothing else may send it, or it would be there twice. */
export interface Held {
  /** Why the letter waits, by its id. */
  readonly reasons: ReadonlyMap<string, string>;
  /** The letter that brings a record, by the record's id. */
  readonly records: ReadonlyMap<string, string>;
}

/** Goes on with what earlier retries of a stream of a run began, in whatever slice: a record may have letters in several. Gives what they could not end. */
export async function finishEarlier(of: Omit<SliceOfRun, 'slice'>, replays: string | null, stores: Stores, context: RetryContext): Promise<Held> {
  const reasons = new Map<string, string>();
  const records = new Map<string, string>();
  for await (const { manifest, keeper } of unfinishedRetries(stores, of)) {
    if (manifest.replays !== replays) {
      await giveUp(stores, manifest, keeper);
      continue;
    }
    const refusals = await deliver(stores, manifest, keeper, context);
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
