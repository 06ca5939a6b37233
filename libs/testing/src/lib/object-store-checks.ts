import { LoadinError, type ObjectStore } from '@loadin/pipeline';
import { expectSame, expectThat, failureOf, type Check } from './check.js';

/** Makes the store under test; called once a check. All may share one bucket: every check uses keys of its own. */
export type MakeObjectStore = () => ObjectStore | Promise<ObjectStore>;

export interface ObjectStoreChecksOptions {
  /** Before every key. Default: `kit-{random}/`. */
  readonly keyPrefix?: string;
  /**
   * Makes the store's service misbehave with writes. `lost-answer`: the next one is carried out and its answer lost · `error`: all of them fail until
   * `none`, and nothing is written. The checks of both are added. Default: left out.
   */
  readonly service?: (fault: 'lost-answer' | 'error' | 'none') => void | Promise<void>;
}

/** What every ObjectStore must do. Run each check as a test of your runner. */
export function objectStoreChecks(
  makeStore: MakeObjectStore,
  { keyPrefix = `kit-${Math.random().toString(36).slice(2)}/`, service }: ObjectStoreChecksOptions = {},
): Check[] {
  let count = 0;
  const check: MakeCheck = (name, body) => {
    const folder = `${keyPrefix}${(count += 1)}/`;
    return { name, run: async () => body(await makeStore(), folder) };
  };
  return [...wholeObjectChecks(check), ...sharedChecks(check, makeStore), ...(service === undefined ? [] : serviceChecks(check, service))];
}

type MakeCheck = (name: string, body: (store: ObjectStore, folder: string) => Promise<void>) => Check;

/** Objects come back whole, or not at all. */
function wholeObjectChecks(check: MakeCheck): Check[] {
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
    check('holds 6 MB, and keeps nothing in common with what it was given and what it gave', async (store, folder) => {
      const bytes = new Uint8Array(6_000_000).fill(7);
      await store.put(`${folder}large`, bytes);
      bytes.fill(0);
      const found = await store.get(`${folder}large`);
      expectThat(found?.byteLength === 6_000_000 && found.every((byte) => byte === 7), 'the object is not what was put');
      found?.fill(1);
      expectThat((await store.get(`${folder}large`))?.[0] === 7, 'a change of what get gave has changed the object');
    }),
  ];
}

/** Several writers, and what a listing shows. */
function sharedChecks(check: MakeCheck, makeStore: MakeObjectStore): Check[] {
  return [
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

/** What a store does when its service misbehaves. */
function serviceChecks(check: MakeCheck, service: NonNullable<ObjectStoreChecksOptions['service']>): Check[] {
  return [
    check('counts its own putIfAbsent as created although the answer was lost', async (store, folder) => {
      await service('lost-answer');
      expectSame('answer', await store.putIfAbsent(`${folder}mine`, text('mine')), { created: true });
      expectBytes(await store.get(`${folder}mine`), text('mine'));
    }),
    check('throws an error of Loadin while the service fails, with nothing written, and writes later', async (store, folder) => {
      for (const write of ['put', 'putIfAbsent'] as const) {
        await service('error');
        const error = await failureOf(`${write} while the service fails`, async () => store[write](`${folder}${write}`, text('a')));
        await service('none');
        expectThat(error instanceof LoadinError, `expected an error of Loadin, found ${String(error)}`);
        expectSame('get', await store.get(`${folder}${write}`), undefined);
        await store[write](`${folder}${write}`, text('b'));
        expectBytes(await store.get(`${folder}${write}`), text('b'));
      }
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
