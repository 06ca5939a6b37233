import { FatalError } from '@loadin/resilience';
import type { Expectation } from '../expect/types.js';
import { NULL, viewField } from '../fields/row.js';
import type { InspectorOptions } from '../types.js';
import { freshnessCheck, rowCountChangeCheck } from './load-checks.js';
import { referenceCheck } from './reference.js';
import type { RowCheck } from './types.js';
import { uniqueCheck } from './unique.js';
import { allowedValuesTest, rangeTest, regexTest, type ValueTest } from './value-tests.js';
import { reasonOf } from './wording.js';

/** In the order of declaration. `placeOf`: of a column among a row's fields. */
export async function createChecks(options: InspectorOptions, placeOf: (column: string) => number): Promise<RowCheck[]> {
  const checks: RowCheck[] = [];
  for (const expectation of options.expect ?? []) checks.push(await createCheck(expectation, options, placeOf));
  return checks;
}

async function createCheck(expectation: Expectation, options: InspectorOptions, placeOf: (column: string) => number): Promise<RowCheck> {
  const { load, references, spillDirectory } = options;
  switch (expectation.check) {
    case 'not_null':
      return notNullCheck(expectation, expectation.columns.map(placeOf));
    case 'range':
      return valueCheck(expectation, placeOf(expectation.column), rangeTest(expectation));
    case 'regex':
      return valueCheck(expectation, placeOf(expectation.column), regexTest(expectation));
    case 'allowed_values':
      return valueCheck(expectation, placeOf(expectation.column), allowedValuesTest(expectation));
    case 'unique':
      return uniqueCheck(expectation, expectation.columns.map(placeOf), { keysInMemory: options.uniqueKeysInMemory ?? 2_000_000, spillDirectory });
    case 'reference':
      return referenceCheck(expectation, placeOf(expectation.column), {
        entity: load.entity,
        references,
        most: options.referenceValues ?? 8_000_000,
      });
    case 'freshness':
      return freshnessCheck(expectation, placeOf(expectation.column), load, options.previous);
    case 'row_count_change':
      return rowCountChangeCheck(expectation, load, options.previousOfKind);
    default:
      throw new FatalError(`There is no check "${String((expectation as { check: unknown }).check)}"`, {
        where: load.entity,
        hint: 'Read declarations with readExpectations.',
      });
  }
}

const notNullCheck = (expectation: Expectation, places: readonly number[]): RowCheck => ({
  expectation,
  reason: reasonOf(expectation),
  broken: 0,
  holds({ flags }) {
    for (const place of places) if ((flags[place] ?? NULL) === NULL) return false;
    return true;
  },
});

const valueCheck = (expectation: Expectation, place: number, test: ValueTest): RowCheck => ({
  expectation,
  reason: reasonOf(expectation),
  broken: 0,
  holds(row, view) {
    if ((row.flags[place] ?? NULL) === NULL) return true;
    viewField(view, row, place);
    return test(view);
  },
});
