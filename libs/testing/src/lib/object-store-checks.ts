import type { ObjectStore } from '@loadin/pipeline';
import { expectSame, expectThat, type Check } from './check.js';

/** Makes the store under test; called once a check. All may share one bucket: every check uses keys of its own. */
export type MakeObjectStore = () => ObjectStore | Promise<ObjectStore>;

export interface ObjectStoreChecksOptions {
  /** Before every key. Default: `kit-{random}/`. */
  readonly keyPrefix?: string;
}

/** What every ObjectStore must do. Run each check as a test of your runner. */
export function objectStoreChecks(
  makeStore: MakeObjectStore,
  { keyPrefix = `kit-${Math.random().toString(36).slice(2)}/` }: ObjectStoreChecksOptions = {},
): Check[] {
  let count = 0;
  const check = (name: string, body: (store: ObjectStore, folder: string) => Promise<void>): Check => {
    const folder = `${keyPrefix}${(count += 1)}/`;
    return { name, run: async () => body(await makeStore(), folder) };
  };
  return [
    check('answers undefined for an object that does not exist', async (store, folder) => {
      expectSame('get', await store.get(`${folder}nothing`), undefined);
    }),
    check('gives back the bytes that were put', async (store, folder) => {
      const bytes = Uint8Array.from({ length: 512 }, (_, index) => index % 256);
      await store.put(`${folder}bytes`, bytes, { contentType: 'application/octet-stream', metadata: { 'run-id': 'a' } });
      expectBytes(await store.get(`${folder}bytes`), bytes);
    }),
    check('holds an empty object', async (store, folder) => {
      await store.put(`${folder}empty`, new Uint8Array());
      expectBytes(await store.get(`${folder}empty`), new Uint8Array());
    }),
    check('replaces an object as a whole', async (store, folder) => {
      await store.put(`${folder}a`, text('a long first version'));
      await store.put(`${folder}a`, text('short'));
      expectBytes(await store.get(`${folder}a`), text('short'));
    }),
    check('does not replace an object with putIfAbsent', async (store, folder) => {
      expectSame('first', await store.putIfAbsent(`${folder}once`, text('first')), { created: true });
      expectSame('second', await store.putIfAbsent(`${folder}once`, text('second')), { created: false });
      expectBytes(await store.get(`${folder}once`), text('first'));
    }),
    check('lets exactly one of many concurrent putIfAbsent create the object', async (store, folder) => {
      const stores = await Promise.all(Array.from({ length: 8 }, () => makeStore()));
      const answers = await Promise.all(stores.map((one, writer) => one.putIfAbsent(`${folder}race`, text(`writer ${writer}`))));
      const winners = answers.flatMap(({ created }, writer) => (created ? [writer] : []));
      expectSame('number of winners', winners.length, 1);
      expectBytes(await store.get(`${folder}race`), text(`writer ${winners[0]}`));
    }),
    check('lists by prefix in the order of UTF-8 bytes, with sizes', async (store, folder) => {
      const keys = ['b', 'a/2', 'a/10', 'a', 'a!', '\uFF5E', '\u{1F3A4}', 'é', 'Z'];
      for (const key of keys) await store.put(`${folder}list/${key}`, text(key));
      await store.put(`${folder}listing`, text('not under the folder'));
      const expected = keys.map((key) => ({ key: `${folder}list/${key}`, size: Buffer.byteLength(key) }));
      expected.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
      expectSame('listing', await listed(store, `${folder}list/`), expected);
    }),
    check('lists nothing where nothing is', async (store, folder) => {
      expectSame('listing', await listed(store, `${folder}none/`), []);
    }),
    check('has a URI for messages', async (store) => {
      expectThat(/^[a-z0-9]+:\/\/\S*[^/]$/.test(store.uri), `uri is "${store.uri}": expected scheme://place without a slash at its end`);
    }),
  ];
}

const text = (content: string): Uint8Array => Buffer.from(content);

async function listed(store: ObjectStore, prefix: string): Promise<{ key: string; size: number }[]> {
  const found = [];
  for await (const { key, size } of store.list(prefix)) found.push({ key, size });
  return found;
}

function expectBytes(found: Uint8Array | undefined, expected: Uint8Array): void {
  expectThat(found !== undefined, 'expected an object, found none');
  expectSame('content', Buffer.from(found ?? []).toString('hex'), Buffer.from(expected).toString('hex'));
}
