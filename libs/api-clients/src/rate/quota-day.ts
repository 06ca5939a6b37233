import type { JsonObject } from '@loadin/pipeline';
import type { Window } from './rolling-window.js';

/** Calls reserved by all processes, by the number of the bucket in which they were: `epoch milliseconds ÷ bucket length`. */
export interface DayLedger {
  readonly calls: Readonly<Record<string, number>>;
}

/** Calls that a process has reserved and not made yet; they are good until their bucket ends. */
export interface Block {
  readonly bucket: number;
  readonly calls: number;
}

/**
 * A call counts until its whole bucket is out of the window, and this much longer: by so much may the clocks of the machines differ, and
 * so long may a call be on its way after it was reserved.
 */
const graceMs = 300_000;

/** A day has buckets of an hour. */
export const bucketMsOf = ({ windowMs }: Window): number => Math.ceil(windowMs / 24);
export const bucketAt = (window: Window, now: number): number => Math.floor(now / bucketMsOf(window));
/** Epoch milliseconds from which the calls of a bucket don't count any more. */
export const endOf = (window: Window, bucket: number): number =>
  (bucket + 1) * bucketMsOf(window) + window.windowMs + Math.min(graceMs, bucketMsOf(window) / 12);

/** How many calls are reserved at a time: one of a small budget, at most 20 of a large one. What a crash forfeits is no more than that. */
export const blockOf = ({ limit }: Window): number => Math.min(20, Math.max(1, Math.floor(limit / 500)));

export interface Reservation {
  readonly ledger: DayLedger;
  /** No calls: the window is used up. */
  readonly block: Block;
  /** When the first calls go out of a used-up window, in epoch milliseconds. */
  readonly freeAt?: number;
}

/** Reserves a block, and gives back what was left of an earlier one. */
export function reserve(ledger: DayLedger, window: Window, now: number, left?: Block): Reservation {
  const counted = withoutOld(left === undefined ? ledger : givenBack(ledger, left), window, now);
  const bucket = bucketAt(window, now);
  const used = Object.values(counted.calls).reduce((sum, calls) => sum + calls, 0);
  const calls = Math.min(blockOf(window), window.limit - used);
  if (calls <= 0) return { ledger: counted, block: { bucket, calls: 0 }, freeAt: firstEnd(counted, window) };
  return { ledger: { calls: { ...counted.calls, [bucket]: (counted.calls[bucket] ?? 0) + calls } }, block: { bucket, calls } };
}

/** What a process reserved and did not use is there for the others. */
export function givenBack({ calls }: DayLedger, { bucket, calls: unused }: Block): DayLedger {
  const { [bucket]: reserved = 0, ...others } = calls;
  return { calls: reserved > unused ? { ...others, [bucket]: reserved - unused } : others };
}

function withoutOld({ calls }: DayLedger, window: Window, now: number): DayLedger {
  return { calls: Object.fromEntries(Object.entries(calls).filter(([bucket]) => endOf(window, Number(bucket)) > now)) };
}

function firstEnd({ calls }: DayLedger, window: Window): number {
  return endOf(window, Math.min(...Object.keys(calls).map(Number)));
}

/** `undefined` when the item is not a ledger. */
export function dayLedgerOf(value: JsonObject | undefined): DayLedger | undefined {
  if (value === undefined) return { calls: {} };
  const { calls } = value;
  if (typeof calls !== 'object' || calls === null || Array.isArray(calls)) return undefined;
  const counts = Object.entries(calls);
  const whole = counts.every(([bucket, count]) => /^\d+$/.test(bucket) && typeof count === 'number' && Number.isInteger(count) && count >= 0);
  return whole ? { calls: Object.fromEntries(counts.map(([bucket, count]) => [bucket, Number(count)])) } : undefined;
}
