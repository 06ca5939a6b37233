/** 1,234 */
export const count = (value: number): string => value.toLocaleString('en-US');

/** 980 B, 12.3 KB, 4.5 MB (powers of 1,000). */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let scaled = value / 1000;
  let unit = 0;
  for (; scaled >= 999.95 && unit < units.length - 1; unit += 1) scaled /= 1000;
  return `${scaled.toFixed(1)} ${units[unit]}`;
}

/** 870 ms, 12.3 s, 4 min 05 s. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** 0 s, 12 s, 4 min 05 s: for a clock that is watched. */
export function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** 2026-11-21T02:00:00Z → 2026-11-21 02:00:00 UTC */
export const instant = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
