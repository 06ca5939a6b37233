import type { UniqueExpectation } from '../expect/types.js';
import { NULL, viewField, type FieldView, type Row } from '../fields/row.js';
import { openKeyRuns, type KeyRuns } from './key-runs.js';
import { addKey, clearKeys, createKeySet, endKey, feedKey, hasKey, startKey, type KeyHash } from './key-set.js';
import type { RowCheck } from './types.js';
import { counted, reasonOf } from './wording.js';

export interface UniqueOptions {
  readonly keysInMemory: number;
  readonly spillDirectory: string | undefined;
}

/**
 * Keys are compared by 64 bits: two different ones are taken for one with a chance of rows² / 2^65, which is 1 in 4 million at 3 million rows. Those that do not fit into
 * memory go through a sorted file; what is repeated between its runs is known at the end only.
 */
export function uniqueCheck(expectation: UniqueExpectation, places: readonly number[], { keysInMemory, spillDirectory }: UniqueOptions): RowCheck {
  const set = createKeySet();
  const key: KeyHash = { low: 0, high: 0 };
  const isLeftOut = expectation.severity === 'quarantine';
  let runs: KeyRuns | undefined;

  const check: RowCheck = {
    expectation,
    reason: reasonOf(expectation),
    broken: 0,
    holds: (row, view) => !isLeftOut || !hashKey(key, row, view, places) || !hasKey(set, key.low, key.high),
    keep(row, view) {
      if (!hashKey(key, row, view, places)) return;
      if (set.size >= keysInMemory && !hasKey(set, key.low, key.high)) {
        runs ??= openKeyRuns(spillDirectory);
        runs.add(set);
        clearKeys(set);
      }
      if (!addKey(set, key.low, key.high)) check.broken++;
    },
    finish({ all }) {
      if (runs === undefined) return {};
      runs.add(set);
      const broken = runs.countRepeated();
      if (broken === 0 || !isLeftOut) return { broken };
      const message =
        `${counted(broken + check.broken)} of ${all}: ${check.reason}; ${counted(broken)} of them were found at the end only, ` +
        `as more than ${counted(keysInMemory)} keys are not held in memory`;
      return { broken, message, refuses: true };
    },
    close() {
      runs?.close();
      runs = undefined;
    },
  };
  return check;
}

/** Whether there is a key: none of its columns is null. */
function hashKey(key: KeyHash, row: Row, view: FieldView, places: readonly number[]): boolean {
  startKey(key);
  for (const place of places) {
    if ((row.flags[place] ?? NULL) === NULL) return false;
    viewField(view, row, place);
    feedKey(key, view.bytes, view.start, view.end);
  }
  endKey(key);
  return true;
}
