import type { Evidence } from './evidence.js';

/** Something that must hold after every storm. */
export interface Check {
  /** What holds, in a few words: it stands behind each finding. */
  readonly name: string;
  /** What does not hold, in sentences that say where; none when all is well. Reads the evidence with code of its own: a fault of the product must not hide in it. */
  find(evidence: Evidence): readonly string[];
}
