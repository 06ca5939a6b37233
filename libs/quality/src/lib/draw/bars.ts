const HEIGHTS = '▁▂▃▄▅▆▇█';
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** Heights relative to the greatest; what is not nothing has a height. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(...values, 0);
  return values.map((value) => (most > 0 && value > 0 ? (HEIGHTS[Math.min(7, Math.ceil((value / most) * 8) - 1)] ?? '') : HEIGHTS[0])).join('');
}

/** A share of 0 to 1 as a bar of at most `width` characters. */
export function bar(share: number, width: number): string {
  const eighths = share > 0 ? Math.max(1, Math.round(share * width * 8)) : 0;
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}
