import { type JsonObject, type ObjectStore, RevisionConflictError, type StateItem, type StateStore } from '@loadin/pipeline';

/** A state store that sees what is there and keeps what is written to itself: for dry runs. */
export function overlayStateStore(base: StateStore): StateStore {
  const written = new Map<string, { value: JsonObject; revision: number }>();
  const get = async (key: string): Promise<StateItem | undefined> => {
    const own = written.get(key);
    return own === undefined ? base.get(key) : { value: own.value, revision: `dry-${own.revision}` };
  };
  return {
    uri: base.uri,
    get,
    async put(key, value, expected) {
      const current = (await get(key))?.revision ?? null;
      if (current !== expected) throw new RevisionConflictError(`the state item ${key} was changed in between`, { where: base.uri });
      const revision = (written.get(key)?.revision ?? 0) + 1;
      written.set(key, { value, revision });
      return `dry-${revision}`;
    },
    list: (prefix) => base.list(prefix),
  };
}

/** The same for objects. Held in memory: a dry run is meant for a look at a job, not for a year of history. */
export function overlayObjectStore(base: ObjectStore): ObjectStore {
  const written = new Map<string, Uint8Array>();
  return {
    uri: base.uri,
    async putIfAbsent(key, body) {
      if (written.has(key) || (await base.get(key)) !== undefined) return { created: false };
      written.set(key, body);
      return { created: true };
    },
    async put(key, body) {
      written.set(key, body);
    },
    get: async (key) => written.get(key) ?? base.get(key),
    list: (prefix) => base.list(prefix),
  };
}
