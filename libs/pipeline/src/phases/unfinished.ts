import type { Stores } from '../operations/stores.js';
import { isFree, leaseOf } from '../leases/lease-item.js';
import { mapLimit } from '../map-limit.js';
import type { StreamPlan } from '../plan/plan.js';
import type { Slice } from '../ports/stream.js';
import { withObjects } from '../slices/listed-objects.js';
import { emptyProgress, isFinished, progressIn, progressKey } from '../slices/progress.js';
import { sliceErrorOf, type SliceError } from '../slices/slice-error.js';
import type { ReportedSlice } from '../report/stream-report.js';

/** State items read at once. */
const CONCURRENCY = 16;
/** Slices named one by one. */
const MOST_NAMES = 5;

/** What is stored of a slice. */
interface StoredSlice extends ReportedSlice {
  readonly slice: Slice;
  /** Its item, when somebody holds it. */
  readonly held?: SliceError;
  readonly finished: boolean;
}

/**
 * What became of the slices of a stream, by their progress items; `local` is what this process knows of those that it could not begin. A slice that is not finished
 * has an error that says why.
 */
export async function reportedSlices(
  stores: Stores,
  runId: string,
  streamPlan: StreamPlan,
  sinkNames: readonly string[],
  local: readonly ReportedSlice[] = [],
): Promise<ReportedSlice[]> {
  const read = (slice: Slice): Promise<StoredSlice> => readSlice(stores, runId, streamPlan.id, slice, sinkNames);
  const stored = await mapLimit(streamPlan.slices, CONCURRENCY, read);
  const missing = missingError(
    stored.filter(({ finished }) => !finished),
    streamPlan,
  );
  return stored.map(({ progress, finished, held, error: unreadable }, index): ReportedSlice => {
    if (finished) return { progress };
    const { error: own, progress: known = emptyProgress } = local[index] ?? {};
    if (unreadable !== undefined) return { progress: known, error: own ?? unreadable };
    return { progress, error: own ?? held ?? progress.error ?? missing };
  });
}

async function readSlice({ state, lake }: Stores, runId: string, streamId: string, slice: Slice, sinkNames: readonly string[]): Promise<StoredSlice> {
  try {
    const item = await state.get(progressKey(runId, streamId, slice.ordinal));
    const progress = await withObjects(lake, progressIn(item?.value));
    const lease = leaseOf(item?.value);
    const finished = isFinished(progress, sinkNames);
    if (lease === undefined || isFree(lease)) return { slice, progress, finished };
    return { slice, progress, finished, held: heldError(slice, lease.owner ?? '', lease.expires_at) };
  } catch (error) {
    return { slice, progress: emptyProgress, finished: false, error: sliceErrorOf(error) };
  }
}

const heldError = ({ name }: Slice, owner: string, expiresAt: string): SliceError => ({
  name: 'StopError',
  action: 'stop',
  reason: 'lease',
  message: `slice ${name} is not done: ${owner} holds it until ${expiresAt}, and longer if it is at work`,
  resume_after: expiresAt,
});

/** Nobody says why: whoever worked on them was ended, or nobody has begun them. */
function missingError(slices: readonly StoredSlice[], { slices: all }: StreamPlan): SliceError {
  const names = slices.slice(0, MOST_NAMES).map(({ slice }) => slice.name);
  const more = slices.length - names.length;
  const list = more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
  return { name: 'StopError', action: 'stop', reason: 'deadline', message: `${slices.length} of ${all.length} slices are not done: ${list}` };
}
