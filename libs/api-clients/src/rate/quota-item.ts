import { actionOf, RetryableError, RevisionConflictError, type Clock, type JsonObject, type StateStore } from '@loadin/pipeline';
import { createBackoff } from '@loadin/resilience';

export interface QuotaItem {
  readonly state: StateStore;
  readonly key: string;
  readonly clock: Clock;
}

export interface Change<Result> {
  /** `undefined`: nothing is written. */
  readonly value: JsonObject | undefined;
  readonly result: Result;
  /** Called when the change was certainly not written, before the next attempt. */
  readonly undo?: () => void;
}

/** Conflicts in a row: with back-off even dozens of processes get through earlier. */
const maxConflicts = 100;
/** The stores retry on their own before they report a failure. */
const maxFailures = 4;

/**
 * Reads the item, changes it, and writes it unless somebody else was faster: then again from the start. `change` is told whether an
 * earlier write of this call may have arrived although its answer was lost. Throws what the store throws when it fails again and again.
 */
export async function changeItem<Result>(
  { state, key, clock }: QuotaItem,
  change: (value: JsonObject | undefined, unsure: boolean) => Change<Result>,
): Promise<Result> {
  const backoff = createBackoff({ baseMs: 25, maxMs: 1_000 });
  let [conflicts, failures] = [0, 0];
  let unsure = false;
  for (;;) {
    let made: Change<Result> | undefined;
    try {
      const item = await state.get(key);
      made = change(item?.value, unsure);
      if (made.value === undefined) return made.result;
      await state.put(key, made.value, item?.revision ?? null);
      return made.result;
    } catch (error) {
      if (error instanceof RevisionConflictError) {
        made?.undo?.();
        conflicts += 1;
        if (conflicts >= maxConflicts)
          throw new RetryableError('the shared quota is changed by others again and again', { where: `${state.uri}, ${key}` });
        await clock.sleep(backoff(Math.min(conflicts, 4)));
        continue;
      }
      failures += 1;
      unsure ||= made !== undefined;
      if (actionOf(error) !== 'retry' || failures >= maxFailures) throw error;
      await clock.sleep(backoff(failures + 2));
    }
  }
}
