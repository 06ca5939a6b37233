import { FatalError, StopError } from '@loadin/resilience';
import { readCheckpoint } from '../checkpoint.js';
import { artists, createListStream, toArtist } from './list-stream.fixture.js';
import { AT, createWorld, firstStream } from './run.fixture.js';

describe('a run', () => {
  it('delivers every record to every sink, balances its ledger and moves the checkpoint', async () => {
    const world = createWorld();
    const report = await world.run(createListStream({ slices: [[artists(0, 3), artists(3, 3)], [artists(6, 2)]] }));
    const ledger = { pages: 3, read: 8, accepted: 8, rejected: 0, deduplicated: 0, null_entries: 0 };
    const all = { delivered: 8, dead_lettered: 0, pending: 0 };
    expect(report).toMatchObject({ status: 'complete', already_complete: false, attempts: 1, problems: [] });
    expect(firstStream(report).ledger).toEqual({ ...ledger, sinks: { s3_raw: all, kinesis: all } });
    expect(world.ids(0).sort()).toEqual(artists(0, 8).map((_, i) => `spotify_a${i}`));
    expect(world.ids(1).sort()).toEqual(world.ids(0).sort());
    expect(await readCheckpoint(world.state, 'daily', 'spotify.artists')).toMatchObject({
      last_sync_timestamp: AT,
      record_count: 8,
      run_id: report.run_id,
    });
  });

  it('writes its plan before it reads, and takes all times in output from it', async () => {
    const world = createWorld();
    const stream = createListStream({
      slices: [[artists(0, 1)]],
      onPage: () => expect([...world.lake.objects.keys()]).toEqual([expect.stringMatching(/^_loadin\/plans\/daily\//)]),
    });
    await world.run(stream);
    expect(stream.asked).toEqual(['0/0']);
    expect(world.sinks[0]?.batches[0]).toMatchObject({ second: AT, part: 0, sliceOrdinal: 0 });
  });

  it('takes the next free second when another run has the scheduled one', async () => {
    const world = createWorld();
    const read = () => createListStream({ slices: [[artists(0, 1)]] });
    await world.run(read());
    await world.run([{ stream: read(), transform: toArtist, sinks: world.sinks, schemaVersion: '1' }], { only: ['spotify.artists'] });
    expect(world.sinks[0]?.batches.map((batch) => batch.second)).toEqual([AT, '2024-11-08T02:00:01Z']);
  });

  it('delivers an id once, however often the source gives it, and leaves out what belongs to another slice', async () => {
    const world = createWorld();
    const stream = createListStream({ slices: [[artists(0, 3), artists(1, 3)]], belongs: (raw) => JSON.stringify(raw).includes('a3') === false });
    const { ledger } = firstStream(await world.run(stream));
    expect(ledger).toMatchObject({ read: 6, accepted: 3, deduplicated: 3 });
    expect(world.ids(0)).toEqual(['spotify_a0', 'spotify_a1', 'spotify_a2']);
  });

  it('tells of every accepted record, once for each id', async () => {
    const world = createWorld();
    const told: string[] = [];
    const stream = createListStream({ slices: [[artists(0, 3), artists(1, 3)]] });
    await world.run([
      { stream, transform: toArtist, sinks: world.sinks, schemaVersion: '1', onAccepted: ({ id, hash }) => void told.push(`${id} ${hash.length}`) },
    ]);
    expect(told).toEqual([0, 1, 2, 3].map((n) => `spotify_a${n} 32`));
  });

  it('sends rejected records to the dead letters, unaltered and with the path that is wrong', async () => {
    const world = createWorld();
    const report = await world.run([
      {
        stream: createListStream({ slices: [[[{ id: 'x', nom: 'é' }, 'odd', ...artists(0, 2)]]] }),
        transform: toArtist,
        sinks: world.sinks,
        schemaVersion: '1',
        maxRejected: 0.5,
      },
    ]);
    expect(firstStream(report).ledger).toMatchObject({ read: 4, accepted: 2, rejected: 2 });
    const key = [...world.lake.objects.keys()].find((name) => name.startsWith('dead-letters/')) ?? '';
    expect(key).toMatch(
      new RegExp(`^dead-letters/spotify/artists/date=2024-11-08/run=${report.run_id}/slice=00000-transform-000000-[0-9a-f]{8}\\.ndjson$`),
    );
    const letters = world.lake
      .text(key)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(letters[0]).toMatchObject({ stage: 'transform', reason: 'name: is missing', sinks: ['s3_raw', 'kinesis'], record: { id: 'x', nom: 'é' } });
    expect(letters[1]).toMatchObject({ record: 'odd' });
    expect(world.sinks[0]?.batches[0]).toMatchObject({ rejected: 2 });
    expect(report).toMatchObject({ status: 'complete', problems: [] });
  });

  it('skips and counts nulls that the source sends in the place of records', async () => {
    const world = createWorld();
    const report = await world.run(createListStream({ slices: [[[null, ...artists(0, 2), null]]] }));
    expect(firstStream(report).ledger).toMatchObject({ read: 2, accepted: 2, rejected: 0, null_entries: 2 });
    expect(report.problems).toEqual([]);
  });

  it('names it a problem when more is rejected than the stream allows', async () => {
    const world = createWorld();
    const report = await world.run(createListStream({ slices: [[[{ id: 'x' }, ...artists(0, 9)]]] }));
    expect(report.problems).toEqual(['spotify.artists: 1 of 10 records were rejected or dead-lettered (10 %); max_rejected allows 1.0 %']);
    expect(report.status).toBe('complete');
  });

  it('dead-letters what a sink will never take, for that sink alone', async () => {
    const world = createWorld({
      sinks: [{ name: 's3_raw' }, { name: 'kinesis', refuse: (record) => (record.id === 'spotify_a1' ? 'larger than 1 MiB' : undefined) }],
    });
    const report = await world.run(createListStream({ slices: [[artists(0, 3)]] }));
    expect(firstStream(report).ledger.sinks).toEqual({
      s3_raw: { delivered: 3, dead_lettered: 0, pending: 0 },
      kinesis: { delivered: 2, dead_lettered: 1, pending: 0 },
    });
    const key = [...world.lake.objects.keys()].find((name) => name.includes('-kinesis-000000-')) ?? '';
    expect(JSON.parse(world.lake.text(key))).toMatchObject({
      stage: 'sink',
      reason: 'larger than 1 MiB',
      sinks: ['kinesis'],
      record: { artist_id: 'spotify_a1' },
    });
  });

  it('reports what the source can never give as a problem', async () => {
    const world = createWorld();
    const report = await world.run(
      createListStream({ slices: [[artists(0, 1)]], notes: () => [{ kind: 'truncated', message: '7 venues of US can not be reached', missing: 7 }] }),
    );
    expect(report).toMatchObject({ status: 'complete', problems: ['spotify.artists: 7 venues of US can not be reached'] });
  });
});

describe('several streams', () => {
  const two = (onPage?: () => void) => [
    createListStream({ id: 'ticketmaster.venues', slices: [[artists(10, 1)]], readsAfter: ['ticketmaster.events'] }),
    createListStream({ id: 'ticketmaster.events', slices: [[artists(20, 1)]], onPage }),
    createListStream({ slices: [[artists(0, 1)]] }),
  ];

  it('go on when one of them fails, except the one that reads what the failed one lands', async () => {
    const world = createWorld();
    const report = await world.run(
      two(() => {
        throw new FatalError('the key is not valid');
      }),
    );
    expect(report.streams.map(({ stream, status }) => [stream, status])).toEqual([
      ['ticketmaster.venues', 'not_started'],
      ['ticketmaster.events', 'failed'],
      ['spotify.artists', 'complete'],
    ]);
    expect(report.status).toBe('failed');
  });

  it('stop resumably when a source asks for it, and say until when', async () => {
    const world = createWorld();
    const stop = () => {
      throw new StopError('the daily quota is spent', { reason: 'quota', resumeAfter: '2024-11-09T00:00:00Z' });
    };
    expect(await world.run(two(stop))).toMatchObject({ status: 'stopped', reason: 'quota', resume_after: '2024-11-09T00:00:00Z' });
    expect(await world.run(two())).toMatchObject({ status: 'complete', attempts: 2 });
  });

  it('end as cancelled when the caller aborts', async () => {
    const world = createWorld();
    const controller = new AbortController();
    const report = await world.run(createListStream({ slices: [[artists(0, 1)], [artists(1, 1)]], onPage: () => controller.abort() }), {
      signal: controller.signal,
      concurrency: 1,
    });
    expect(report).toMatchObject({ status: 'stopped', reason: 'cancelled', problems: [] });
  });
});
