import type { Tier } from './types.js';

/** What so many units cost when the first ones are dearer than the others. */
export function tieredAmount(quantity: number, tiers: readonly Tier[]): number {
  let amount = 0;
  let below = 0;
  for (const { upTo, price } of tiers) {
    amount += Math.max(0, Math.min(quantity, upTo) - below) * price;
    below = upTo;
  }
  return amount;
}
