import { RetryableError, StopError } from '@loadin/resilience';
import { createMemorySink } from '@loadin/testing';
import type { Ack, JobStream, Json, Sink } from '../index.js';
import { artists, createListStream, toArtist } from './list-stream.fixture.js';
import { createWorld, firstStream } from './run.fixture.js';

describe('what must not be lost or doubled', () => {
  const refusing = (pendingOnce: number[]) => {
    let calls = 0;
    return (sink: Sink): Sink => ({
      ...sink,
      async write(batch, options) {
        calls += 1;
        if (calls > 1) return sink.write(batch, options);
        const kept = batch.records.filter((_, index) => !pendingOnce.includes(index));
        const { objects } = await sink.write({ ...batch, records: kept }, options);
        const acks = batch.records.map((_, index): Ack => ({ status: pendingOnce.includes(index) ? 'pending' : 'delivered' }));
        return { acks, objects, error: new RetryableError('the shard is full') };
      },
    });
  };

  it('delivers a good copy of a record whose first copy was not usable', async () => {
    const world = createWorld();
    const report = await world.run(createListStream({ slices: [[[{ id: 'x' }, { id: 'x', name: 'mended' }, { id: 'x', name: 'again' }]]] }));
    expect(firstStream(report).ledger).toMatchObject({ read: 3, accepted: 1, rejected: 1, deduplicated: 1 });
    expect(world.ids(0)).toEqual(['spotify_x']);
  });

  it('makes a dead letter of an entry on which the adapter itself stumbles, and goes on', async () => {
    const world = createWorld();
    const stream = createListStream({ slices: [[[{ id: 'bad', name: 'b' }, ...artists(0, 2)]]] });
    const stumbling = { ...stream, key: (raw: Json) => (JSON.stringify(raw).includes('bad') ? missing() : stream.key(raw)) };
    const missing = (): never => {
      throw new TypeError("Cannot read properties of null (reading 'id')");
    };
    const report = await world.run([{ stream: stumbling, transform: toArtist, sinks: world.sinks, schemaVersion: '1', maxRejected: 0.5 }]);
    expect(report.status).toBe('complete');
    expect(firstStream(report).ledger).toMatchObject({ accepted: 2, rejected: 1 });
    const key = [...world.lake.objects.keys()].find((name) => name.startsWith('dead-letters/')) ?? '';
    expect(JSON.parse(world.lake.text(key))).toMatchObject({ error_class: 'TypeError', record: { id: 'bad', name: 'b' } });
  });

  it('keeps the dead letters of every attempt, also when a sink refuses other records than before', async () => {
    let puts = 0;
    // The slice can be taken, and then its progress not be saved.
    const lost = (operation: string, target: string) =>
      operation === 'put' && target.startsWith('progress/') && (puts += 1) > 1 && puts <= 6
        ? { when: 'before' as const, error: new RetryableError('DynamoDB is throttled') }
        : undefined;
    const world = createWorld({ state: { fail: lost } });
    const refusing = (id: string) => createMemorySink({ name: 'kinesis', refuse: (record) => (record.id === id ? `no ${id}` : undefined) });
    const stream = { stream: createListStream({ slices: [[artists(0, 3)]] }), transform: toArtist, schemaVersion: '1', maxRejected: 1 };
    expect((await world.run([{ ...stream, sinks: [refusing('spotify_a0')] }])).status).toBe('failed');
    puts = 7;
    const report = await world.run([{ ...stream, sinks: [refusing('spotify_a2')] }]);
    expect(firstStream(report).ledger.sinks['kinesis']).toEqual({ delivered: 2, dead_lettered: 1, pending: 0 });
    const letters = [...world.lake.objects.keys()]
      .filter((key) => key.startsWith('dead-letters/'))
      .map((key) => JSON.parse(world.lake.text(key)).reason);
    expect(letters.sort()).toEqual(['no spotify_a0', 'no spotify_a2']);
  });

  it('sends a stream nothing again that it has taken when only the letters of others can not be stored', async () => {
    let failures = 1;
    const world = createWorld({
      lake: {
        fail: (operation, key) =>
          operation === 'putIfAbsent' && key.includes('-kinesis-') && failures-- > 0
            ? { when: 'before', error: new RetryableError('S3 is slow') }
            : undefined,
      },
    });
    const sent: string[] = [];
    const refusal: Ack = { status: 'undeliverable', reason: 'too large', errorClass: 'TooLarge' };
    const kinesis: Sink = {
      name: 'kinesis',
      limits: { maxRecords: 10, maxBytes: 1e6 },
      async write({ records }) {
        sent.push(...records.map(({ id }) => id));
        return { acks: records.map(({ id }): Ack => (id === 'spotify_a1' ? refusal : { status: 'delivered' })), objects: [] };
      },
    };
    const list = createListStream({ slices: [[artists(0, 4)]] });
    const stream = { stream: list, transform: toArtist, sinks: [kinesis], schemaVersion: '1', maxRejected: 1 };
    expect(await world.run([stream])).toMatchObject({ status: 'failed', problems: ['spotify.artists: S3 is slow'] });
    const report = await world.run([stream]);
    expect(firstStream(report).ledger.sinks).toEqual({ kinesis: { delivered: 3, dead_lettered: 1, pending: 0 } });
    expect(sent).toEqual(['spotify_a0', 'spotify_a1', 'spotify_a2', 'spotify_a3', 'spotify_a1']);
  });

  it('writes what is one object again as a whole when the letters of it can not be stored', async () => {
    let failures = 1;
    const fail = (operation: string, key: string) =>
      operation === 'putIfAbsent' && key.includes('-files-') && failures-- > 0
        ? { when: 'before' as const, error: new RetryableError('S3 is slow') }
        : undefined;
    const world = createWorld({ lake: { fail } });
    const files = createMemorySink({ name: 'files', refuse: ({ id }) => (id === 'spotify_a1' ? 'too large' : undefined) });
    const list = createListStream({ slices: [[artists(0, 4)]] });
    const stream = { stream: list, transform: toArtist, sinks: [files], schemaVersion: '1', maxRejected: 1 };
    expect((await world.run([stream])).status).toBe('failed');
    expect(await world.run([stream])).toMatchObject({ status: 'complete', problems: [] });
    expect(files.calls.map(({ records }) => records.length)).toEqual([4, 4]);
  });

  it('walks no further through landed pages when it is told to stop', async () => {
    const world = createWorld();
    let failures = 1;
    const onPage = (_: number, page: number): void => {
      if (page === 399 && failures-- > 0) throw new RetryableError('502');
    };
    const list = createListStream({ slices: [Array.from({ length: 400 }, (_, page) => artists(page, 1))], onPage });
    await world.run(list);
    const stop = new AbortController();
    let gets = 0;
    const get = (key: string): ReturnType<typeof world.lake.get> => {
      if (key.startsWith('landing/') && (gets += 1) === 1) stop.abort();
      return world.lake.get(key);
    };
    expect(await world.run(list, { lake: { ...world.lake, get }, signal: stop.signal })).toMatchObject({ status: 'stopped', reason: 'cancelled' });
    expect(gets).toBeLessThan(4);
  });

  it('sends again only what a sink left pending', async () => {
    const world = createWorld({ sinks: [{ name: 'kinesis', limits: { maxRecords: 10, maxBytes: 1_000_000 } }] });
    const memory = createMemorySink({ name: 'kinesis', limits: { maxRecords: 10, maxBytes: 1_000_000 } });
    const [sink] = [memory].map(refusing([1, 3]));
    const stream = { stream: createListStream({ slices: [[artists(0, 5)]] }), transform: toArtist, sinks: [sink ?? memory], schemaVersion: '1' };
    const first = await world.run([stream]);
    expect(first).toMatchObject({ status: 'failed', problems: ['spotify.artists: the shard is full'] });
    expect(firstStream(first).ledger.sinks['kinesis']).toEqual({ delivered: 3, dead_lettered: 0, pending: 2 });
    const second = createMemorySink({ name: 'kinesis', limits: { maxRecords: 10, maxBytes: 1_000_000 } });
    const report = await world.run([{ ...stream, sinks: [second] }]);
    expect(second.records.map(({ id }) => id)).toEqual(['spotify_a1', 'spotify_a3']);
    expect(firstStream(report).ledger.sinks['kinesis']).toEqual({ delivered: 5, dead_lettered: 0, pending: 0 });
  });

  it.each([
    ['refuse one more', (id: string) => id === 'a1'],
    ['refuse nearly all', (id: string) => id !== 'a7'],
  ])('is not finished by transforms that %s: the cuts would move, and records be lost or sent twice', async (_, refused) => {
    const limits = { maxRecords: 3, maxBytes: 1_000_000 };
    const failure = { when: 'before' as const, error: new RetryableError('503') };
    const world = createWorld({ sinks: [{ name: 's3_raw', limits, fail: (_batch, call) => (call === 3 ? failure : undefined) }] });
    const source = createListStream({ slices: [[artists(0, 8)]] });
    const stricter = (raw: Json) =>
      refused((raw as { id: string }).id) ? { ok: false as const, reasons: [{ path: 'id', message: 'is refused now' }] } : toArtist(raw);
    const withTransform = (transform: JobStream['transform']): JobStream => ({ stream: source, transform, sinks: world.sinks, schemaVersion: '1' });
    expect((await world.run([withTransform(toArtist)])).status).toBe('failed');
    const stored = world.ids(0);
    const other = await world.run([withTransform(stricter)]);
    expect(other).toMatchObject({ status: 'failed', problems: [expect.stringContaining('the transforms have changed since'), expect.anything()] });
    expect(world.ids(0)).toEqual(stored);
    expect(await world.run([withTransform(toArtist)])).toMatchObject({ status: 'complete', problems: [] });
    expect(world.ids(0)).toEqual(artists(0, 8).map((raw) => `spotify_${(raw as { id: string }).id}`));
  });

  it('does not repeat acknowledged batches when another sink fails at the very end', async () => {
    const world = createWorld({
      sinks: [
        { name: 'kinesis', limits: { maxRecords: 2, maxBytes: 1e6 } },
        { name: 's3_raw', fail: (_, call) => (call === 1 ? { when: 'before', error: new RetryableError('503') } : undefined) },
      ],
    });
    const stream = createListStream({ slices: [[artists(0, 5)]] });
    expect((await world.run(stream)).status).toBe('failed');
    expect((await world.run(stream)).status).toBe('complete');
    expect(world.sinks[0]?.calls.map(({ part }) => part)).toEqual([0, 1, 2]);
  });

  it('lets the batch under way end when the run is stopped, and begins no further one', async () => {
    const controller = new AbortController();
    const memory = createMemorySink({ name: 'kinesis', limits: { maxRecords: 2, maxBytes: 1e6 } });
    const aborting: Sink = {
      ...memory,
      async write(batch, options) {
        controller.abort(new StopError('time is nearly over', { reason: 'deadline' }));
        options.signal.throwIfAborted();
        return memory.write(batch, options);
      },
    };
    const world = createWorld();
    const stream = { stream: createListStream({ slices: [[artists(0, 5)]] }), transform: toArtist, sinks: [aborting], schemaVersion: '1' };
    expect(await world.run([stream], { signal: controller.signal })).toMatchObject({ status: 'stopped', reason: 'deadline' });
    expect(memory.calls.map(({ part }) => part)).toEqual([0]);
    expect(await world.run([{ ...stream, sinks: [memory] }])).toMatchObject({ status: 'complete' });
    expect(memory.calls.map(({ part }) => part)).toEqual([0, 1, 2]);
  });

  it('keeps the notes of a slice within bounds, and still says how much is missing', async () => {
    const world = createWorld();
    const notes = Array.from({ length: 80 }, (_, index) => ({ kind: 'truncated' as const, message: `area ${index}`, missing: 2 }));
    const report = await world.run(createListStream({ slices: [[artists(0, 1)]], notes: () => notes }));
    expect(firstStream(report).notes).toHaveLength(51);
    expect(firstStream(report).notes.at(-1)).toMatchObject({ kind: 'truncated', missing: 60 });
  });
});

