import { FatalError, RevisionConflictError, type JsonObject, type StateStore } from '@loadin/pipeline';
import { expectSame, expectThat, failureOf, type Check } from './check.js';

/** Makes the store under test; called once a check. All may share one table or bucket: every check uses keys of its own. */
export type MakeStateStore = () => StateStore | Promise<StateStore>;

export interface StateStoreChecksOptions {
  /** Before every key, so that a run of the kit doesn't meet what an earlier one left. Default: `kit-{random}/`. */
  readonly keyPrefix?: string;
}

/** What every StateStore must do. Run each check as a test of your runner. */
export function stateStoreChecks(
  makeStore: MakeStateStore,
  { keyPrefix = `kit-${Math.random().toString(36).slice(2)}/` }: StateStoreChecksOptions = {},
): Check[] {
  let count = 0;
  const check = (name: string, body: (store: StateStore, key: string) => Promise<void>): Check => {
    const key = `${keyPrefix}${(count += 1)}-item`;
    return { name, run: async () => body(await makeStore(), key) };
  };
  return [
    check('answers undefined for an item that does not exist', async (store, key) => {
      expectSame('get', await store.get(key), undefined);
    }),
    check('gives back what was put, with the revision that put answered', async (store, key) => {
      const revision = await store.put(key, SAMPLE, null);
      expectThat(typeof revision === 'string' && revision !== '', 'put must answer a revision');
      expectSame('get', await store.get(key), { value: SAMPLE, revision });
    }),
    check('shows a write to another client at once', async (store, key) => {
      const other = await makeStore();
      await store.put(key, { n: 1 }, null);
      expectSame('value that the other client reads', (await other.get(key))?.value, { n: 1 });
    }),
    check('changes the revision with every write, the same value included', async (store, key) => {
      const revisions = [await store.put(key, { n: 1 }, null)];
      for (let round = 0; round < 3; round += 1) revisions.push(await store.put(key, { n: 1 }, revisions.at(-1) ?? null));
      expectSame('number of different revisions', new Set(revisions).size, 4);
    }),
    check('creates an item only when there is none', async (store, key) => {
      await store.put(key, { owner: 'first' }, null);
      expectConflict(await failureOf('a second creation', () => store.put(key, { owner: 'second' }, null)));
      expectSame('value', (await store.get(key))?.value, { owner: 'first' });
    }),
    check('refuses a revision that is not the current one any more', async (store, key) => {
      const old = await store.put(key, { n: 1 }, null);
      const current = await store.put(key, { n: 2 }, old);
      expectConflict(await failureOf('a put with an old revision', () => store.put(key, { n: 99 }, old)));
      expectSame('item', await store.get(key), { value: { n: 2 }, revision: current });
    }),
    check('refuses to change an item that does not exist', async (store, key) => {
      const other = `${key}-other`;
      const revision = await store.put(other, { n: 1 }, null);
      expectConflict(await failureOf('a put with a revision of nothing', () => store.put(key, { n: 2 }, revision)));
      expectSame('get', await store.get(key), undefined);
    }),
    check('lets exactly one of many concurrent writers win', async (store, key) => {
      const stores = await Promise.all(Array.from({ length: 8 }, () => makeStore()));
      const first = await store.put(key, { writer: -1 }, null);
      const results = await Promise.allSettled(stores.map((one, writer) => one.put(key, { writer }, first)));
      const winners = results.flatMap((result, writer) => (result.status === 'fulfilled' ? [{ value: { writer }, revision: result.value }] : []));
      expectSame('number of winners', winners.length, 1);
      expectSame('item', await store.get(key), winners[0]);
      for (const result of results) if (result.status === 'rejected') expectConflict(result.reason);
    }),
    check('counts to 30 with several writers that read, add one and put', async (store, key) => {
      await store.put(key, { n: 0 }, null);
      await Promise.all(Array.from({ length: 3 }, async () => countUp(await makeStore(), key, 10)));
      expectSame('value', (await store.get(key))?.value, { n: 30 });
    }),
    check('keeps items apart whose keys begin alike', async (store, key) => {
      await store.put(`${key}/a`, { n: 1 }, null);
      await store.put(`${key}/ab`, { n: 2 }, null);
      await store.put(`${key}/a/b`, { n: 3 }, null);
      expectSame(
        'values',
        [(await store.get(`${key}/a`))?.value, (await store.get(`${key}/ab`))?.value, (await store.get(`${key}/a/b`))?.value],
        [{ n: 1 }, { n: 2 }, { n: 3 }],
      );
    }),
    check('lists keys, values and revisions under a prefix', async (store, key) => {
      const revision = await store.put(`${key}/list/a:1`, { n: 1 }, null);
      await store.put(`${key}/list/b`, { n: 2 }, null);
      await store.put(`${key}/other`, { n: 3 }, null);
      const found = [];
      for await (const item of store.list(`${key}/list/`)) found.push(item);
      found.sort((a, b) => (a.key < b.key ? -1 : 1));
      expectSame(
        'keys',
        found.map((item) => item.key),
        [`${key}/list/a:1`, `${key}/list/b`],
      );
      expectSame(
        'values',
        found.map((item) => item.value),
        [{ n: 1 }, { n: 2 }],
      );
      expectSame('revision', found[0]?.revision, revision);
    }),
    check('holds 90 KB in an item', async (store, key) => {
      const value = { text: 'é'.repeat(45_000) };
      await store.put(key, value, null);
      expectSame('value', (await store.get(key))?.value, value);
    }),
    check('refuses more than 100 KB with a FatalError and writes nothing', async (store, key) => {
      const error = await failureOf('a put of 120 KB', () => store.put(key, { text: 'x'.repeat(120_000) }, null));
      expectThat(error instanceof FatalError, `expected a FatalError, found ${String(error)}`);
      expectSame('get', await store.get(key), undefined);
    }),
  ];
}

const SAMPLE: JsonObject = {
  text: 'Beyoncé 🎤 "quoted"\n',
  integer: 9_007_199_254_740_991,
  fraction: 0.1,
  nothing: null,
  yes: true,
  list: [1, 'two', [3], {}],
  nested: { empty: {}, value: { deep: '' } },
};

function expectConflict(error: unknown): void {
  expectThat(error instanceof RevisionConflictError, `expected a RevisionConflictError, found ${String(error)}`);
}

async function countUp(store: StateStore, key: string, times: number): Promise<void> {
  for (let done = 0; done < times;) {
    const item = await store.get(key);
    if (!item) throw new Error(`${key} disappeared`);
    try {
      await store.put(key, { n: Number(item.value['n']) + 1 }, item.revision);
      done += 1;
    } catch (error) {
      expectConflict(error);
    }
  }
}
