import { LoadinError, RevisionConflictError } from '@loadin/pipeline';
import { expectSame, expectThat, failureOf, type Check } from '../check.js';
import { expectConflict } from './conflict.js';
import type { MakeStateCheck, MakeStateStore, StateService } from './make-state-store.js';

/** What a store does when its service misbehaves. */
export function serviceChecks(check: MakeStateCheck, makeStore: MakeStateStore, service: StateService): Check[] {
  return [
    check('counts its own creation as a success although the answer was lost', async (store, key) => {
      await service('lost-answer');
      const revision = await store.put(key, { n: 1 }, null);
      expectSame('item', await store.get(key), { value: { n: 1 }, revision });
    }),
    check('counts its own change as a success although the answer was lost, and nobody else’s', async (store, key) => {
      const first = await store.put(key, { n: 1 }, null);
      await service('lost-answer');
      const second = await store.put(key, { n: 2 }, first);
      expectSame('item', await store.get(key), { value: { n: 2 }, revision: second });
      const other = await makeStore();
      expectConflict(await failureOf('the same change by another', () => other.put(key, { n: 2 }, first)));
    }),
    check('counts to 12 with two writers whose answers are lost now and then', async (store, key) => {
      await store.put(key, { n: 0 }, null);
      const other = await makeStore();
      for (let done = 0; done < 12; done += 1) {
        if (done % 4 === 1) await service('lost-answer');
        const writer = done % 2 === 0 ? store : other;
        const item = await writer.get(key);
        await writer.put(key, { n: Number(item?.value['n']) + 1 }, item?.revision ?? null);
      }
      expectSame('value', (await store.get(key))?.value, { n: 12 });
    }),
    check('throws an error of Loadin while the service fails, with the item as it was, and writes later', async (store, key) => {
      const revision = await store.put(key, { n: 1 }, null);
      await service('error');
      const error = await failureOf('a put while the service fails', () => store.put(key, { n: 2 }, revision));
      await service('none');
      expectThat(error instanceof LoadinError, `expected an error of Loadin, found ${String(error)}`);
      expectThat(!(error instanceof RevisionConflictError), 'a service that fails is no conflict');
      expectSame('item', await store.get(key), { value: { n: 1 }, revision });
      await store.put(key, { n: 2 }, revision);
    }),
  ];
}
