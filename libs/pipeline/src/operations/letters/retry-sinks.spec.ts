import { RetryableError, type Sink } from '../../index.js';
import { artists } from '../../runs/list-stream.fixture.js';
import { AT } from '../../runs/run.fixture.js';
import { ALL, createLettersWorld } from './letters.fixture.js';

describe('dead letters of sinks are retried', () => {
  it('to the sink that did not take them, and to no other', async () => {
    let refused = true;
    const { retry, entries, list, inLake } = await createLettersWorld({ refuse: (id) => refused && id === 'spotify_a1', slices: [[artists(0, 3)]] });
    const before = inLake();
    expect((await list()).map(({ open_sinks }) => open_sinks)).toEqual([['kinesis']]);
    expect(await retry()).toMatchObject({ delivered: 0, reasons: [{ reason: 'kinesis: too large' }] });
    refused = false;
    expect(await retry()).toMatchObject({ letters: 1, delivered: 1, objects: [] });
    expect(inLake()).toEqual(before);
    expect(entries.map(({ key }) => key)).toEqual(['spotify_a0', 'spotify_a2', 'spotify_a1']);
    expect(JSON.parse(Buffer.from(entries[2]?.data ?? []).toString())).toMatchObject({
      name: 'Artist 1',
      data_type: 'artists',
      ingestion_timestamp: AT,
    });
    expect(await list()).toEqual([]);
  });

  it('and stay as long as one of several sinks has not taken them', async () => {
    const busy = new Set<string>();
    const { retry, entries, list, inLake } = await createLettersWorld({ busy: (id) => busy.has(id) });
    busy.add('spotify_x1');
    expect(await retry()).toMatchObject({ delivered: 2, remaining: 2 });
    expect((await list()).map(({ open_sinks }) => open_sinks)).toEqual([['kinesis'], ['s3_raw', 'kinesis']]);
    busy.clear();
    expect(await retry()).toMatchObject({ letters: 2, delivered: 1, remaining: 1 });
    expect(inLake()).toEqual(ALL);
    expect(entries.map(({ key }) => key).sort()).toEqual(ALL);
  });

  it('not when there is no such sink any more', async () => {
    const { retry, list } = await createLettersWorld();
    expect(await retry({}, { sinkOf: async () => undefined })).toMatchObject({ delivered: 0, remaining: 4 });
    expect(await list()).toHaveLength(4);
  });

  it('by the retry that was begun, however often it is called while a sink is busy: each record is sent once', async () => {
    const busy = new Set(['spotify_x1']);
    const { retry, entries, lake, verified } = await createLettersWorld({ busy: (id) => busy.has(id) });
    await retry();
    const stored = lake.objects.size;
    for (let again = 0; again < 3; again += 1) {
      expect(await retry({ stage: 'transform' })).toMatchObject({
        letters: 2,
        delivered: 0,
        reasons: expect.arrayContaining([expect.objectContaining({ reason: 'kinesis: the stream is throttled', letters: 1 })]),
      });
    }
    expect(lake.objects.size).toBe(stored);
    busy.clear();
    expect(await retry()).toMatchObject({ letters: 2, delivered: 1 });
    expect(entries.map(({ key }) => key).sort()).toEqual(ALL);
    expect(await verified()).toMatchObject({ differences: 0, streams: [{ on_stream: { repeated: 0 } }] });
  });

  it('to the lake once, however often the lake does not answer', async () => {
    const { retry, inLake, kinesis, raw } = await createLettersWorld();
    const down: Sink = { ...raw, write: async () => Promise.reject(new RetryableError('no answer')) };
    const without = async (name: string) => (name === 's3_raw' ? down : kinesis);
    for (let again = 0; again < 3; again += 1) expect(await retry({}, { sinkOf: without })).toMatchObject({ delivered: 0, remaining: 4 });
    expect(await retry()).toMatchObject({ letters: 4, delivered: 3 });
    expect(inLake()).toEqual(ALL);
  });

  it('to the lake once, when a letter of the same record in another slice is retried by itself meanwhile', async () => {
    const { retry, list, inLake, kinesis, raw } = await createLettersWorld({ slices: [[[{ id: 'x' }]], [[{ id: 'x' }]]] });
    const [first, other] = await list();
    const down: Sink = { ...raw, write: async () => Promise.reject(new RetryableError('no answer')) };
    const without = async (name: string) => (name === 's3_raw' ? down : kinesis);
    await retry({ ids: [first?.id ?? ''] }, { sinkOf: without });
    expect(await retry({ ids: [other?.id ?? ''] }, { sinkOf: without })).toMatchObject({
      reasons: [{ reason: `it waits for the letter ${first?.id}, of the same record` }],
    });
    await retry();
    expect([inLake(), await list()]).toEqual([['spotify_x'], []]);
  });

  it('without using up the names of objects, however often a sink refuses them', async () => {
    const { retry, inLake } = await createLettersWorld({ refuse: (id) => id === 'spotify_a1', slices: [[[...artists(0, 2), { id: 'x0' }]]] });
    for (let again = 0; again < 105; again += 1) await retry({ stage: 'sink' });
    expect(await retry()).toMatchObject({ letters: 2, delivered: 1, reasons: [{ reason: 'kinesis: too large', letters: 1 }] });
    expect(inLake()).toEqual(['spotify_a0', 'spotify_a1', 'spotify_x0']);
  });
});
