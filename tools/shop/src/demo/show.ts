/** 200,000 */
export const number = (value: number | string | null): string => Number(value).toLocaleString('en-US');

/** Lines of a table: texts to the left, numbers to the right. */
export function table(rows: readonly Readonly<Record<string, string | null>>[]): string[] {
  const titles = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => titles.map((title) => row[title] ?? ''));
  const right = titles.map((_, column) => cells.every((row) => /^[-\d.,]*$/.test(row[column] ?? '')));
  const widths = titles.map((title, column) => Math.max(title.length, ...cells.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, column) => (right[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ')}`.trimEnd();
  return [line(titles), ...cells.map(line)];
}
