import type { JsonObject, StateItem, StateStore } from '@loadin/pipeline';
import { FatalError, RevisionConflictError } from '@loadin/pipeline';
import { createFaultInjector, type FaultPlan } from './fault.js';

export interface MemoryStateStoreOptions {
  /** Makes calls fail. Default: none does. */
  readonly fail?: FaultPlan<'get' | 'put'>;
}

export interface MemoryStateStore extends StateStore {
  /** Every put that was carried out, oldest first. */
  readonly history: readonly { readonly key: string; readonly value: JsonObject; readonly revision: string }[];
}

const LARGEST_ITEM = 100 * 1024;

/** The reference StateStore, for tests only: it lives as long as the process does. It passes `stateStoreChecks`. */
export function createMemoryStateStore({ fail }: MemoryStateStoreOptions = {}): MemoryStateStore {
  const items = new Map<string, { text: string; revision: number }>();
  const history: { key: string; value: JsonObject; revision: string }[] = [];
  const inject = createFaultInjector(fail);
  const read = (key: string): StateItem | undefined => {
    const item = items.get(key);
    return item && { value: JSON.parse(item.text) as JsonObject, revision: String(item.revision) };
  };
  return {
    uri: 'memory://state',
    history,
    get: (key) => inject('get', key, () => read(key)),
    put: (key, value, expected) =>
      inject('put', key, () => {
        const text = JSON.stringify(value);
        if (Buffer.byteLength(text) > LARGEST_ITEM) throw new FatalError(`State item ${key} is larger than 100 KB`, { where: 'memory://state' });
        const current = items.get(key);
        if ((current ? String(current.revision) : null) !== expected) {
          throw new RevisionConflictError(`State item ${key} was changed by somebody else`, { where: 'memory://state' });
        }
        const revision = (current?.revision ?? 0) + 1;
        items.set(key, { text, revision });
        history.push({ key, value: JSON.parse(text) as JsonObject, revision: String(revision) });
        return String(revision);
      }),
    async *list(prefix) {
      for (const key of [...items.keys()].sort()) {
        const item = read(key);
        if (key.startsWith(prefix) && item) yield { key, ...item };
      }
    },
  };
}
