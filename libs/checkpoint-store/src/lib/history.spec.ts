import { RevisionConflictError, type JsonObject, type StateStore } from '@loadin/pipeline';
import { createManualClock, createMemoryStateStore, stateStoreChecks, type MemoryStateStoreOptions } from '@loadin/testing';
import { editCheckpoint, resetCheckpoint, restoreCheckpoint, withFields } from './edit-checkpoint.js';
import { withCheckpointHistory } from './history.js';

const KEY = 'checkpoint/daily/spotify.artists';
const NOW = '2024-02-01T00:00:00Z';
const day = (number: number, more: JsonObject = {}): JsonObject => ({
  last_sync_timestamp: `2024-01-${String(number).padStart(2, '0')}T02:00:00Z`,
  record_count: number,
  updated_at: `2024-01-${String(number).padStart(2, '0')}T02:05:00Z`,
  ...more,
});

function createWorld(fail?: MemoryStateStoreOptions['fail'], keep?: number) {
  const base = createMemoryStateStore({ fail });
  const store = withCheckpointHistory(base, { clock: createManualClock(Date.parse(NOW)), ...(keep !== undefined && { keep }) });
  const revs = async () => (await store.history(KEY)).map(({ rev, value }) => [rev, value['record_count']]);
  const move = async (value: JsonObject): Promise<string> => store.put(KEY, value, (await base.get(KEY))?.revision ?? null);
  return { base, store, revs, move };
}

