import { hold } from '../leases/hold.js';
import type { HeldItem } from '../leases/types.js';
import { stopReason } from '../slices/slice-error.js';
import { jobLeaseKey, type Phase } from './phase-options.js';

/** Waits for the job's lease. Throws `StopError` when another process is at work with it, or this one is told to stop meanwhile; and what the store throws. */
export async function holdJob({ job, jobLeases, signal }: Phase): Promise<HeldItem> {
  try {
    return await hold(jobLeases, jobLeaseKey(job), { signal });
  } catch (error) {
    throw signal.aborted ? stopReason(signal) : error;
  }
}
