import type { ObjectStore, RunRecord } from '@loadin/pipeline';

/**
 * Two lakes as one, to look at: what runs of records have left lies in the first, what loads have left in the second; their keys never meet, because they have the names of jobs
 * or streams. What is written goes to the first, which is where retries of letters belong.
 */
export function bothLakes(first: ObjectStore, second: ObjectStore): ObjectStore {
  return {
    uri: first.uri,
    get: async (key) => (await first.get(key)) ?? second.get(key),
    put: (key, body, options) => first.put(key, body, options),
    putIfAbsent: (key, body, options) => first.putIfAbsent(key, body, options),
    list: (prefix) => inOrder(first.list(prefix), second.list(prefix)),
  };
}

/** The first of the lakes that has an object of this key; when none has, the first of all. */
export async function lakeWith(lakes: readonly [ObjectStore, ...ObjectStore[]], key: string): Promise<ObjectStore> {
  for (const lake of lakes) if ((await lake.get(key)) !== undefined) return lake;
  return lakes[0];
}

/** The lake of a run: its plan lies there. */
export const lakeOfRun = (
  lakes: readonly [ObjectStore, ...ObjectStore[]],
  { job, run_id: runId }: Pick<RunRecord, 'job' | 'run_id'>,
): Promise<ObjectStore> => lakeWith(lakes, `_loadin/plans/${job}/${runId}.json`);

type Listed = { readonly key: string; readonly size: number };

/** Each is in the order of UTF-8 bytes, and so is what comes of both. */
async function* inOrder(first: AsyncIterable<Listed>, second: AsyncIterable<Listed>): AsyncGenerator<Listed> {
  const [one, other] = [first[Symbol.asyncIterator](), second[Symbol.asyncIterator]()];
  let [a, b] = await Promise.all([one.next(), other.next()]);
  try {
    while (a.done !== true || b.done !== true) {
      const order = a.done === true ? 1 : b.done === true ? -1 : Buffer.compare(Buffer.from(a.value.key), Buffer.from(b.value.key));
      if (order <= 0 && a.done !== true) yield a.value;
      else if (order > 0 && b.done !== true) yield b.value;
      // One that lies in both is the first's.
      [a, b] = await Promise.all([order <= 0 ? one.next() : a, order >= 0 ? other.next() : b]);
    }
  } finally {
    await Promise.all([one.return?.(), other.return?.()]);
  }
}
