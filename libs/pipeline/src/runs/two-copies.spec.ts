import { RetryableError } from '@loadin/resilience';
import { createManualClock, type ManualClock } from '@loadin/testing';
import type { JobStream, Json, ObjectStore, Page, RunReport, Sink, Stream } from '../index.js';
import { artists, createListStream, toArtist } from './list-stream.fixture.js';
import { createWorld, firstStream } from './run.fixture.js';

const LEASE_MS = 30_000;

/** The clock of a process that is paused: nothing that it waits for comes, so that it does not renew its leases. */
const paused = (clock: ManualClock): ManualClock => createManualClock(clock.now(), { auto: false });

/** Calls `meanwhile` before it gives its n-th page of a slice (from 0). */
function interrupted(stream: Stream, at: { slice: number; page: number }, meanwhile: () => Promise<void>): Stream {
  return {
    ...stream,
    async *read(slice, options): AsyncGenerator<Page> {
      let page = 0;
      for await (const next of stream.read(slice, options)) {
        if (slice.ordinal === at.slice && page === at.page) await meanwhile();
        page += 1;
        yield next;
      }
    },
  };
}

/** Takes ten seconds for every page. */
const slow = (stream: Stream, clock: ManualClock): Stream => ({
  ...stream,
  async *read(slice, options): AsyncGenerator<Page> {
    for await (const page of stream.read(slice, options)) {
      await clock.sleep(10_000);
      yield page;
    }
  },
});

const slices = (count: number): Json[][][] => Array.from({ length: count }, (_, slice) => [artists(slice * 10, 2), artists(slice * 10 + 2, 2)]);
const idsOf = (count: number): string[] =>
  slices(count)
    .flat(2)
    .map((raw) => `spotify_${(raw as { id: string }).id}`)
    .sort();

