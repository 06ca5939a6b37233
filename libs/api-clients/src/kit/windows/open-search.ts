import type { Json } from '@loadin/pipeline';

/**
 * The items of the search that is being read, of both readings when it is read again: is it one consistent list? Items without an id
 * can't be told from each other, so they count by their page.
 */
export interface OpenSearch {
  /** Another search begins. */
  clear(): void;
  add(records: readonly Json[], page: number): void;
  /** Different items so far. */
  found(): number;
}

export function createOpenSearch(idOf: (raw: Json) => string | undefined): OpenSearch {
  let ids = new Set<string>();
  let withoutId = new Map<number, number>();
  return {
    clear() {
      ids = new Set();
      withoutId = new Map();
    },
    add(records, page) {
      const each = records.map(idOf);
      for (const id of each) if (id !== undefined) ids.add(id);
      withoutId.set(page, each.filter((id) => id === undefined).length);
    },
    found: () => [...withoutId.values()].reduce((sum, count) => sum + count, ids.size),
  };
}
