/** What a shard takes. `Infinity`: unknown, nothing is held back. */
export interface PacerLimits {
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
}

/**
 * Two token buckets, of records and of bytes, and the share of the limits that the shard has lately taken: others may write to it too. A value;
 * the functions below give the next one. Times are epoch milliseconds.
 */
export interface Pacer {
  readonly limits: PacerLimits;
  /** From `LEAST_SHARE` to 1. */
  readonly share: number;
  readonly records: number;
  /** Below 0 after a record larger than the bucket: it is paid off before anything else is sent. */
  readonly bytes: number;
  readonly at: number;
  readonly cutAt: number;
}

/** Less than the second that the shard itself saves up: what is on its way longer than usual then doesn't arrive too early. */
const BURST_SECONDS = 0.9;
/** Requests that were under way together meet the same full shard: they count as one refusal. */
const CUT_INTERVAL_MS = 250;
/** A request of which all was refused says that there is less room, not how little. */
const MOST_CUT = 0.5;
/** Of the limits: a share that was cut in half is back after five seconds. */
const RECOVERY_PER_SECOND = 0.1;
/** Enough to find out that there is room again. */
export const LEAST_SHARE = 0.1;

export function newPacer(limits: PacerLimits, now: number): Pacer {
  const full = { records: limits.recordsPerSecond * BURST_SECONDS, bytes: limits.bytesPerSecond * BURST_SECONDS };
  return { limits, share: 1, ...full, at: now, cutAt: -Infinity };
}

/** The buckets as they are at `now`: filled since, and a little of a lost share regained. */
export function refilled(pacer: Pacer, now: number): Pacer {
  const seconds = (now - pacer.at) / 1_000;
  if (seconds <= 0) return pacer;
  const { limits } = pacer;
  const share = Math.min(1, pacer.share + seconds * RECOVERY_PER_SECOND);
  const fill = (tokens: number, perSecond: number): number => {
    const rate = perSecond * pacer.share;
    return perSecond === Infinity ? Infinity : Math.min(tokens + seconds * rate, Math.max(1, perSecond * share * BURST_SECONDS));
  };
  return { ...pacer, share, records: fill(pacer.records, limits.recordsPerSecond), bytes: fill(pacer.bytes, limits.bytesPerSecond), at: now };
}

/** Whether so many records with so many bytes may be sent at the time of the pacer. A record larger than the bucket may when it is full. */
export const fits = ({ limits, share, records, bytes }: Pacer, count: number, size: number): boolean =>
  count <= records && (size <= bytes || (count === 1 && bytes >= fullBytes(limits, share)));

const fullBytes = ({ bytesPerSecond }: PacerLimits, share: number): number => Math.max(1, bytesPerSecond * share * BURST_SECONDS);

export const spent = (pacer: Pacer, count: number, size: number): Pacer =>
  count === 0 ? pacer : { ...pacer, records: pacer.records - count, bytes: pacer.bytes - size };

/** After the shard has refused `refusedShare` (0 to 1) of what it was sent: what we thought was left is not there, and others write too. */
export function slowed(pacer: Pacer, refusedShare: number, now: number): Pacer {
  const empty = { ...pacer, records: Math.min(0, pacer.records), bytes: Math.min(0, pacer.bytes), at: now };
  if (pacer.limits.recordsPerSecond === Infinity) return pacer;
  if (now - pacer.cutAt < CUT_INTERVAL_MS) return empty;
  return { ...empty, share: Math.max(LEAST_SHARE, pacer.share * (1 - Math.min(MOST_CUT, refusedShare))), cutAt: now };
}

/** When a record of so many bytes may be sent, if nothing else is until then. */
export function readyAt(pacer: Pacer, size: number): number {
  const { limits, share, records, bytes, at } = pacer;
  const wanted = Math.min(size, fullBytes(limits, share));
  const secondsFor = (missing: number, perSecond: number): number => (missing <= 0 ? 0 : missing / (perSecond * share));
  return at + Math.ceil(Math.max(secondsFor(1 - records, limits.recordsPerSecond), secondsFor(wanted - bytes, limits.bytesPerSecond)) * 1_000);
}