describe('two copies of one run', () => {
  it('that begin at the same moment share its slices, and exactly one finishes it', async () => {
    const world = createWorld();
    const streams = [createListStream({ slices: slices(6) }), createListStream({ slices: slices(6) })];
    const reports = await Promise.all(streams.map((stream) => world.run(slow(stream, world.clock), { concurrency: 2 })));
    expect(reports.map(({ status }) => status)).toEqual(['complete', 'complete']);
    expect(reports.map(({ already_complete }) => already_complete).sort()).toEqual([false, true]);
    expect(streams.flatMap(({ asked }) => asked).sort()).toEqual([...Array(6).keys()].flatMap((slice) => [`${slice}/0`, `${slice}/1`]));
    expect(streams.every(({ asked }) => asked.length > 0)).toBe(true);
    expect(world.ids(1).sort()).toEqual(idsOf(6));
    expect(world.sinks[1]?.calls).toHaveLength(6);
    const [report] = reports;
    expect(firstStream(report as RunReport)).toMatchObject({ ledger: { read: 24, sinks: { kinesis: { delivered: 24, pending: 0 } } } });
    expect((report as RunReport).attempts).toBe(2);
  });

  it('take over what a dead one held after one length of its lease, and not before', async () => {
    const world = createWorld();
    const dead = interrupted(createListStream({ slices: slices(2) }), { slice: 0, page: 1 }, () => new Promise(() => undefined));
    void world.run(dead, { clock: paused(world.clock), concurrency: 1 });
    await settled();
    const began = world.clock.now();
    const takenOver: number[] = [];
    const stream = interrupted(
      createListStream({ slices: slices(2) }),
      { slice: 0, page: 0 },
      async () => void takenOver.push(world.clock.now() - began),
    );
    const report = await world.run(stream);
    expect(report).toMatchObject({ status: 'complete', attempts: 2 });
    expect(takenOver).toEqual([LEASE_MS]);
    expect(world.ids(0).sort()).toEqual(idsOf(2));
  });

  it('end with the report of the one that took over: what woke up stops, naming it, and has changed nothing', async () => {
    const world = createWorld();
    let copy: RunReport | undefined;
    const asleep = interrupted(createListStream({ slices: slices(1) }), { slice: 0, page: 1 }, async () => {
      copy = await world.run(createListStream({ slices: slices(1) }));
    });
    const zombie = await world.run(asleep, { clock: paused(world.clock) });
    expect(copy).toMatchObject({ status: 'complete', attempts: 2 });
    // Finishing, it finds that all is done.
    expect(zombie).toEqual({ ...copy, already_complete: true });
    expect(world.ids(0).sort()).toEqual(idsOf(1));
    expect(await world.run(createListStream({ slices: slices(1) }))).toEqual({ ...copy, already_complete: true });
  });

  it('change nothing when one of them is only a zombie: its saves fail, and its batch is what the lake has already, or a repetition on the stream', async () => {
    const limits = { maxRecords: 2, maxBytes: 1e6 };
    const world = createWorld({ sinks: [{ name: 's3_raw', limits }] });
    const sent: string[] = [];
    const kinesis: Sink = {
      name: 'kinesis',
      limits,
      async write({ records }) {
        sent.push(...records.map(({ id }) => id));
        return { acks: records.map(() => ({ status: 'delivered' })), objects: [] };
      },
    };
    let copy: RunReport | undefined;
    let writes = 0;
    // It falls asleep with its second batch in its hands, and sends it when it wakes up.
    const sleepy = (sink: Sink): Sink => ({
      ...sink,
      async write(batch, options) {
        writes += 1;
        if (writes === 2) copy = await world.run([stream([...world.sinks, kinesis])]);
        return sink.write(batch, options);
      },
    });
    const stream = (sinks: readonly Sink[]): JobStream => ({
      stream: createListStream({ slices: slices(1) }),
      transform: toArtist,
      sinks,
      schemaVersion: '1',
    });
    const zombie = await world.run([stream([...world.sinks, sleepy(kinesis)])], { clock: paused(world.clock) });
    expect(copy).toMatchObject({ status: 'complete' });
    expect(zombie).toEqual({ ...copy, already_complete: true });
    expect(world.ids(0)).toEqual(idsOf(1));
    // The first batch was sent and noted; the second was sent by the one that took over, and again by the zombie; nothing came after it.
    expect(sent).toEqual([...idsOf(1), ...idsOf(1).slice(2)]);
    const last = world.state.history.filter(({ key }) => key.startsWith('progress/')).at(-1);
    expect(last?.value).toMatchObject({ finished: expect.anything(), lease: { owner: null, generation: 2 } });
  });

  it('that lost a slice in the middle stop there, and name who has taken over', async () => {
    const world = createWorld();
    let copy: Promise<RunReport> | undefined;
    let stuck = true;
    const waiting = interrupted(createListStream({ slices: slices(1) }), { slice: 0, page: 0 }, async () => {
      // At work as long as the other one looks.
      while (stuck) await world.clock.sleep(1_000);
    });
    const asleep = interrupted(createListStream({ slices: slices(1) }), { slice: 0, page: 1 }, async () => {
      copy = world.run(waiting);
      await world.clock.sleep(2 * LEASE_MS);
    });
    const zombie = await world.run(asleep, { clock: paused(world.clock) });
    expect(zombie).toMatchObject({ status: 'stopped', reason: 'lease', streams: [{ status: 'stopped', checkpoint: null }] });
    expect(zombie.problems).toEqual([expect.stringMatching(/^spotify\.artists: \S+\/\d+\/\w+ has taken over: /)]);
    stuck = false;
    expect(await copy).toMatchObject({ status: 'complete', problems: [] });
  });

  it('leave run and report to the one that is at work: the other stops, and names it with the time of its lease', async () => {
    const world = createWorld();
    let second: RunReport | undefined;
    const first = interrupted(createListStream({ slices: slices(2) }), { slice: 0, page: 1 }, async () => {
      second = await world.run(createListStream({ slices: slices(2) }));
      expect([...world.lake.objects.keys()].filter((key) => key.startsWith('_loadin/reports/'))).toEqual([]);
    });
    const report = await world.run(first, { concurrency: 1 });
    expect(second).toMatchObject({ status: 'stopped', reason: 'lease', resume_after: expect.stringMatching(/^2024-11-08T02:0/) });
    expect(second?.problems).toEqual([expect.stringMatching(/^spotify\.artists: \S+\/\d+\/\w+ is at work on this: it holds the lease until 2024-/)]);
    expect(report).toMatchObject({ status: 'complete', problems: [] });
    expect(world.ids(0).sort()).toEqual(idsOf(2));
  });

  it('are told of the failure of the one that was at work, and its report is stored: the other one has left the run to it', async () => {
    const world = createWorld();
    let second: RunReport | undefined;
    const failing = interrupted(createListStream({ slices: slices(1) }), { slice: 0, page: 1 }, async () => {
      second = await world.run(createListStream({ slices: slices(1) }));
      throw new RetryableError('502');
    });
    const report = await world.run(failing);
    expect(second).toMatchObject({ status: 'stopped', reason: 'lease' });
    expect(report).toMatchObject({ status: 'failed', attempts: 2, problems: ['spotify.artists: 502'] });
    expect(JSON.parse(world.lake.text(`_loadin/reports/daily/${report.run_id}.json`))).toMatchObject({ status: 'failed' });
    expect((await world.state.get(`run/${report.run_id}`))?.value).toMatchObject({ status: 'failed' });
    expect(await world.run(createListStream({ slices: slices(1) }))).toMatchObject({ status: 'complete', problems: [] });
    expect(world.ids(0).sort()).toEqual(idsOf(1));
  });

  it('get the report of the complete run back after one that had failed put its own over it', async () => {
    const world = createWorld();
    const stream = () => createListStream({ slices: [[artists(0, 3)]] });
    const failing = createListStream({
      slices: [[artists(0, 3)]],
      onPage: () => {
        throw new RetryableError('the source is down');
      },
    });
    let slept = false;
    const sleepy: ObjectStore = {
      ...world.lake,
      async put(key, body, options) {
        if (key.startsWith('_loadin/reports/') && !slept) {
          slept = true;
          expect((await world.run(stream())).status).toBe('complete');
        }
        await world.lake.put(key, body, options);
      },
    };
    expect((await world.run(failing, { lake: sleepy, clock: paused(world.clock) })).status).toBe('failed');
    const report = await world.run(stream());
    expect(report).toMatchObject({ status: 'complete', attempts: 3 });
    expect(firstStream(report).ledger).toMatchObject({ read: 3, accepted: 3, sinks: { s3_raw: { delivered: 3 }, kinesis: { delivered: 3 } } });
    expect(world.ids(1)).toHaveLength(3);
    expect(await world.run(stream())).toMatchObject({ status: 'complete', already_complete: true });
  });
});

/** Long enough for whatever waits for no clock to come to its end. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
