import type { Json } from '@loadin/pipeline';
import { search, type Search, type Work } from './search-plan.js';
import type { Time } from './time.js';

/** Fewer starts than this say nothing about how items are spread. */
const smallestSample = 20;

/** A window in two: a first part with about as many items as wanted, and the rest; `undefined` when it has no range. */
export function cut(time: Time, { query, cuts = [] }: Search, total: number, wanted: number): Work[] | undefined {
  const range = time.range(query);
  if (range === undefined) return undefined;
  const [from, to] = range;
  const parts = Math.max(2, Math.ceil(total / wanted));
  const [next = from + Math.max(1, Math.floor((to - from + 1) / parts)), ...later] = cuts;
  return [search(time.between(query, { from: next }), { cuts: later }), search(time.between(query, { to: next - 1 }), { together: total })];
}

/**
 * Where to cut a window into parts of equal numbers. A page in the order of ids is a sample of the window: its starts show how the
 * items are spread. A second that takes up a whole part is cut out on its own.
 */
export function cutsOf(time: Time, records: readonly Json[], [from, to]: readonly [number, number], parts: number): number[] {
  const starts = records.map(time.startOf).filter((at) => at >= from && at <= to);
  if (starts.length < smallestSample) return [];
  starts.sort((a, b) => a - b);
  const quantiles = Array.from({ length: parts - 1 }, (_, i) => starts[Math.floor(((i + 1) * starts.length) / parts)] ?? to);
  const cuts = quantiles.flatMap((at, i) => (at === (quantiles[i - 1] ?? from) ? [at + 1] : [at]));
  return [...new Set(cuts)].filter((at) => at > from && at <= to).sort((a, b) => a - b);
}
