import type { Expectation } from '../expect/types.js';
import type { LoadType } from '../profile/types.js';

export const counted = (value: number): string => value.toLocaleString('en-US');

/** `2,000 rows`; an incremental load has those that changed, and no others: who reads the number has to know. */
export const rowsText = (rows: number, loadType: LoadType): string => `${counted(rows)} ${loadType === 'incremental' ? 'changed ' : ''}rows`;

export const columnsOf = (expectation: Expectation): readonly string[] => {
  if ('columns' in expectation) return expectation.columns;
  return 'column' in expectation ? [expectation.column] : [];
};

/** What is wrong with a row that breaks it, without the row's values. */
export function reasonOf(expectation: Expectation): string {
  switch (expectation.check) {
    case 'not_null':
      return `${expectation.columns.join(' or ')} is null`;
    case 'unique':
      return expectation.columns.length === 1
        ? `${expectation.columns[0]} is that of an earlier row`
        : `${expectation.columns.join(', ')} are those of an earlier row`;
    case 'range':
      return `${expectation.column} is not ${rangeText(expectation.min, expectation.max)}`;
    case 'regex':
      return `${expectation.column} does not match ${shortened(expectation.pattern, 60)}`;
    case 'allowed_values':
      return `${expectation.column} is none of ${shortened(expectation.values.join(', '), 60)}`;
    case 'reference':
      return `${expectation.column} is in no row of ${expectation.entity}`;
    case 'freshness':
      return `${expectation.column} is too old`;
    case 'row_count_change':
      return 'the number of rows has changed';
  }
}

function rangeText(min: number | string | undefined, max: number | string | undefined): string {
  if (min !== undefined && max !== undefined) return `between ${min} and ${max}`;
  return min !== undefined ? `at least ${min}` : `at most ${max}`;
}

const shortened = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** 26 h, 3.5 days */
export function hours(minutes: number): string {
  if (minutes < 120) return `${Math.round(minutes)} min`;
  return minutes < 2_880 ? `${Math.round(minutes / 6) / 10} h` : `${Math.round(minutes / 144) / 10} days`;
}
