/**
 * `Promise.all` over `items` with at most `limit` in flight; results in the order of the items. When one rejects no further one is begun, and its error
 * is thrown once those in flight have ended: nothing goes on behind the caller's back.
 */
export async function mapLimit<Item, Result>(items: readonly Item[], limit: number, run: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = new Array<Result>(items.length);
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    while (next < items.length && failure === undefined) {
      const index = next;
      next += 1;
      try {
        results[index] = await run(items[index] as Item);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failure !== undefined) throw (failure as { readonly error: unknown }).error;
  return results;
}
