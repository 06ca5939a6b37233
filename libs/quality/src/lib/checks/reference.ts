import type { ReferenceExpectation } from '../expect/types.js';
import { NULL, viewField } from '../fields/row.js';
import type { References } from '../types.js';
import { addKey, createKeySet, endKey, feedKey, hasKey, startKey, type KeyHash, type KeySet } from './key-set.js';
import type { RowCheck } from './types.js';
import { counted, reasonOf } from './wording.js';

export interface ReferenceOptions {
  readonly entity: string;
  readonly references: References | undefined;
  readonly most: number;
}

interface Known {
  readonly set: KeySet;
  readonly origin: string;
  readonly complete: boolean;
}

/** Reads the other entity's values before the first row is looked at. */
export async function referenceCheck(expectation: ReferenceExpectation, place: number, options: ReferenceOptions): Promise<RowCheck> {
  const known = await readKnown(expectation, options);
  const key: KeyHash = { low: 0, high: 0 };
  const reason = reasonOf(expectation);
  let missing = 0;
  const check: RowCheck = {
    expectation,
    reason,
    broken: 0,
    holds(row, view) {
      if (typeof known === 'string' || (row.flags[place] ?? NULL) === NULL) return true;
      viewField(view, row, place);
      startKey(key);
      feedKey(key, view.bytes, view.start, view.end);
      endKey(key);
      if (hasKey(known.set, key.low, key.high)) return true;
      missing++;
      // It may be in a row that nobody here knows of.
      return !known.complete;
    },
    finish({ all }) {
      if (typeof known === 'string')
        return { status: 'unchecked', message: `${expectation.column} was not held against ${expectation.entity}: ${known}` };
      if (missing === 0) return {};
      const counts = `${counted(missing)} of ${all}: ${reason} (${known.origin})`;
      if (known.complete) return { message: counts };
      return { status: 'unchecked', message: `${counts}; these are not all of its rows until it is loaded in full, so nothing was done about it` };
    },
  };
  return check;
}

async function readKnown({ entity, entity_column: column }: ReferenceExpectation, options: ReferenceOptions): Promise<Known | string> {
  if (entity === options.entity) return 'an entity is not held against itself';
  const found = await options.references?.open(entity, column);
  if (found === undefined) return 'nothing of it has been loaded yet';
  const set = createKeySet();
  const key: KeyHash = { low: 0, high: 0 };
  const encoder = new TextEncoder();
  for await (const values of found.values) {
    for (const value of values) {
      const bytes = encoder.encode(value);
      startKey(key);
      feedKey(key, bytes, 0, bytes.length);
      endKey(key);
      addKey(set, key.low, key.high);
    }
    if (set.size > options.most) return `it has more than ${counted(options.most)} values`;
  }
  return { set, origin: found.origin, complete: found.complete };
}
