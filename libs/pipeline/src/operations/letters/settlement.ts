import { RevisionConflictError } from '../../errors.js';
import type { JsonObject } from '../../ports/json.js';
import type { StateStore } from '../../ports/state-store.js';
import { parseLines, printLines } from './line-set.js';
import { DEAD_LETTERS } from './read-letters.js';

/** What has become of the letters of one object since. The object itself is never changed: it says what was. */
export interface Settlement {
  /** By sink, the lines that it has acknowledged. */
  readonly acknowledged: ReadonlyMap<string, ReadonlySet<number>>;
  readonly discarded: ReadonlySet<number>;
}

/** The same as it is stored, lines as text. */
interface SettlementItem {
  readonly acknowledged: Readonly<Record<string, string>>;
  readonly discarded: string;
}

const itemKey = (key: string): string => `letters/${key.slice(DEAD_LETTERS.length)}`;
const parse = (value: unknown): SettlementItem => ({ acknowledged: {}, discarded: '', ...(value as Partial<SettlementItem> | undefined) });

export async function readSettlement(state: StateStore, key: string): Promise<Settlement> {
  const { acknowledged, discarded } = parse((await state.get(itemKey(key)))?.value);
  return {
    acknowledged: new Map(Object.entries(acknowledged).map(([sink, lines]) => [sink, parseLines(lines)])),
    discarded: parseLines(discarded),
  };
}

export interface Settled {
  readonly acknowledged?: ReadonlyMap<string, readonly number[]>;
  readonly discarded?: readonly number[];
}

/** Adds to what is settled; nothing is ever taken back, so that doing it again, or at the same time as somebody else, changes nothing. */
export async function settle(state: StateStore, key: string, { acknowledged = new Map(), discarded = [] }: Settled): Promise<void> {
  for (;;) {
    const item = await state.get(itemKey(key));
    const before = parse(item?.value);
    const sinks = { ...before.acknowledged };
    for (const [sink, lines] of acknowledged) sinks[sink] = printLines([...parseLines(sinks[sink] ?? ''), ...lines]);
    const after: SettlementItem = { acknowledged: sinks, discarded: printLines([...parseLines(before.discarded), ...discarded]) };
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    try {
      await state.put(itemKey(key), after as unknown as JsonObject, item?.revision ?? null);
      return;
    } catch (error) {
      if (!(error instanceof RevisionConflictError)) throw error;
    }
  }
}
