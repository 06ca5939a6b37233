import { createMemoryStateStore } from '@loadin/testing';
import { checkpointKey, type Checkpoint } from '../checkpoint.js';
import type { Plan, StreamPlan } from '../plan/plan.js';
import type { Cursor, CursorKind } from '../ports/cursor.js';
import type { JsonObject } from '../ports/json.js';
import type { StateStore } from '../ports/state-store.js';
import type { Stream } from '../ports/stream.js';
import { settleCheckpoint, type CheckpointSettling } from './settle-checkpoint.js';
import { storedState, syncState } from './stored.js';
import type { SliceEnd } from './types.js';

const SCHEDULED = '2024-01-15T12:00:00Z';
const NOW = '2024-01-15T12:03:00Z';
const streamPlan: StreamPlan = { id: 'shop.orders', source: 'shop', data_type: 'orders', ingestion_id: 'i', second: SCHEDULED, slices: [] };
const plan: Plan = { version: 1, run_id: 'run 1', job: 'hourly', scheduled_time: SCHEDULED, streams: [streamPlan] };
const streamOf = (kinds: readonly [CursorKind, ...CursorKind[]], more: Partial<Stream> = {}): Stream => ({
  id: 'shop.orders',
  source: 'shop',
  dataType: 'orders',
  readMode: 'incremental',
  cursor: { kinds, ordered: true, of: () => undefined },
  plan: () => [],
  read: async function* () {
    /* not read here */
  },
  key: () => undefined,
  ...more,
});
const sliceEnd = (from: Cursor | null, to: Cursor | null, finished: boolean, cursor: Cursor | null): SliceEnd => ({
  slice: { ordinal: 0, name: 'all', bounds: {}, interval: { from, to } },
  finished,
  reached: { cursor },
});
const KEY = checkpointKey('hourly', 'shop.orders');

function world(kinds: readonly [CursorKind, ...CursorKind[]] = ['time', 'number']) {
  const state = createMemoryStateStore();
  const stream = streamOf(kinds);
  const settle = (slices: readonly SliceEnd[], more: Partial<CheckpointSettling> = {}): Promise<Checkpoint | null> =>
    settleCheckpoint(state, { plan, streamPlan, stream, slices, complete: true, recordCount: 5, now: NOW, ...more });
  const read = () => state.get(KEY).then((item) => syncState(stream.cursor ?? { kinds, ordered: true, of: () => undefined }, item?.value, 'here'));
  const edit = async (change: JsonObject): Promise<void> => {
    const item = await state.get(KEY);
    const { value = {}, revision = null } = item ?? {};
    await state.put(KEY, { ...value, ...change }, revision);
  };
  return { state, stream, settle, read, edit };
}

