import type { ObjectStore } from '@loadin/pipeline';

/** The date with which the first key goes on behind the prefix: `2026-03-01`, or of `year=` the year alone. Undefined: there is no object. */
export async function firstDay(lake: ObjectStore, prefix: string): Promise<string | undefined> {
  // Keys come in the order of their bytes, and dates written like this in the order of time.
  for await (const { key } of lake.list(prefix)) {
    const found = /^\d{4}(-\d{2}-\d{2})?(?=\/)/.exec(key.slice(prefix.length));
    if (found !== null) return found[0];
  }
  return undefined;
}
