import { hold } from '../leases/hold.js';
import { isHeld, tryHold } from '../leases/try-hold.js';
import type { HeldItem } from '../leases/types.js';
import { stopReason } from '../slices/slice-error.js';
import { jobLeaseKey, type Phase } from './phase-options.js';

/** Waits for the job's lease. Throws `StopError` when another process is at work with it, or this one is told to stop meanwhile; and what the store throws. */
export async function holdJob({ job, jobLeases, signal, logger }: Phase): Promise<HeldItem> {
  try {
    signal.throwIfAborted();
    const first = await tryHold(jobLeases, jobLeaseKey(job));
    if (isHeld(first)) return first;
    // It can take a while, in which nothing else is said.
    logger.info(`Waiting for ${first.lease.owner ?? 'another process'}, which plans or finishes a run of ${job.name}`);
    return await hold(jobLeases, jobLeaseKey(job), { signal });
  } catch (error) {
    throw signal.aborted ? stopReason(signal) : error;
  }
}
