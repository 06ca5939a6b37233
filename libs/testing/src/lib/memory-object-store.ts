import type { ObjectStore, PutOptions } from '@loadin/pipeline';
import { createFaultInjector, type FaultPlan } from './fault.js';

export interface MemoryObjectStoreOptions {
  /** Default: `memory://objects`. */
  readonly uri?: string;
  /** Makes calls fail. Default: none does. */
  readonly fail?: FaultPlan<'putIfAbsent' | 'put' | 'get'>;
}

export interface StoredObject {
  readonly body: Uint8Array;
  readonly options: PutOptions;
  /** How often the key was written (a refused `putIfAbsent` doesn't count). */
  readonly writes: number;
}

export interface MemoryObjectStore extends ObjectStore {
  readonly objects: ReadonlyMap<string, StoredObject>;
  /** The object as UTF-8 text; throws when there is none. */
  text(key: string): string;
}

/** The reference ObjectStore, for tests only. It passes `objectStoreChecks`. */
export function createMemoryObjectStore({ uri = 'memory://objects', fail }: MemoryObjectStoreOptions = {}): MemoryObjectStore {
  const objects = new Map<string, StoredObject>();
  const inject = createFaultInjector(fail);
  const store = (key: string, body: Uint8Array, options: PutOptions): void => {
    objects.set(key, { body: Uint8Array.from(body), options, writes: (objects.get(key)?.writes ?? 0) + 1 });
  };
  return {
    uri,
    objects,
    text(key) {
      const object = objects.get(key);
      if (!object) throw new Error(`No object ${key} in ${uri}`);
      return Buffer.from(object.body).toString('utf8');
    },
    putIfAbsent: (key, body, options = {}) =>
      inject('putIfAbsent', key, () => {
        if (objects.has(key)) return { created: false };
        store(key, body, options);
        return { created: true };
      }),
    put: (key, body, options = {}) => inject('put', key, () => store(key, body, options)),
    get: (key) =>
      inject('get', key, () => {
        const object = objects.get(key);
        return object && Uint8Array.from(object.body);
      }),
    async *list(prefix) {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix));
      for (const key of keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
        yield { key, size: objects.get(key)?.body.byteLength ?? 0 };
      }
    },
  };
}
