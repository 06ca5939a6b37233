import { FatalError } from '@loadin/resilience';
import { cursorOrder } from '../cursors/order.js';
import { incrementalCursor } from '../cursors/settle-checkpoint.js';
import type { Reached } from '../cursors/types.js';
import type { LoadedStream } from '../job.js';
import type { LoadCounts, Loaded } from '../ports/loader.js';
import type { Slice } from '../ports/stream.js';
import { emptyReadLedger, type Ledger } from '../report/ledger.js';

/** A loader's answer, if it adds up. Throws `FatalError` when it does not: what can't be proven is not reported as delivered. */
export function checkLoaded(loaded: Loaded, { loader, stream }: LoadedStream): Loaded {
  const fault = faultOfCounts(loaded) ?? faultOfObjects(loaded) ?? faultOfCursor(loaded, stream);
  if (fault === undefined) return loaded;
  throw new FatalError(`${loader.name} answered what can't be: ${fault}`, {
    where: stream.id,
    hint: 'This is a fault of the loader; the checkpoint stays where it is.',
  });
}

/** Of rows so far, and of those of a finished slice. */
export function ledgerOfLoad(loader: string, { read, deduplicated, rejected }: LoadCounts, as: 'delivered' | 'pending'): Ledger {
  const accepted = read - deduplicated - rejected;
  return {
    ...emptyReadLedger(),
    ...{ read, accepted, rejected, deduplicated },
    sinks: { [loader]: { delivered: 0, dead_lettered: 0, pending: 0, [as]: accepted } },
  };
}

/** Without a word of the loader the whole interval is read, where its end is known. */
export function reachedByLoad({ stream }: LoadedStream, { interval }: Slice, { reached }: Loaded): Reached | undefined {
  if (incrementalCursor(stream) === undefined) return undefined;
  return { cursor: reached === undefined ? (interval?.to ?? null) : reached };
}

export function faultOfCounts({ read, deduplicated, rejected }: LoadCounts): string | undefined {
  const wrong = Object.entries({ read, deduplicated, rejected }).find(([, count]) => !Number.isSafeInteger(count) || count < 0);
  if (wrong !== undefined) return `${wrong[0]}: ${wrong[1]}`;
  return read < deduplicated + rejected ? `of ${read} rows ${deduplicated} are deduplicated and ${rejected} rejected` : undefined;
}

function faultOfObjects({ read, deduplicated, rejected, objects }: Loaded): string | undefined {
  const delivered = read - deduplicated - rejected;
  const held = objects.reduce((sum, { records }) => sum + records, 0);
  return held === delivered
    ? undefined
    : `of ${read} rows ${delivered} are delivered (${deduplicated} deduplicated, ${rejected} rejected), and its objects hold ${held}`;
}

/** What is wrong with the cursor that a load says it has reached. */
export function faultOfCursor({ reached }: Pick<Loaded, 'reached'>, stream: LoadedStream['stream']): string | undefined {
  const cursor = incrementalCursor(stream);
  if (reached === undefined || reached === null || cursor === undefined || cursorOrder(cursor.kinds).isCursor(reached)) return undefined;
  return `it has reached ${JSON.stringify(reached)}, and what is read by ${cursor.kinds.join(' and ')} has no such cursor`;
}
