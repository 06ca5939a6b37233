import type { Run } from '../attempts.js';
import type { Truth } from '../truth.js';

/** What of a run must hold, judged from the outside: by what arrived and by what the sources saw. */
export interface Check {
  /** What holds; the number of the source behaviours that it is about, if any. */
  readonly name: string;
  readonly behaviours: readonly number[];
  /** Sentences; empty when it holds. */
  find(run: Run, truth: Truth): readonly string[];
}

/** The first few, so that a line stays readable. */
export const some = (items: Iterable<unknown>): string => {
  const all = [...items].map(String);
  return all.length <= 5 ? all.join(', ') : `${all.slice(0, 5).join(', ')} and ${all.length - 5} more`;
};
