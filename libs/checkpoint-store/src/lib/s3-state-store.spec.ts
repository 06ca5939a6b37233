import { RevisionConflictError, type JsonObject } from '@loadin/pipeline';
import { FatalError, RetryableError } from '@loadin/resilience';
import { createManualClock, createRandom, stateStoreChecks, type StateService } from '@loadin/testing';
import { startLocalState, type LocalState } from './local-aws.fixture.js';
import { restoreCheckpoint } from './edit-checkpoint.js';
import { withCheckpointHistory } from './history.js';
import { createS3StateStore, s3HistoryName } from './s3-state-store.js';

const DOCUMENT = 'logs/pipeline/ingestion/checkpoints.json';
const checkpoint = (day: number): JsonObject => ({
  last_sync_timestamp: `2024-01-${day}T10:30:00Z`,
  record_count: 1500,
  updated_at: `2024-01-${day}T10:35:00Z`,
});

describe('createS3StateStore', () => {
  let local: LocalState;
  beforeAll(async () => {
    local = await startLocalState();
  });
  afterAll(() => local.close());
  afterEach(() => local.aws.faults.clear());

  const storeIn = (bucket: string) =>
    createS3StateStore({ client: local.s3, bucket, key: DOCUMENT, clock: createManualClock(0), random: createRandom(1) });
  const setUp = async () => {
    const bucket = await local.bucket();
    return { bucket, state: storeIn(bucket), document: async () => JSON.parse(await local.read(bucket, DOCUMENT)) as Record<string, JsonObject> };
  };

  const service: StateService = (fault) => {
    const puts = { service: 's3', operation: 'PutObject' } as const;
    local.aws.faults.clear();
    if (fault === 'lost-answer') local.aws.faults.add({ ...puts, effect: 'lostAnswer', nth: 1 });
    if (fault === 'error') local.aws.faults.add({ ...puts, effect: 'error500' });
  };

  describe('for checkpoints', () => {
    let bucket: string;
    beforeAll(async () => {
      bucket = await local.bucket();
    });
    it.each(
      stateStoreChecks(() => storeIn(bucket), { keyPrefix: 'checkpoint/daily/kit-', service }).filter(
        ({ name }) => !name.includes('begin alike') && !name.includes('under a prefix'),
      ),
    )('$name', ({ run }) => run());

    it('refuses a checkpoint that somebody has made impossible, and gives it to whoever is about to bring an earlier one back', async () => {
      const { state, bucket: own, document } = await setUp();
      const key = 'checkpoint/daily/tm.events';
      await withCheckpointHistory(state, { nameOf: s3HistoryName() }).put(key, checkpoint(15), null);
      const stored = await document();
      await local.write(own, DOCUMENT, JSON.stringify(stored).replace('2024-01-15T10:30:00Z', 'half past two'));
      await expect(state.get(key)).rejects.toMatchObject({ action: 'fatal', message: expect.stringContaining('half past two') });
      const open = createS3StateStore({ client: local.s3, bucket: own, key: DOCUMENT, asStored: true });
      const mending = withCheckpointHistory(open, { nameOf: s3HistoryName() });
      expect((await mending.get(key))?.value['last_sync_timestamp']).toBe('half past two');
      const { after } = await restoreCheckpoint(mending, key, 1, { now: '2024-01-16T08:00:00Z' });
      expect(after['last_sync_timestamp']).toBe('2024-01-15T10:30:00Z');
      expect((await state.get(key))?.value).toMatchObject({ ...checkpoint(15), updated_at: expect.any(String) });
    });

    it('writes the document that people know, with bare names for its own job', async () => {
      const { state, bucket: own } = await setUp();
      await state.put('checkpoint/bronze/postgres.customers', checkpoint(15), null);
      await state.put('checkpoint/daily/spotify.artists', checkpoint(16), null);
      const text = await local.read(own, DOCUMENT);
      const document = JSON.parse(text) as Record<string, JsonObject>;
      expect(Object.keys(document)).toEqual(['customers', 'daily/spotify.artists']);
      expect(document['customers']).toMatchObject({
        last_sync_timestamp: '2024-01-15T10:30:00Z',
        record_count: 1500,
        updated_at: '2024-01-15T10:35:00Z',
      });
      expect(text).toMatch(/^\{\n {2}"customers": \{\n {4}"last_sync_timestamp"/);
    });

    it('reads a document that another system wrote: times without a zone are UTC', async () => {
      const { state, bucket: own } = await setUp();
      await local.write(
        own,
        DOCUMENT,
        '\uFEFF{"customers": {"last_sync_timestamp": "2024-01-15T10:30:00", "record_count": 1500, "updated_at": "2024-01-15 10:35:00.5"}}',
      );
      expect((await state.get('checkpoint/bronze/postgres.customers'))?.value).toEqual({
        last_sync_timestamp: '2024-01-15T10:30:00Z',
        record_count: 1500,
        updated_at: '2024-01-15T10:35:00.5Z',
      });
    });

    it('drops the key part of a cursor whose time was edited by hand: all records of that time are read again', async () => {
      const { state, bucket: own } = await setUp();
      await state.put('checkpoint/bronze/postgres.customers', { ...checkpoint(15), cursor_key: 812 }, null);
      expect((await state.get('checkpoint/bronze/postgres.customers'))?.value).toEqual({ ...checkpoint(15), cursor_key: 812 });
      await local.write(own, DOCUMENT, (await local.read(own, DOCUMENT)).replace('"record_count": 1500', '"record_count": 7'));
      expect((await state.get('checkpoint/bronze/postgres.customers'))?.value).toEqual({ ...checkpoint(15), record_count: 7, cursor_key: 812 });
      const edited = (await local.read(own, DOCUMENT)).replace(
        '"last_sync_timestamp": "2024-01-15T10:30:00Z"',
        '"last_sync_timestamp": "2024-01-02"',
      );
      await local.write(own, DOCUMENT, edited);
      const item = await state.get('checkpoint/bronze/postgres.customers');
      expect(item?.value).toEqual({ ...checkpoint(15), record_count: 7, last_sync_timestamp: '2024-01-02T00:00:00Z' });
      await state.put('checkpoint/bronze/postgres.customers', { ...checkpoint(16), cursor_key: 900 }, item?.revision ?? null);
      expect((await state.get('checkpoint/bronze/postgres.customers'))?.value).toEqual({ ...checkpoint(16), cursor_key: 900 });
    });

    it('keeps a history beside the document, in which an edit by hand is a state like any other', async () => {
      const { state: bare, bucket: own, document } = await setUp();
      const state = withCheckpointHistory(bare, { nameOf: s3HistoryName() });
      const key = 'checkpoint/bronze/postgres.customers';
      await state.put(key, checkpoint(10), null);
      await local.write(own, DOCUMENT, (await local.read(own, DOCUMENT)).replace('2024-01-10T10:30:00Z', '2024-01-05'));
      await state.put(key, checkpoint(12), (await state.get(key))?.revision ?? null);
      const times = (await state.history('checkpoint/bronze/customers')).map(({ rev, value, found }) => [
        rev,
        value['last_sync_timestamp'],
        found ?? false,
      ]);
      expect(times).toEqual([
        [1, '2024-01-10T10:30:00Z', false],
        [2, '2024-01-05T00:00:00Z', true],
        [3, '2024-01-12T10:30:00Z', false],
      ]);
      expect(Object.keys(await document())).toEqual(['customers']);
    });

    it('keeps what it does not know, in other entities and in the document', async () => {
      const { state, bucket: own, document } = await setUp();
      const foreign = { note: 'ask Ana before you delete this', orders: { last_sync_timestamp: '2024-01-15T10:32:00', owner: 'team b' } };
      await local.write(own, DOCUMENT, JSON.stringify(foreign));
      await state.put('checkpoint/bronze/postgres.customers', checkpoint(15), null);
      expect(await document()).toMatchObject(foreign);
    });

    it('lets streams that finish at the same moment all move their checkpoints', async () => {
      const { bucket: own, document } = await setUp();
      const streams = Array.from({ length: 12 }, (_, n) => `source.stream${n}`);
      await Promise.all(streams.map((stream) => storeIn(own).put(`checkpoint/daily/${stream}`, checkpoint(15), null)));
      expect(Object.keys(await document()).sort()).toEqual(streams.map((stream) => `daily/${stream}`).sort());
    });

    it('accepts its revision after another stream has moved, and not after an edit of its own entity', async () => {
      const { state, bucket: own } = await setUp();
      const first = await state.put('checkpoint/daily/a.a', checkpoint(10), null);
      await state.put('checkpoint/daily/b.b', checkpoint(11), null);
      const second = await state.put('checkpoint/daily/a.a', checkpoint(12), first);
      const edited = (await local.read(own, DOCUMENT)).replace('2024-01-12T10:30:00Z', '2024-01-02T00:00:00');
      await local.write(own, DOCUMENT, edited);
      await expect(state.put('checkpoint/daily/a.a', checkpoint(13), second)).rejects.toBeInstanceOf(RevisionConflictError);
      const item = await state.get('checkpoint/daily/a.a');
      expect(item?.value).toMatchObject({ last_sync_timestamp: '2024-01-02T00:00:00Z' });
      await state.put('checkpoint/daily/a.a', checkpoint(13), item?.revision ?? null);
    });

    it.each([
      ['text', '{"customers": ', 'Stored state is not JSON'],
      ['a list', '[]', 'Stored state is not a JSON object'],
      ['an entity that is no object', '{"customers": 5}', 'The checkpoint is not a JSON object'],
      [
        'a time',
        '{"customers": {"last_sync_timestamp": "yesterday"}}',
        'last_sync_timestamp is "yesterday"; it must be a time like 2024-01-15T10:30:00Z',
      ],
      ['a day that no calendar has', '{"customers": {"last_sync_timestamp": "2024-02-30"}}', 'last_sync_timestamp is "2024-02-30"'],
      ['a number for a time', '{"customers": {"updated_at": 1705314600}}', 'updated_at is 1705314600'],
      ['a count', '{"customers": {"record_count": -1}}', 'record_count is -1; it must be a whole number from 0'],
    ])('says what is wrong with %s, and writes nothing over it', async (_what, text, message) => {
      const { state, bucket: own } = await setUp();
      await local.write(own, DOCUMENT, text);
      const error = await state.get('checkpoint/bronze/postgres.customers').catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(FatalError);
      expect(error).toMatchObject({
        message: expect.stringContaining(message),
        where: expect.stringContaining(`s3://${own}/${DOCUMENT}`),
        hint: expect.stringContaining('Correct it'),
      });
      await expect(state.put('checkpoint/bronze/postgres.customers', checkpoint(15), null)).rejects.toThrow(message);
      expect(await local.read(own, DOCUMENT)).toBe(text);
    });

    it.each(['lostAnswer', 'drop', 'error500', 'throttle'] as const)('writes once under %s', async (effect) => {
      const { state, document } = await setUp();
      const revision = await state.put('checkpoint/daily/a.a', checkpoint(10), null);
      local.aws.faults.add({ service: 's3', operation: 'PutObject', effect, nth: 1 });
      const next = await state.put('checkpoint/daily/a.a', checkpoint(11), revision);
      expect(await state.get('checkpoint/daily/a.a')).toEqual({ value: checkpoint(11), revision: next });
      expect(Object.keys(await document())).toEqual(['daily/a.a']);
    });

    it.each(['checkpoint/daily/a.a', 'run/1'])('finds out what became of a write of %s that got no answer at all', async (key) => {
      const own = await local.bucket();
      const state = createS3StateStore({ client: local.withoutRetries.s3, bucket: own, key: DOCUMENT });
      local.aws.faults.add(
        { service: 's3', operation: 'PutObject', effect: 'lostAnswer', nth: 1 },
        { service: 's3', operation: 'PutObject', effect: 'drop', nth: 2 },
      );
      const revision = await state.put(key, checkpoint(10), null);
      await expect(state.put(key, checkpoint(11), revision)).rejects.toBeInstanceOf(RetryableError);
      expect(await state.get(key)).toEqual({ value: checkpoint(10), revision });
    });

    it('throws a RetryableError when S3 stays down, with the checkpoint unmoved', async () => {
      const { state } = await setUp();
      const revision = await state.put('checkpoint/daily/a.a', checkpoint(10), null);
      local.aws.faults.add({ service: 's3', operation: 'PutObject', effect: 'error500' });
      await expect(state.put('checkpoint/daily/a.a', checkpoint(11), revision)).rejects.toBeInstanceOf(RetryableError);
      expect(await state.get('checkpoint/daily/a.a')).toEqual({ value: checkpoint(10), revision });
    });
  });

  describe('for other state', () => {
    let bucket: string;
    beforeAll(async () => {
      bucket = await local.bucket();
    });
    it.each(stateStoreChecks(() => storeIn(bucket), { service }))('$name', ({ run }) => run());

    it('keeps each item as an object of its own under _loadin/state/', async () => {
      const { state, bucket: own } = await setUp();
      await state.put('claim/spotify/artists/2024-11-08T12:00:00Z', { run_id: 'r1' }, null);
      expect(JSON.parse(await local.read(own, '_loadin/state/claim/spotify/artists/2024-11-08T12:00:00Z.json'))).toEqual({
        write_id: expect.any(String),
        value: { run_id: 'r1' },
      });
    });

    it.each([
      ['creation', null],
      ['change', 'current'],
    ])('takes its own %s for a success when the answer was lost', async (_what, expected) => {
      const { state } = await setUp();
      const revision = expected === null ? null : await state.put('run/1', { n: 0 }, null);
      local.aws.faults.add({ service: 's3', operation: 'PutObject', effect: 'lostAnswer', nth: 1 });
      const next = await state.put('run/1', { n: 1 }, revision);
      expect(await state.get('run/1')).toEqual({ value: { n: 1 }, revision: next });
    });

    it('lists checkpoints by the names of their streams, whoever changes them; those that somebody wrote by hand by the names they have', async () => {
      const { state, bucket: own, document } = await setUp();
      await state.put('checkpoint/bronze/postgres.i', checkpoint(10), null);
      await state.put('checkpoint/bronze/plain', checkpoint(10), null);
      const edited = await state.get('checkpoint/bronze/i');
      expect(edited?.value).toEqual(checkpoint(10));
      await state.put('checkpoint/bronze/i', checkpoint(11), edited?.revision ?? null);
      await local.write(
        own,
        DOCUMENT,
        JSON.stringify({ ...(await document()), byhand: checkpoint(12), odd: { ...checkpoint(12), _stream: 'postgres.i' } }),
      );
      const keys: string[] = [];
      for await (const { key } of state.list('checkpoint/')) keys.push(key);
      expect(keys).toEqual(['checkpoint/bronze/postgres.i', 'checkpoint/bronze/plain', 'checkpoint/bronze/byhand', 'checkpoint/bronze/odd']);
    });

    it('lists checkpoints and other items together', async () => {
      const { state } = await setUp();
      await state.put('checkpoint/bronze/customers', checkpoint(10), null);
      await state.put('checkpoint/daily/a.a', checkpoint(11), null);
      await state.put('run/1', { n: 1 }, null);
      const keys: string[] = [];
      for await (const { key } of state.list('')) keys.push(key);
      expect(keys).toEqual(['checkpoint/bronze/customers', 'checkpoint/daily/a.a', 'run/1']);
    });

    it('says which bucket is missing', async () => {
      const state = storeIn('not-there');
      await expect(state.get('run/1')).rejects.toThrow('S3 GetObject: the bucket does not exist (NoSuchBucket)');
      await expect(state.put('run/1', {}, null)).rejects.toThrow('S3 PutObject: the bucket does not exist (NoSuchBucket)');
    });
  });
});
