/**
 * The least time in milliseconds that so many calls can take at a limit, one after the other: as many as a second allows as quickly as they are
 * answered, and each further one a second after the one that it takes the place of.
 */
export function leastMs(calls: number, { perSecond, latencyMs }: { readonly perSecond: number; readonly latencyMs: number }): number {
  const seconds = Math.floor((calls - 1) / perSecond);
  const inLastSecond = calls - seconds * perSecond;
  return seconds * 1_000 + inLastSecond * latencyMs;
}
