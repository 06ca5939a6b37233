import type { ObjectStore, StateStore } from '@loadin/pipeline';
import type { FaultStep } from './fault-options.js';
import type { Faults } from './faults.js';

export function stateStoreWithFaults(store: StateStore, faults: Faults): StateStore {
  return {
    uri: store.uri,
    get: (key) => faults.around({ step: 'state.get', target: key, run: () => store.get(key) }),
    put: (key, value, expected) => faults.around({ step: 'state.put', target: key, run: () => store.put(key, value, expected) }),
    list: (prefix) => listWithFaults('state.list', prefix, () => store.list(prefix), faults),
  };
}

export function objectStoreWithFaults(store: ObjectStore, faults: Faults): ObjectStore {
  return {
    uri: store.uri,
    get: (key) => faults.around({ step: 'objects.get', target: key, run: () => store.get(key) }),
    put: (key, body, options) => faults.around({ step: 'objects.put', target: key, run: () => store.put(key, body, options) }),
    putIfAbsent: (key, body, options) =>
      faults.around({ step: 'objects.putIfAbsent', target: key, run: () => store.putIfAbsent(key, body, options) }),
    list: (prefix) => listWithFaults('objects.list', prefix, () => store.list(prefix), faults),
  };
}

/** One call for the whole listing, before its first entry. */
async function* listWithFaults<Item>(step: FaultStep, prefix: string, list: () => AsyncIterable<Item>, faults: Faults): AsyncGenerator<Item> {
  yield* await faults.around({ step, target: prefix, run: async () => list() });
}
