import { LoadinError, oneLine, type StateStore } from '@loadin/pipeline';
import { expectSame, expectThat, failureOf, type Check } from '../check.js';
import { expectConflict } from './conflict.js';
import type { MakeStateCheck, MakeStateStore } from './make-state-store.js';

/** Compare and set: nobody's write is lost, whoever writes at the same time. */
export function revisionChecks(check: MakeStateCheck, makeStore: MakeStateStore): Check[] {
  return [
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
    check('refuses an old revision although the value is the same again', async (store, key) => {
      const old = await store.put(key, { n: 1 }, null);
      const middle = await store.put(key, { n: 2 }, old);
      const current = await store.put(key, { n: 1 }, middle);
      expectConflict(await failureOf('a put with the revision of long ago', () => store.put(key, { n: 99 }, old)));
      expectSame('item', await store.get(key), { value: { n: 1 }, revision: current });
    }),
    check('lets exactly one of many concurrent creators win', async (_store, key) => {
      const stores = await Promise.all(Array.from({ length: 8 }, () => makeStore()));
      const results = await Promise.allSettled(stores.map((one, creator) => one.put(key, { creator }, null)));
      const winners = results.flatMap((result, creator) => (result.status === 'fulfilled' ? [{ value: { creator }, revision: result.value }] : []));
      expectSame('number of winners', winners.length, 1);
      expectSame('item', await stores[0]?.get(key), winners[0]);
      for (const result of results) if (result.status === 'rejected') expectConflict(result.reason);
    }),
    check('lets the loser read and write again', async (store, key) => {
      const old = await store.put(key, { n: 1 }, null);
      await store.put(key, { n: 2 }, old);
      expectConflict(await failureOf('a put with an old revision', () => store.put(key, { n: 3 }, old)));
      const item = await store.get(key);
      const revision = await store.put(key, { n: 3 }, item?.revision ?? null);
      expectSame('item', await store.get(key), { value: { n: 3 }, revision });
    }),
    check('says of a conflict in one line where it was, and that the run can go on later', async (store, key) => {
      await store.put(key, { secret: 'kit-value' }, null);
      const error = await failureOf('a second creation', () => store.put(key, { secret: 'kit-value' }, null));
      expectConflict(error);
      expectSame('action', (error as LoadinError).action, 'stop');
      const line = oneLine(error);
      expectThat(line.includes(key) || line.includes(store.uri), `it must name the item or the store: ${line}`);
      expectThat(!line.includes('kit-value'), 'it must not show the value');
    }),
  ];
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
