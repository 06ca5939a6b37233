import type { ColumnProfile } from '../profile/types.js';

/** Shares below it are taken for it: a share of nothing would make the index infinite. */
const LEAST_SHARE = 0.001;

/** Population stability index: how far one division into parts is from another; 0 when they are the same. */
export function stabilityIndex(before: readonly number[], now: readonly number[]): number {
  return before.reduce((sum, was, n) => {
    const [a, b] = [Math.max(was, LEAST_SHARE), Math.max(now[n] ?? 0, LEAST_SHARE)];
    return sum + (b - a) * Math.log(b / a);
  }, 0);
}

/** The share of values that are at most `value`, by a profile's quantiles. */
export function shareUpTo(quantiles: readonly number[], value: number): number {
  const steps = quantiles.length - 1;
  let at = steps;
  while (at >= 0 && (quantiles[at] as number) > value) at--;
  if (at < 0) return 0;
  if (at === steps) return 1;
  const [low, high] = [quantiles[at] as number, quantiles[at + 1] as number];
  // An infinite distance cannot be divided.
  const part = (value - low) / (high - low);
  return (at + (Number.isFinite(part) ? part : 0)) / steps;
}

/** Between the deciles of before. */
export function quantileIndex(before: readonly number[], now: readonly number[]): number {
  const edges = [...new Set([2, 4, 6, 8, 10, 12, 14, 16, 18].map((n) => before[n] as number))];
  const parts = (quantiles: readonly number[]): number[] => {
    const upTo = edges.map((edge) => shareUpTo(quantiles, edge));
    return [...upTo, 1].map((share, n) => share - (upTo[n - 1] ?? 0));
  };
  return stabilityIndex(parts(before), parts(now));
}

/** Between the shares of single values. */
export function sharesIndex(before: NonNullable<ColumnProfile['shares']>, now: NonNullable<ColumnProfile['shares']>): number {
  const [was, is] = [before, now].map((shares) => new Map(shares.map(({ value, share }) => [value, share])));
  const values = [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])];
  return stabilityIndex(
    values.map((value) => was?.get(value) ?? 0),
    values.map((value) => is?.get(value) ?? 0),
  );
}
