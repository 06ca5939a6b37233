import type { JsonObject } from './json.js';

/** Durable state in small items (≤ 100 KB), changed by compare-and-set. */
export interface StateStore {
  /** `dynamodb://loadin-checkpoints`: for messages. */
  readonly uri: string;
  /** A strongly consistent read; `undefined` when there is no such item. */
  get(key: string): Promise<StateItem | undefined>;
  /**
   * Writes when the item's revision is still `expected` (`null`: when there is no item) and answers the new revision.
   * A write of this call that succeeded although its answer was lost counts as success. Throws `RevisionConflictError` when someone else wrote.
   */
  put(key: string, value: JsonObject, expected: string | null): Promise<string>;
  /** Keys and values with this prefix, for `state show`. Not for correctness: it may lag behind. */
  list(prefix: string): AsyncIterable<StateItem & { readonly key: string }>;
}

export interface StateItem {
  readonly value: JsonObject;
  readonly revision: string;
}
