import { FatalError, type JsonObject } from '@loadin/pipeline';
import { expectSame, expectThat, failureOf, type Check } from '../check.js';
import type { MakeStateCheck } from './make-state-store.js';

/** Items come back as they were put, and only they. */
export function itemChecks(check: MakeStateCheck): Check[] {
  return [
    check('answers undefined for an item that does not exist', async (store, key) => {
      expectSame('get', await store.get(key), undefined);
    }),
    check('gives back what was put, with the revision that put answered', async (store, key) => {
      const revision = await store.put(key, SAMPLE, null);
      expectThat(typeof revision === 'string' && revision !== '', 'put must answer a revision');
      expectSame('get', await store.get(key), { value: SAMPLE, revision });
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
    check('keeps nothing in common with what it was given and what it gave', async (store, key) => {
      const given = { list: [1] };
      await store.put(key, given, null);
      given.list.push(2);
      const first = await store.get(key);
      (first?.value['list'] as number[] | undefined)?.push(3);
      expectSame('value', (await store.get(key))?.value, { list: [1] });
    }),
    check('has a URI for messages', async (store) => {
      expectThat(/^[a-z0-9]+:\/\/\S+$/.test(store.uri), `uri is "${store.uri}": expected scheme://place`);
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