describe('the checkpoint of an incremental stream', () => {
  const at = (time: string, key: string): Cursor => [`2024-01-15T${time}`, key];

  it('names the time of its latest record with all its digits, the key among the records of that time, and what lies empty beyond', async () => {
    const { settle, read } = world();
    const checkpoint = await settle([sliceEnd(null, ['2024-01-15T11:59:00Z'], true, ['2024-01-15 11:00:00.123456+01', '42'])]);
    expect(checkpoint).toEqual({
      last_sync_timestamp: '2024-01-15T10:00:00.123456Z',
      cursor: '2024-01-15 11:00:00.123456+01',
      cursor_key: ['42'],
      intervals: [{ from: ['2024-01-15 11:00:00.123456+01', '42'], to: ['2024-01-15T11:59:00Z'] }],
      intervals_of: ['2024-01-15 11:00:00.123456+01', '42'],
      record_count: 5,
      updated_at: NOW,
      run_id: 'run 1',
    });
    expect(await read()).toMatchObject({ watermark: ['2024-01-15 11:00:00.123456+01', '42'], intervals: [{ to: ['2024-01-15T11:59:00Z'] }] });
  });

  it('moves to what an attempt has reached that did not finish, and not when it has reached nothing', async () => {
    const { settle, read, state } = world();
    expect(await settle([sliceEnd(null, null, false, null)], { complete: false })).toBeNull();
    await settle([sliceEnd(null, null, false, at('10:00:00Z', '7'))], { complete: false });
    expect(await read()).toEqual({ watermark: at('10:00:00Z', '7'), intervals: [] });
    const { revision } = (await state.get(KEY)) ?? {};
    await settle([sliceEnd(null, null, false, at('10:00:00Z', '7'))], { complete: false });
    expect((await state.get(KEY))?.revision).toBe(revision);
  });

  it('says that a run was there though it found nothing', async () => {
    const { settle, read } = world();
    expect(await settle([sliceEnd(null, at('11:59:00Z', '0'), true, null)], { recordCount: 0 })).toMatchObject({
      last_sync_timestamp: null,
      cursor: null,
      record_count: 0,
    });
    expect(await read()).toEqual({ watermark: null, intervals: [{ from: null, to: at('11:59:00Z', '0') }] });
  });

  it('is left alone by a late retry of an older run', async () => {
    const { settle } = world();
    const newer = await settle([sliceEnd(null, at('11:59:00Z', '0'), true, at('11:30:00Z', '9'))]);
    const older = { ...plan, run_id: 'run 0', scheduled_time: '2024-01-15T11:00:00Z' };
    expect(await settle([sliceEnd(null, at('10:59:00Z', '0'), true, at('10:30:00Z', '3'))], { plan: older })).toEqual(newer);
  });

  it('keeps the fields of others, and drops a key that is not of its cursor any more', async () => {
    const { settle, edit } = world();
    await settle([sliceEnd(null, at('10:00:00Z', '9'), true, at('10:00:00Z', '7'))]);
    await edit({ owner: 'team b' });
    const moved = await settle([sliceEnd(at('10:00:00Z', '7'), at('11:00:00Z', '0'), true, ['2024-01-15T10:30:00Z'])]);
    expect(moved).toMatchObject({ owner: 'team b', cursor: '2024-01-15T10:30:00Z' });
    expect(moved).not.toHaveProperty('cursor_key');
  });

  it.each([
    ['moves on from', { last_sync_timestamp: '2024-01-15T09:00:00Z' }, ['2024-01-15T09:00:00Z']],
    ['takes a time without a zone for UTC in', { last_sync_timestamp: '2024-01-15 09:00:00' }, ['2024-01-15 09:00:00']],
    ['rereads all of the time after the key is taken out of', { cursor_key: [] }, ['2024-01-15T10:00:00Z']],
    ['begins at the beginning after', { last_sync_timestamp: null }, null],
  ] as const)('%s a checkpoint that was edited by hand, and forgets what it knew beyond it', async (_, change, watermark) => {
    const { settle, read, edit } = world();
    await settle([sliceEnd(null, at('11:00:00Z', '0'), true, at('10:00:00Z', '7'))]);
    await edit(change as JsonObject);
    expect(await read()).toEqual({ watermark, intervals: [] });
  });

  it('accepts one that people wrote themselves, with a time alone', async () => {
    const { read, edit } = world();
    await edit({ last_sync_timestamp: '2024-01-15T10:30:00Z', record_count: 1500, updated_at: '2024-01-15T10:35:00Z' });
    expect(await read()).toEqual({ watermark: ['2024-01-15T10:30:00Z'], intervals: [] });
  });

  it('is no cursor while the stream was read in full: all is read once more', async () => {
    const { read, state } = world();
    const full = streamOf(['time'], { readMode: 'full', cursor: undefined });
    await settleCheckpoint(state, { plan, streamPlan, stream: full, slices: [], complete: true, recordCount: 5, now: NOW });
    expect(await read()).toEqual({ watermark: null, intervals: [], isOfFullRuns: true });
  });

  it('has its cursor beside the time of the run when that is a number', async () => {
    const { settle, read, edit } = world(['number']);
    expect(await settle([sliceEnd(null, null, true, ['9007199254740993'])])).toMatchObject({
      last_sync_timestamp: SCHEDULED,
      cursor: '9007199254740993',
    });
    await edit({ last_sync_timestamp: '2024-01-01T00:00:00Z' });
    expect(await read()).toEqual({ watermark: ['9007199254740993'], intervals: [] });
    await edit({ cursor: 41 });
    expect(await read()).toEqual({ watermark: ['41'], intervals: [] });
    await edit({ cursor: 'soon' });
    await expect(read()).rejects.toMatchObject({ action: 'fatal', message: expect.stringContaining('["soon"]'), where: 'here' });
  });

  it('says what it can not be read by', async () => {
    const { read, edit } = world();
    await edit({ last_sync_timestamp: '2024-01-15T10:00:00Z', cursor: '2024-01-15T10:00:00Z', cursor_key: ['a'] });
    await expect(read()).rejects.toMatchObject({
      message: expect.stringContaining('read by time and number'),
      hint: expect.stringContaining('state edit'),
    });
  });

  it('leaves out intervals that make no sense: they are read again', async () => {
    const { read, edit } = world();
    const now = '2024-01-15T10:00:00Z';
    const intervals = [{ from: [now], to: ['soon'] }, null, { from: [now], to: null }, { from: [now], to: ['2024-01-15T11:00:00Z'] }];
    await edit({ last_sync_timestamp: now, cursor: now, intervals, intervals_of: [now] });
    expect(await read()).toEqual({ watermark: [now], intervals: [{ from: [now], to: ['2024-01-15T11:00:00Z'] }] });
  });

  it('goes by what is there when somebody edits it at the same moment', async () => {
    const { state, stream, settle, edit, read } = world();
    await settle([sliceEnd(null, at('10:00:00Z', '9'), true, at('10:00:00Z', '9'))]);
    let edits = 1;
    const racing: StateStore = {
      ...state,
      get: (key) => state.get(key),
      list: (prefix) => state.list(prefix),
      async put(key, value, expected) {
        if (edits-- > 0) await edit({ last_sync_timestamp: '2024-01-15T08:00:00Z' });
        return state.put(key, value, expected);
      },
    };
    const slices = [sliceEnd(at('10:00:00Z', '9'), at('11:00:00Z', '0'), true, at('10:45:00Z', '1'))];
    await settleCheckpoint(racing, { plan, streamPlan, stream, slices, complete: true, recordCount: 5, now: NOW });
    expect(await read()).toEqual({ watermark: ['2024-01-15T08:00:00Z'], intervals: [{ from: at('10:00:00Z', '9'), to: at('11:00:00Z', '0') }] });
  });

  it('is read as it was written', () => {
    const cursor = { kinds: ['time', 'text', 'number'] as const, ordered: true, of: () => undefined };
    const state = {
      watermark: ['2024-01-15T10:00:00.1Z', 'a', '7'] as const,
      intervals: [{ from: ['2024-01-15T11:00:00Z'] as const, to: ['2024-01-15T12:00:00Z'] as const }],
    };
    expect(syncState(cursor, JSON.parse(JSON.stringify(storedState(cursor, state))) as JsonObject, 'here')).toEqual(state);
  });
});

describe('the checkpoint of a stream that is read in full', () => {
  it('moves to the scheduled time of a complete run, and is only looked at otherwise', async () => {
    const { state } = world();
    const stream = streamOf(['time'], { readMode: 'full' });
    const settling = { plan, streamPlan, stream, slices: [], recordCount: 5, now: NOW };
    expect(await settleCheckpoint(state, { ...settling, complete: false })).toBeNull();
    const moved = await settleCheckpoint(state, { ...settling, complete: true });
    expect(moved).toEqual({ last_sync_timestamp: SCHEDULED, record_count: 5, updated_at: NOW, run_id: 'run 1' });
    expect(await settleCheckpoint(state, { ...settling, complete: false })).toEqual(moved);
  });
});
