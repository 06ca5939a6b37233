/** One figure of a measurement. */
export interface Figure {
  readonly what: string;
  readonly measured: number;
  /** `s`, `pages/s`, `× JSON.parse`. */
  readonly unit: string;
  /** Digits after the point. Default 0. */
  readonly digits?: number;
  readonly atMost?: number;
  readonly atLeast?: number;
}

export interface Report {
  /** What was done, how often, in a line. */
  readonly title: string;
  readonly figures: readonly Figure[];
}

export const isWithin = ({ measured, atMost = Infinity, atLeast = -Infinity }: Figure): boolean => measured <= atMost && measured >= atLeast;

/** A table for people. Figures without a budget are there to be compared with. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [figure.what, shown(figure, figure.measured), figure.unit, budgetOf(figure), verdictOf(figure)]);
  return table(['', 'measured', '', 'budget', ''], rows, [1]);
}

/** Columns in line; those of `right` end in line. */
export function table(header: readonly string[], rows: readonly (readonly string[])[], right: readonly number[]): string {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [header, ...rows].map(line).join('\n');
}

const shown = ({ digits = 0 }: Figure, value: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

function budgetOf(figure: Figure): string {
  if (figure.atMost !== undefined) return `at most ${shown(figure, figure.atMost)}`;
  return figure.atLeast === undefined ? '' : `at least ${shown(figure, figure.atLeast)}`;
}

function verdictOf(figure: Figure): string {
  if (figure.atMost === undefined && figure.atLeast === undefined) return '';
  return isWithin(figure) ? 'ok' : 'OVER BUDGET';
}
