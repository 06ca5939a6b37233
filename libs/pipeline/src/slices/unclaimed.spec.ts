import { RetryableError } from '@loadin/resilience';
import { createMemoryStateStore, type MemoryStateStore } from '@loadin/testing';
import type { Json, Slice, Stream } from '../index.js';
import { artists, createListStream } from '../runs/list-stream.fixture.js';
import { createWorld, firstStream } from '../runs/run.fixture.js';

/** Records of a slice say so by `of`; those without one are found by the searches of all slices. */
const belongs: Stream['belongs'] = (raw, { ordinal }: Slice) => {
  const of = (raw as { of?: number }).of;
  return of === undefined ? 'unclaimed' : of === ordinal;
};
const own = (slice: number, from: number, count: number): Json[] => artists(from, count).map((artist) => ({ ...(artist as object), of: slice }));
const nobodys = artists(100, 4);
const claimWrites = (state: MemoryStateStore) => state.history.filter(({ key }) => key.startsWith('claimed/'));

describe('records that belong to no slice by themselves', () => {
  const slices = [[[...own(0, 0, 3), ...nobodys], nobodys.slice(0, 1)], [[...nobodys, ...own(1, 10, 3)]]];

  it('are delivered once, by the slice that claims them first', async () => {
    const world = createWorld();
    const { ledger } = firstStream(await world.run(createListStream({ slices, belongs })));
    expect(ledger).toMatchObject({ read: 15, accepted: 10, deduplicated: 5, rejected: 0 });
    expect(new Set(world.ids(0)).size).toBe(10);
    expect(world.ids(0)).toHaveLength(10);
    expect(world.ids(1)).toHaveLength(10);
    expect(claimWrites(world.state)).toHaveLength(1);
  });

  it('cost no state at all where a stream has none', async () => {
    const asked: string[] = [];
    const world = createWorld({ state: { fail: (_operation, key) => void asked.push(key) } });
    await world.run(createListStream({ slices: [[own(0, 0, 3)], [own(1, 3, 3)]], belongs }));
    await world.run(createListStream({ id: 'spotify.tracks', slices: [[artists(0, 3)]] }), { at: '2024-11-08T01:00:00Z' });
    expect(asked.filter((key) => key.startsWith('claimed/'))).toEqual([]);
  });

  it('are not lost when the slice that claimed them ends before it delivered: its next attempt does, and no other slice', async () => {
    let crashed = false;
    const crash = (batch: { sliceOrdinal: number }) =>
      batch.sliceOrdinal === 0 && !crashed ? ((crashed = true), { when: 'before' as const, error: new RetryableError('killed') }) : undefined;
    const world = createWorld({ sinks: [{ name: 's3_raw', fail: crash }] });
    const stream = createListStream({ slices, belongs });
    expect(await world.run(stream, { concurrency: 1 })).toMatchObject({ status: 'failed' });
    // Slice 1 has ended meanwhile, and left them to slice 0.
    expect(world.ids(0).sort()).toEqual(['spotify_a10', 'spotify_a11', 'spotify_a12']);
    expect(await world.run(stream, { concurrency: 1 })).toMatchObject({ status: 'complete', attempts: 2 });
    expect(world.ids(0)).toHaveLength(10);
    expect(new Set(world.ids(0)).size).toBe(10);
  });

  it('stay with their slice when two attempts, on two machines, walk the slices in opposite order', async () => {
    const world = createWorld({ sinks: [{ name: 's3_raw' }] });
    // The other machine's attempt runs as a whole while slice 0 of this one waits for its first page: it claims everything for slice 1.
    let other: Promise<unknown> | undefined;
    const first = createListStream({ slices, belongs });
    const waiting: Stream = {
      ...first,
      async *read(slice, options) {
        if (slice.ordinal === 0) {
          other ??= world.run({ ...first, plan: first.plan, read: onlySlice(1) });
          await other;
        }
        yield* first.read(slice, options);
      },
    };
    const onlySlice = (ordinal: number): Stream['read'] =>
      async function* (slice, options) {
        if (slice.ordinal !== ordinal) throw new RetryableError('502');
        yield* first.read(slice, options);
      };
    await world.run(waiting, { concurrency: 1 });
    await world.run(first);
    expect(world.ids(0)).toHaveLength(10);
    expect(new Set(world.ids(0)).size).toBe(10);
    const ofSlice1 = world.sinks[0]?.batches.filter(({ sliceOrdinal }) => sliceOrdinal === 1).flatMap(({ records }) => records.map(({ id }) => id));
    expect(ofSlice1).toEqual(['spotify_a100', 'spotify_a101', 'spotify_a102', 'spotify_a103', 'spotify_a10', 'spotify_a11', 'spotify_a12']);
  });

  it('are claimed only by a slice that can deliver them: an unusable copy keeps no good one back', async () => {
    const world = createWorld();
    const bad = [{ id: 'x' }];
    const good = [{ id: 'x', name: 'good' }];
    const { ledger } = firstStream(await world.run(createListStream({ slices: [[bad], [good]], belongs }), { concurrency: 1 }));
    expect(ledger).toMatchObject({ read: 2, accepted: 1, rejected: 1 });
    expect(world.ids(0)).toEqual(['spotify_x']);
  });

  it('stop the slice, resumably, when the claim can not be stored', async () => {
    let failures = 1;
    const state = createMemoryStateStore({
      fail: (operation, key) =>
        operation === 'put' && key.startsWith('claimed/') && failures-- > 0
          ? { when: 'before', error: new RetryableError('DynamoDB is throttled') }
          : undefined,
    });
    const world = createWorld();
    const stream = createListStream({ slices, belongs });
    expect(await world.run(stream, { state, concurrency: 1 })).toMatchObject({ status: 'failed' });
    expect(await world.run(stream, { state })).toMatchObject({ status: 'complete' });
    expect(new Set(world.ids(0)).size).toBe(10);
    expect(world.ids(0)).toHaveLength(10);
  });
});
