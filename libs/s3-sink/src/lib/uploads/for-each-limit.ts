/**
 * `run` for every item, at most `limit` at once. When one throws no further one is begun, and its error is thrown once those under way have ended: nothing
 * goes on behind the caller's back.
 */
export async function forEachLimit<Item>(items: Iterable<Item>, limit: number, run: (item: Item) => Promise<void>): Promise<void> {
  const queue = [...items].values();
  const errors: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      if (errors.length > 0) return;
      await run(item);
    }
  };
  await Promise.all(Array.from({ length: limit }, () => worker().catch((error: unknown) => errors.push(error))));
  if (errors.length > 0) throw errors[0];
}
