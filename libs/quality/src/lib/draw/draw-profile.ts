import { counted } from '../checks/wording.js';
import type { Profile } from '../profile/types.js';
import { sparkline } from './bars.js';
import { distinctCell, middleCell, nullsCell, safeText, shapeCell, typeCell } from './cells.js';
import type { DrawOptions, Paint } from './types.js';

const PLAIN: Paint = { quiet: (text) => text, warning: (text) => text };

/** A profile as lines for a terminal, without line breaks. */
export function drawProfile(profile: Profile, { before, rowsOfLoads = [], paint = PLAIN }: DrawOptions = {}): string[] {
  return [heading(profile), ...history(profile, rowsOfLoads), '', ...table(profile, paint), ...driftLines(before, paint)];
}

const instant = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;

function heading({ entity, load_type, scheduled_time, rows, sampled_rows }: Profile): string {
  const sampled = sampled_rows < rows ? ` · median and shape of ${counted(sampled_rows)} of them` : '';
  return `${safeText(entity, 80)} · ${load_type} load of ${instant(scheduled_time)} · ${counted(rows)} rows${sampled}`;
}

function history({ load_type }: Profile, rows: readonly number[]): string[] {
  if (rows.length < 2) return [];
  return [`rows of the last ${rows.length} ${load_type} loads ${sparkline(rows)} ${counted(Math.min(...rows))} to ${counted(Math.max(...rows))}`];
}

const TITLES = ['COLUMN', 'TYPE', 'NULLS', 'DISTINCT', 'LEAST', 'MEDIAN', 'GREATEST', 'SHAPE'];

function table(profile: Profile, paint: Paint): string[] {
  const rows = profile.columns.map((column) => [
    safeText(column.name, 30),
    typeCell(column),
    nullsCell(column, profile),
    distinctCell(column, profile),
    safeText(column.min ?? ''),
    middleCell(column),
    safeText(column.max ?? ''),
    shapeCell(column),
  ]);
  const widths = TITLES.map((title, n) => Math.max(...[title, ...rows.map((row) => row[n] ?? '')].map((cell) => Array.from(cell).length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, n) => cell + ' '.repeat((widths[n] ?? 0) - Array.from(cell).length))
      .join('  ')
      .trimEnd();
  return [paint.quiet(line(TITLES)), ...rows.map(line)];
}

function driftLines(before: DrawOptions['before'], paint: Paint): string[] {
  if (before === undefined) return [];
  const { profile, drift } = before;
  const against = `against the ${profile.load_type} load of ${instant(profile.scheduled_time)}`;
  if (drift.length === 0) return ['', `No drift ${against}.`];
  return ['', `Drift ${against}:`, ...drift.map(({ message }) => paint.warning(`  ${safeText(message, 200)}`))];
}
