/**
 * Gives what `source` gives, and asks it for the next item while the consumer works on this one; never for a second, so that a slow consumer holds the source
 * back. A consumer that leaves calls `abandon`, which must make a read under way end soon, and waits for its end: nothing goes on behind its back.
 */
export async function* oneAhead<Item>(source: AsyncGenerator<Item, void>, abandon: () => void): AsyncGenerator<Item, void> {
  let next = ask(source);
  let left = true;
  try {
    for (;;) {
      const result = await next;
      if (result.done === true) {
        left = false;
        return;
      }
      next = ask(source);
      yield result.value;
    }
  } finally {
    if (left) {
      abandon();
      await next.catch(() => undefined); // it failed because it was abandoned, or it is what the consumer was told already
      await source.return().catch(() => undefined);
    }
  }
}

/** What it rejects with is heard when it is its turn, and not before. */
function ask<Item>(source: AsyncGenerator<Item, void>): Promise<IteratorResult<Item, void>> {
  const next = source.next();
  next.catch(() => undefined);
  return next;
}
