import type { CommonSettings, PrintableSetting } from './types.js';

/** Every setting with its value, masked, and where it comes from: for `--print-config`. */
export function printableSettings(settings: Pick<CommonSettings, 'printable'>): readonly PrintableSetting[] {
  return settings.printable;
}

/** The same as lines in columns. */
export function settingsTable(settings: Pick<CommonSettings, 'printable'>): string {
  const rows = settings.printable.map(({ name, value, origin }) => [name, value || '-', origin]);
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const [first, second] = [width(0), width(1)];
  return rows.map(([name = '', value = '', origin = '']) => `${name.padEnd(first)}  ${value.padEnd(second)}  ${origin}`).join('\n');
}
