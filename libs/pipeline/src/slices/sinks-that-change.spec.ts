import { RetryableError } from '@loadin/resilience';
import { artists, createListStream, toArtist } from '../runs/list-stream.fixture.js';
import { createWorld, firstStream } from '../runs/run.fixture.js';

describe('a run whose sinks change between two attempts', () => {
  it('brings a sink that joined the job between two attempts everything, from the landed pages, and the others nothing twice', async () => {
    const world = createWorld({ sinks: [{ name: 's3_raw' }, { name: 'kinesis' }] });
    let failures = 1;
    const onPage = (slice: number): void => {
      if (slice === 1 && failures-- > 0) throw new RetryableError('502');
    };
    const read = createListStream({ slices: [[artists(0, 3)], [artists(3, 2)]], onPage });
    const stream = { stream: read, transform: toArtist, schemaVersion: '1' };
    const [raw, kinesis] = world.sinks;
    expect((await world.run([{ ...stream, sinks: world.sinks.slice(0, 1) }])).status).toBe('failed');
    const report = await world.run([{ ...stream, sinks: world.sinks }]);
    expect(report).toMatchObject({ status: 'complete', problems: [] });
    expect(kinesis?.records.map(({ id }) => id).sort()).toEqual(artists(0, 5).map((_, index) => `spotify_a${index}`));
    expect(raw?.calls).toHaveLength(2);
    expect(read.asked).toEqual(['0/0', '1/0']);
  });

  it('brings a sink that was away when a slice was finished what it lacks, when it is back, and asks nothing of one that has left', async () => {
    const limits = { maxRecords: 2, maxBytes: 1e6 };
    let broken = true;
    const fail = (_batch: unknown, call: number) =>
      broken && call === 2 ? { when: 'before' as const, error: new RetryableError('503') } : undefined;
    const world = createWorld({
      sinks: [
        { name: 's3_raw', limits },
        { name: 'kinesis', limits, fail },
      ],
    });
    let slices = 1;
    const onPage = (slice: number): void => {
      if (slice === 1 && slices-- > 0) throw new RetryableError('502');
    };
    const read = createListStream({ slices: [[artists(0, 6)], [artists(6, 2)]], onPage });
    const stream = { stream: read, transform: toArtist, schemaVersion: '1' };
    const [raw, kinesis] = world.sinks;
    expect(await world.run([{ ...stream, sinks: world.sinks }])).toMatchObject({ status: 'failed' });
    // The slice that kinesis has a part of is finished without it, the other one not yet.
    slices = 1;
    const without = await world.run([{ ...stream, sinks: world.sinks.slice(0, 1) }]);
    expect(without).toMatchObject({ status: 'failed', problems: ['spotify.artists: 502'] });
    expect(Object.keys(firstStream(without).ledger.sinks)).toEqual(['s3_raw']);
    broken = false;
    const report = await world.run([{ ...stream, sinks: world.sinks }]);
    expect(report).toMatchObject({ status: 'complete', problems: [] });
    expect(kinesis?.records.map(({ id }) => id).sort()).toEqual(artists(0, 8).map((_, index) => `spotify_a${index}`));
    expect(raw?.calls).toHaveLength(4);
  });

  it('counts everything as pending for a sink that has joined, as long as its slices were not begun again', async () => {
    const world = createWorld({ sinks: [{ name: 's3_raw' }, { name: 'kinesis' }] });
    let failures = 1;
    const onPage = (slice: number): void => {
      if (slice === 2 && failures-- > 0) throw new RetryableError('502');
    };
    const stream = {
      stream: createListStream({ slices: [[artists(0, 3)], [artists(3, 2)], [artists(5, 1)]], onPage }),
      transform: toArtist,
      schemaVersion: '1',
    };
    await world.run([{ ...stream, sinks: world.sinks.slice(0, 1) }]);
    const report = await world.run([{ ...stream, sinks: world.sinks }], { deadline: () => -1, concurrency: 1 });
    expect(firstStream(report).ledger.sinks).toEqual({
      s3_raw: { delivered: 5, dead_lettered: 0, pending: 0 },
      kinesis: { delivered: 3, dead_lettered: 0, pending: 2 },
    });
    expect(report.problems).toEqual([expect.stringContaining('slice 1 was not begun')]);
  });
});