describe('a state store with history', () => {
  const shared = createMemoryStateStore();
  it.each(stateStoreChecks(() => withCheckpointHistory(shared), { keyPrefix: 'checkpoint/kit/' }))('$name', ({ run }) => run());

  it('keeps the last 20 states of a checkpoint, oldest first', async () => {
    const { revs, move, store } = createWorld();
    for (let number = 1; number <= 25; number += 1) await move(day(number));
    expect(await revs()).toEqual(Array.from({ length: 20 }, (_, n) => [n + 6, n + 6]));
    expect((await store.history(KEY)).at(-1)).toEqual({ rev: 25, at: NOW, before: '24', value: day(25) });
    expect(await store.history('checkpoint/daily/other')).toEqual([]);
  });

  it('keeps fewer of large states, within the size of an item', async () => {
    const { revs, move } = createWorld();
    for (let number = 1; number <= 5; number += 1) await move(day(number, { cursor_key: 'x'.repeat(40_000) }));
    expect(await revs()).toEqual([
      [4, 4],
      [5, 5],
    ]);
  });

  it('keeps none of other items', async () => {
    const { store, base } = createWorld();
    await store.put('run/1', { n: 1 }, null);
    expect(base.history.map(({ key }) => key)).toEqual(['run/1']);
  });

  it('writes the state down before the checkpoint moves', async () => {
    const { base, move } = createWorld();
    await move(day(1));
    expect(base.history.map(({ key }) => key)).toEqual([`history/${KEY}`, KEY]);
  });

  it.each([
    [1, 'before'],
    [1, 'after'],
    [2, 'before'],
    [2, 'after'],
  ] as const)('has exactly the states that were current when a process dies at write %s (%s it was carried out)', async (write, when) => {
    let writes = Number.NEGATIVE_INFINITY;
    const { revs, move, base } = createWorld((operation) =>
      operation === 'put' && (writes += 1) === write ? { error: new Error('killed'), when } : undefined,
    );
    await move(day(1));
    writes = 0;
    await expect(move(day(2))).rejects.toThrow('killed');
    writes = Number.NEGATIVE_INFINITY;
    const moved = (await base.get(KEY))?.value['record_count'] === 2;
    expect(moved).toBe(write === 2 && when === 'after');
    expect(await revs()).toEqual(
      moved
        ? [
            [1, 1],
            [2, 2],
          ]
        : [[1, 1]],
    );
    await move(day(3));
    expect(await revs()).toEqual(
      moved
        ? [
            [1, 1],
            [2, 2],
            [3, 3],
          ]
        : [
            [1, 1],
            [2, 3],
          ],
    );
  });

  it('has the winner alone when two move it at once', async () => {
    const { revs, store, move } = createWorld();
    const first = await move(day(1));
    const outcomes = await Promise.allSettled([store.put(KEY, day(2), first), store.put(KEY, day(3), first), store.put(KEY, day(4), first)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(RevisionConflictError);
    const winner = (await store.get(KEY))?.value['record_count'];
    expect((await revs()).map(([, count]) => count)).toEqual([1, winner]);
    await move(day(9));
    expect((await revs()).map(([, count]) => count)).toEqual([1, winner, 9]);
  });

  it('keeps what somebody wrote beside it, and what was there before there was a history', async () => {
    const { base, store, move } = createWorld();
    const first = await base.put(KEY, day(1), null);
    expect(await store.history(KEY)).toEqual([{ rev: 1, at: NOW, before: null, value: day(1), found: true }]);
    await store.put(KEY, day(2), first);
    await base.put(KEY, day(3), '2');
    await move(day(4));
    expect((await store.history(KEY)).map(({ rev, value, found }) => [rev, value['record_count'], found])).toEqual([
      [1, 1, true],
      [2, 2, undefined],
      [3, 3, true],
      [4, 4, undefined],
    ]);
  });

  it('goes on behind what it has when the checkpoint was deleted and begins anew, with the same revisions', async () => {
    const histories = createMemoryStateStore();
    let checkpoints = createMemoryStateStore();
    const of = (key: string) => (key.startsWith('history/') ? histories : checkpoints);
    const base: StateStore = {
      uri: 'memory://both',
      get: (key) => of(key).get(key),
      put: (key, value, expected) => of(key).put(key, value, expected),
      list: (prefix) => of(prefix).list(prefix),
    };
    const store = withCheckpointHistory(base, { clock: createManualClock(Date.parse(NOW)) });
    const moveTo = async (number: number) => store.put(KEY, day(number), (await base.get(KEY))?.revision ?? null);
    const revs = async () => (await store.history(KEY)).map(({ rev, value }) => [rev, value['record_count']]);
    const expected: [number, number][] = [];
    for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) {
      if (number === 4 || number === 7) checkpoints = createMemoryStateStore();
      await moveTo(number);
      expected.push([number, number]);
      expect(await revs()).toEqual(expected);
    }
  });
});

describe('editing a checkpoint', () => {
  const options = { now: NOW };
  const set =
    (...pairs: string[]) =>
    (current: JsonObject) =>
      withFields(current, pairs);

  it('changes the fields that are named and keeps all others, known or not', async () => {
    const { store, move } = createWorld();
    await move(day(5, { owner: 'team b', run_id: 'r1' }));
    expect((await editCheckpoint(store, KEY, set('record_count=6'), options)).after).toMatchObject({ run_id: 'r1', owner: 'team b' });
    const edited = await editCheckpoint(store, KEY, set('last_sync_timestamp=2024-01-06 10:00', 'record_count=7'), options);
    // No run has left it at this time.
    expect(edited.after).toEqual({ last_sync_timestamp: '2024-01-06T10:00Z', record_count: 7, updated_at: NOW, owner: 'team b' });
    expect((await store.get(KEY))?.value).toEqual(edited.after);
  });

  it('drops the key part of the cursor with the time that it belongs to, unless both are given', async () => {
    const { store, move } = createWorld();
    await move(day(5, { cursor_key: 812 }));
    expect((await editCheckpoint(store, KEY, set('record_count=6'), options)).after['cursor_key']).toBe(812);
    expect((await editCheckpoint(store, KEY, set('last_sync_timestamp=2024-01-07'), options)).after).not.toHaveProperty('cursor_key');
    const both = await editCheckpoint(store, KEY, set('last_sync_timestamp=2024-01-08', 'cursor_key=5'), options);
    expect(both.after).toMatchObject({ last_sync_timestamp: '2024-01-08T00:00:00Z', cursor_key: 5 });
  });

  describe('of an incremental stream', () => {
    const at = '2024-01-05T02:00:00.123456Z';
    const byTime = day(5, { last_sync_timestamp: at, cursor: '2024-01-05 03:00:00.123456+01', cursor_key: ['42'], run_id: 'r1' });
    const known = { intervals: [{ from: [at, '42'], to: ['2024-01-06T00:00:00Z'] }], intervals_of: [at, '42'] };
    const byNumber = day(5, { cursor: '900', intervals: [{ from: ['900'], to: ['950'] }], intervals_of: ['900'] });
    const edit = async (before: JsonObject, pairs: readonly string[], force = false): Promise<JsonObject> => {
      const { store, move } = createWorld();
      await move(before);
      return (await editCheckpoint(store, KEY, set(...pairs), { ...options, force })).after;
    };

    it('moves the cursor with its time, and forgets the key and what is known beyond it', async () => {
      expect(await edit({ ...byTime, ...known }, ['last_sync_timestamp=2024-01-07'])).toEqual({
        last_sync_timestamp: '2024-01-07T00:00:00Z',
        cursor: '2024-01-07',
        record_count: 5,
        updated_at: NOW,
        run_id: 'r1',
      });
    });

    it('moves the time with its cursor, with a key when that is given too', async () => {
      const moved = await edit(byTime, ['cursor=2024-01-07 01:00:00+01', 'cursor_key=["7"]']);
      expect(moved).toMatchObject({ last_sync_timestamp: '2024-01-07T00:00:00Z', cursor: '2024-01-07 01:00:00+01', cursor_key: ['7'] });
    });

    it('keeps the cursor where it stays: then only the key is read again from the beginning', async () => {
      expect(await edit({ ...byTime, ...known }, ['cursor_key=[]'])).toMatchObject({ cursor: byTime['cursor'], cursor_key: [] });
    });

    it('moves a number by itself, beside the time of the run', async () => {
      const moved = await edit(byNumber, ['cursor="1000"']);
      expect(moved).toMatchObject({ last_sync_timestamp: byNumber['last_sync_timestamp'], cursor: '1000' });
      expect(moved).not.toHaveProperty('intervals');
      expect(await edit(byNumber, ['last_sync_timestamp=2024-01-07'])).toMatchObject({ cursor: '900' });
    });

    it.each([
      [byTime, 'last_sync_timestamp=2024-01-05T02:00:00.123455Z', 'backward, from 2024-01-05T02:00:00.123456Z to 2024-01-05T02:00:00.123455Z'],
      [byTime, 'cursor=2024-01-05', 'would go backward'],
      [byTime, 'cursor=null', 'would be empty'],
      [byNumber, 'cursor=90', 'The checkpoint would go backward, from 900 to 90'],
      [byNumber, 'cursor=null', 'would be empty'],
      [byNumber, 'cursor={}', 'cursor is {}; it must be text'],
      [byTime, 'cursor_key=[null]', 'cursor_key is [null]; it must be a list of texts'],
      [byTime, 'cursor=soon', 'last_sync_timestamp is "soon"'],
    ])('refuses what reads again, or is none (%#: %s)', async (before, pair, message) => {
      await expect(edit(before, [pair])).rejects.toThrow(message);
    });

    it('goes backward when it is forced, and takes a text for the order that its characters have', async () => {
      expect(await edit(byNumber, ['cursor=90'], true)).toMatchObject({ cursor: 90 });
      expect(await edit(day(5, { cursor: 'b' }), ['cursor=c'])).toMatchObject({ cursor: 'c' });
      await expect(edit(day(5, { cursor: 'b' }), ['cursor=a'])).rejects.toThrow('from b to a');
    });

    it('restores a state as it was, with its key and what was known beyond it', async () => {
      const { store, move } = createWorld();
      await move({ ...byTime, ...known });
      await move({ ...byTime, last_sync_timestamp: '2024-01-08T00:00:00Z', cursor: '2024-01-08' });
      expect((await restoreCheckpoint(store, KEY, 1, { ...options, force: true })).after).toEqual({ ...byTime, ...known, updated_at: NOW });
    });
  });

  it.each([
    ['last_sync_timestamp=yesterday', 'last_sync_timestamp is "yesterday"; it must be a time'],
    ['last_sync_timestamp=2024-02-30', 'last_sync_timestamp is "2024-02-30"'],
    ['record_count=-1', 'record_count is -1; it must be a whole number'],
    ['record_count', '"record_count" is not field=value'],
    ['last_sync_timestamp=null', 'The checkpoint would be empty'],
    ['last_sync_timestamp=2024-01-04', 'The checkpoint would go backward, from 2024-01-05T02:00:00Z to 2024-01-04T00:00:00Z'],
  ])('refuses %s and writes nothing', async (pair, message) => {
    const { store, move, base } = createWorld();
    await move(day(5));
    const writes = base.history.length;
    await expect(editCheckpoint(store, KEY, set(pair), options)).rejects.toThrow(message);
    expect(base.history).toHaveLength(writes);
  });

  it('empties it, moves it backward, or makes one when it is forced', async () => {
    const { store, move } = createWorld();
    await expect(editCheckpoint(store, KEY, set('last_sync_timestamp=2024-01-04'), options)).rejects.toThrow('There is no such checkpoint');
    await editCheckpoint(store, KEY, set('last_sync_timestamp=2024-01-04'), { ...options, force: true });
    await move(day(5));
    await editCheckpoint(store, KEY, set('last_sync_timestamp=2024-01-02'), { ...options, force: true });
    await editCheckpoint(store, KEY, set('last_sync_timestamp=null'), { ...options, force: true });
    expect((await store.history(KEY)).map(({ value }) => value['last_sync_timestamp'])).toEqual([
      '2024-01-04T00:00:00Z',
      '2024-01-05T02:00:00Z',
      '2024-01-02T00:00:00Z',
      null,
    ]);
  });

  it('writes nothing when nothing changes', async () => {
    const { store, move, base } = createWorld();
    await move(day(5));
    const writes = base.history.length;
    expect(await editCheckpoint(store, KEY, set('record_count=5'), options)).toMatchObject({ unchanged: true });
    expect(base.history).toHaveLength(writes);
  });

  it('says that a run has moved it meanwhile', async () => {
    const { store, move } = createWorld();
    await move(day(5));
    const meanwhile = async (current: JsonObject): Promise<JsonObject> => (await move(day(6)), { ...current, record_count: 0 });
    await expect(editCheckpoint(store, KEY, meanwhile, options)).rejects.toThrow('The checkpoint has moved while it was edited');
    expect((await store.get(KEY))?.value).toEqual(day(6));
  });

  it('restores a revision of its history, backward when it is forced', async () => {
    const { store, move } = createWorld();
    for (const number of [1, 2, 3]) await move(day(number));
    await expect(restoreCheckpoint(store, KEY, 1, options)).rejects.toThrow('would go backward');
    expect((await restoreCheckpoint(store, KEY, 1, { ...options, force: true })).after).toEqual(day(1));
    expect((await store.history(KEY)).map(({ rev, value }) => [rev, value['record_count']])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 1],
    ]);
    await expect(restoreCheckpoint(store, KEY, 9, options)).rejects.toMatchObject({
      message: expect.stringContaining('no revision 9'),
      hint: 'There are 1 to 4.',
    });
  });

  it('resets: nothing was ever synced, and what was is in the history', async () => {
    const { store, move } = createWorld();
    await move(day(5, { cursor_key: 1 }));
    await resetCheckpoint(store, KEY, NOW);
    expect((await store.get(KEY))?.value).toEqual({ last_sync_timestamp: null, record_count: 0, updated_at: NOW });
    expect(await store.history(KEY)).toHaveLength(2);
    await expect(resetCheckpoint(store, 'checkpoint/daily/other', NOW)).rejects.toThrow('There is no such checkpoint');
  });
});
