import { createMeter, type Meter } from '@loadin/observability';
import type { Effort } from '../report/report.js';

export const noEffort = { requests: 0, retries: 0, waits: 0, wait_ms: 0, bytes_read: 0, bytes_written: 0, source_requests: 0, source_retries: 0 };

export function addEfforts(efforts: readonly Effort[]): Effort {
  const sum = { ...noEffort };
  for (const effort of efforts) for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += effort[name] ?? 0;
  return sum;
}

/** Counts what a slice takes, on top of what it took in earlier attempts; what reading takes is counted apart as well. */
export function createEffort(earlier: Effort = noEffort): { readonly meter: Meter; readonly reading: Meter; readonly effort: () => Effort } {
  const [meter, source] = [createMeter(), createMeter()];
  const reading: Meter = {
    add(name, amount) {
      meter.add(name, amount);
      source.add(name, amount);
    },
  };
  return {
    meter,
    reading,
    effort: () => addEfforts([earlier, { ...meter.totals, source_requests: source.totals.requests, source_retries: source.totals.retries }]),
  };
}
