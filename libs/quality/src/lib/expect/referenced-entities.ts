import type { Expectation } from './types.js';

/** The entities whose values are needed: what is loaded of them before these rows is what these are held against. */
export const referencedEntities = (expectations: readonly Expectation[]): string[] => [
  ...new Set(expectations.flatMap((expectation) => (expectation.check === 'reference' ? [expectation.entity] : []))),
];