describe('what goes wrong with the state', () => {
  it('is the error of its stream; the others end as they would, and there is a report', async () => {
    const failing = (operation: string, target: string) =>
      operation === 'put' && target === 'checkpoint/daily/spotify.artists'
        ? { when: 'before' as const, error: new RetryableError('DynamoDB is throttled') }
        : undefined;
    const world = createWorld({ state: { fail: failing } });
    const report = await world.run([
      createListStream({ slices: [[artists(0, 1)]] }),
      createListStream({ id: 'ticketmaster.events', slices: [[artists(1, 1)]] }),
    ]);
    expect(report.streams.map(({ stream, status }) => [stream, status])).toEqual([
      ['spotify.artists', 'failed'],
      ['ticketmaster.events', 'complete'],
    ]);
    expect(report.problems).toEqual(['spotify.artists: DynamoDB is throttled']);
  });

  it('is found before anything is read when the job has a stream that the plan does not know', async () => {
    const world = createWorld();
    await world.run(
      createListStream({
        slices: [[artists(0, 1)]],
        onPage: () => {
          throw new RetryableError('502');
        },
      }),
    );
    const more = createListStream({ id: 'ticketmaster.events', slices: [[artists(1, 1)]] });
    await expect(world.run([createListStream({ slices: [[artists(0, 1)]] }), more])).rejects.toThrow(/has no stream ticketmaster.events/);
    expect(more.asked).toEqual([]);
  });
});
