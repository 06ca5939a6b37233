import type { Json, Page } from '@loadin/pipeline';
import { expectSame } from '../check.js';
import { recordsIn } from './reading.js';

/** The same records in the same order; how they are cut into pages does not matter. */
export function expectRecords(what: string, found: readonly Page[], expected: readonly Page[]): void {
  expectList(what, recordsIn(found), recordsIn(expected));
}

export interface Continued {
  /** Pages that were given before the read was broken off. */
  readonly earlier: readonly Page[];
  /** Pages that it gave when it went on. */
  readonly rest: readonly Page[];
  /** Pages of a read that nothing broke off. */
  readonly whole: readonly Page[];
  readonly mayRepeat: boolean;
}

/** What two attempts gave is what one would have given. */
export function expectContinued(what: string, { earlier, rest, whole, mayRepeat }: Continued): void {
  const before = recordsIn(earlier);
  const given = new Set(mayRepeat ? before.map((raw) => JSON.stringify(raw)) : []);
  const fresh = (records: readonly Json[]): readonly Json[] => records.filter((raw) => !given.has(JSON.stringify(raw)));
  expectList(what, fresh(recordsIn(rest)), fresh(recordsIn(whole).slice(before.length)));
}

function expectList(what: string, found: readonly Json[], expected: readonly Json[]): void {
  const differs = expected.findIndex((record, index) => JSON.stringify(record) !== JSON.stringify(found[index]));
  if (differs >= 0) expectSame(`${what}: record ${differs} of ${expected.length}`, found[differs], expected[differs]);
  expectSame(`${what}: number of records`, found.length, expected.length);
}
