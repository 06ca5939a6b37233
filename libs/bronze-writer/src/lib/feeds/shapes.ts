import { isHashed } from '../hash/canonical-record.js';

/** The keys of records that look alike: what their values in bytes don't say. Plain data, for a thread. */
export interface Shape {
  /** In the order of the canonical JSON, which is that of the values. */
  readonly keys: readonly string[];
  /** The place of each one's column in the schema. */
  readonly places: readonly number[];
  /** `"a":`; null for keys that are not hashed. */
  readonly before: readonly (string | null)[];
}

export const shapeOf = (keys: readonly string[], places: readonly number[]): Shape => ({
  keys,
  places,
  before: keys.map((key) => (isHashed(key) ? `${JSON.stringify(key)}:` : null)),
});

/** By UTF-16 unit, as the hash has it. */
export const inOrder = (keys: readonly string[]): string[] => [...keys].sort();
