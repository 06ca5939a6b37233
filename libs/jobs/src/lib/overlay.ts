import { FatalError, type JsonObject, type ObjectStore, RevisionConflictError, type StateItem, type StateStore } from '@loadin/pipeline';

/** The same limit as that of the stores: a dry run must not promise what a run can't keep. */
const LARGEST_ITEM = 100 * 1024;

/** A state store that sees what is there and keeps what is written to itself: for dry runs. */
export function overlayStateStore(base: StateStore): StateStore {
  const written = new Map<string, { text: string; revision: number }>();
  const ownItem = (key: string): StateItem | undefined => {
    const own = written.get(key);
    return own && { value: JSON.parse(own.text) as JsonObject, revision: `dry-${own.revision}` };
  };
  const get = async (key: string): Promise<StateItem | undefined> => {
    const there = ownItem(key) ?? (await base.get(key));
    return ownItem(key) ?? there; // somebody may have written while the base was asked
  };
  return {
    uri: base.uri,
    get,
    async put(key, value, expected) {
      const text = JSON.stringify(value);
      if (Buffer.byteLength(text) > LARGEST_ITEM) throw new FatalError(`the state item ${key} is larger than 100 KB`, { where: base.uri });
      const current = (await get(key))?.revision ?? null;
      // From here on nothing waits: of two writers that looked at the same time, the second one finds the first one's item.
      if ((ownItem(key)?.revision ?? current) !== expected)
        throw new RevisionConflictError(`the state item ${key} was changed in between`, { where: base.uri });
      const revision = (written.get(key)?.revision ?? 0) + 1;
      written.set(key, { text, revision });
      return `dry-${revision}`;
    },
    async *list(prefix) {
      const shown = new Set<string>();
      for await (const item of base.list(prefix)) {
        shown.add(item.key);
        yield { ...item, ...ownItem(item.key) };
      }
      for (const key of written.keys()) {
        const own = key.startsWith(prefix) && !shown.has(key) ? ownItem(key) : undefined;
        if (own !== undefined) yield { key, ...own };
      }
    },
  };
}

/** The same for objects. Held in memory: a dry run is meant for a look at a job, not for a year of history. */
export function overlayObjectStore(base: ObjectStore): ObjectStore {
  const written = new Map<string, Uint8Array>();
  const copy = (body: Uint8Array | undefined): Uint8Array | undefined => body && Uint8Array.from(body);
  return {
    uri: base.uri,
    async putIfAbsent(key, body) {
      const own = Uint8Array.from(body);
      if (written.has(key) || (await base.get(key)) !== undefined || written.has(key)) return { created: false };
      written.set(key, own);
      return { created: true };
    },
    async put(key, body) {
      written.set(key, Uint8Array.from(body));
    },
    get: async (key) => copy(written.get(key)) ?? base.get(key),
    async *list(prefix) {
      const own = new Map([...written].filter(([key]) => key.startsWith(prefix)).map(([key, body]) => [key, body.length]));
      for await (const { key, size } of base.list(prefix)) if (!own.has(key)) own.set(key, size);
      const inOrder = [...own].map(([key, size]) => ({ key, size, bytes: Buffer.from(key) })).sort((a, b) => Buffer.compare(a.bytes, b.bytes));
      for (const { key, size } of inOrder) yield { key, size };
    },
  };
}
