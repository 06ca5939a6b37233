import type { HeldItem } from '../../leases/types.js';
import { parseLines, printLines } from './line-set.js';
import type { RetryManifest } from './manifest.js';

/** What the item of the delivery lease keeps: the numbers of the retries that count, by slice, as `line-set` prints them. */
interface Announced {
  readonly retries?: Readonly<Record<string, string>>;
}

/**
 * Makes a stored retry count: nothing of it is sent before. Only who holds the lease can do it, so that what somebody stored who had lost it, and did not know
 * yet, is never sent by anybody.
 */
export async function announce(held: HeldItem, { address, number }: RetryManifest): Promise<void> {
  const { retries = {} } = (held.current ?? {}) as Announced;
  const numbers = parseLines(retries[address.sliceOrdinal] ?? '').add(number);
  await held.save({ ...held.current, retries: { ...retries, [address.sliceOrdinal]: printLines(numbers) } });
}

/** One that a version without leases has stored counts as well. */
export function isAnnounced(held: HeldItem, { address, number, generation }: RetryManifest): boolean {
  const { retries = {} } = (held.current ?? {}) as Announced;
  return generation === undefined || parseLines(retries[address.sliceOrdinal] ?? '').has(number);
}
