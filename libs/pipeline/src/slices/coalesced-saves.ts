/** Saves that run behind the work: one in flight, and of those that come meanwhile only the latest. */
export interface CoalescedSaves<Value> {
  /** Returns at once. Throws what an earlier save threw: the work must not go on when its progress can't be kept. */
  push(value: Value): void;
  /** Resolves once everything that was pushed is saved; rejects with what a save threw, if nobody was told of it yet. */
  flush(): Promise<void>;
}

export function createCoalescedSaves<Value>(save: (value: Value) => Promise<void>): CoalescedSaves<Value> {
  let waiting: { readonly value: Value } | undefined;
  let running: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;

  const saveAll = async (): Promise<void> => {
    try {
      for (let next = waiting; next !== undefined; next = waiting) {
        waiting = undefined;
        await save(next.value);
      }
    } catch (error) {
      failure = { error };
    } finally {
      running = undefined;
    }
  };
  const throwFailure = (): void => {
    const failed = failure;
    failure = undefined;
    if (failed !== undefined) throw failed.error;
  };
  return {
    push(value) {
      throwFailure();
      waiting = { value };
      running ??= saveAll();
    },
    async flush() {
      await running;
      throwFailure();
    },
  };
}
