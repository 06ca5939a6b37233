import { createMemorySink } from '@loadin/testing';
import { RetryableError } from '@loadin/resilience';
import fc from 'fast-check';
import { readCheckpoint, type Json, type Page, type Slice, type Stream } from '../index.js';
import { createWorld } from './run.fixture.js';

jest.setTimeout(60_000); // a second on an idle machine

/** A source that grows: records at whole hours and minutes of a day. */
interface Entry {
  readonly id: string;
  readonly at: string;
}
const time = (minute: number): string => new Date(Date.UTC(2024, 10, 8, 0, minute)).toISOString();
const seconds = (minute: number): string => `${time(minute).slice(0, 19)}Z`;

interface Shape {
  readonly ordered: boolean;
  /** Minutes that a slice has. */
  readonly cut: number;
}

/** It reads from `since` on, up to five minutes before the scheduled time, cut into slices; `failAt`: the n-th page from now on breaks. */
function createSource({ ordered, cut }: Shape) {
  const state = { entries: [] as Entry[], failAt: 0 };
  const stream: Stream = {
    id: 'spotify.artists',
    source: 'spotify',
    dataType: 'artists',
    readMode: 'incremental',
    cursor: { kinds: ['time'], ordered, of: (raw) => [(raw as unknown as Entry).at] },
    plan({ scheduledTime, since }) {
      const end = Date.parse(scheduledTime) - 300_000;
      const slices: Slice[] = [];
      for (let from = since === undefined ? Date.UTC(2024, 10, 8) - 1 : Date.parse(since[0]); from < end; from += cut * 60_000) {
        const [begin, to] = [new Date(from).toISOString(), new Date(Math.min(end, from + cut * 60_000)).toISOString()];
        const isFirst = slices.length === 0;
        const interval = { from: isFirst ? (since ?? null) : ([begin] as const), to: [to] as const };
        // What lies at the very place of the checkpoint is read again.
        slices.push({ ordinal: slices.length, name: begin, bounds: { from: begin, to, inclusive: isFirst }, interval });
      }
      return slices;
    },
    async *read({ bounds }, { after }): AsyncGenerator<Page> {
      const { from, to, inclusive } = bounds as { from: string; to: string; inclusive: boolean };
      const found = state.entries.filter(({ at }) => (at > from || (inclusive && at === from)) && at <= to);
      found.sort((a, b) => (ordered ? a.at.localeCompare(b.at) : a.id.localeCompare(b.id)));
      for (let page = typeof after === 'number' ? after : 0; ; page += 1) {
        state.failAt -= 1;
        if (state.failAt === 0) throw new RetryableError('the source answers 502 again and again');
        const records = found.slice(page * 2, page * 2 + 2) as unknown as Json[];
        const isLast = page * 2 + 2 >= found.length;
        yield { records, position: isLast ? null : page + 1, request: `GET ?page=${page}` };
        if (isLast) return;
      }
    },
    key: (raw) => (raw as unknown as Entry).id,
  };
  return { state, stream };
}

const hour = fc.record({
  /** Minutes of this hour at which something comes. */
  arrivals: fc.array(fc.integer({ min: 0, max: 59 }), { minLength: 20, maxLength: 150, size: 'max' }),
  /** At which page each attempt breaks; 0: at none. */
  attempts: fc.array(fc.integer({ min: 0, max: 70 }), { maxLength: 3, size: 'max' }),
  /** The hour whose run is tried once more then. */
  again: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
});

describe('an incremental stream that breaks at any page, attempt after attempt and run after run', () => {
  it.each([true, false])('delivers everything, passes nothing and repeats nothing within a run (ordered: %p)', async (ordered) => {
    await fc.assert(
      fc.asyncProperty(fc.array(hour, { minLength: 1, maxLength: 4, size: 'max' }), fc.constantFrom(7, 25, 300), async (hours, cut) => {
        const { state, stream } = createSource({ ordered, cut });
        const world = createWorld();
        await world.clock.sleep(7 * 86_400_000);
        const delivered = new Set<string>();
        let synced = '';
        const attempt = async (at: number, failAt: number): Promise<void> => {
          state.failAt = failAt;
          const sink = createMemorySink({ limits: { maxRecords: 3, maxBytes: 1e6 } });
          const transform = (raw: Json) => ({ ok: true as const, id: (raw as unknown as Entry).id, record: raw as { id: string } });
          const { status } = await world.run([{ stream, transform, sinks: [sink], schemaVersion: '1' }], { at: seconds(60 * at) });
          if (failAt === 0) expect(status).toBe('complete');
          const ids = sink.records.map(({ id }) => id);
          expect(new Set(ids).size).toBe(ids.length);
          for (const id of ids) delivered.add(id);
          const { last_sync_timestamp: now } = (await readCheckpoint(world.state, 'daily', stream.id)) ?? {};
          expect((now ?? '') >= synced).toBe(true);
          synced = now ?? synced;
          const passed = state.entries.filter((entry) => entry.at.localeCompare(synced.replace('Z', '.000Z')) < 0);
          for (const { id } of passed) expect(delivered).toContain(id);
        };
        for (const [i, { arrivals, attempts, again }] of hours.entries()) {
          state.entries.push(...arrivals.map((minute, n) => ({ id: `${i}-${n}`, at: time(60 * i + minute) })));
          for (const failAt of attempts) await attempt(i + 1, failAt);
          if (again !== undefined && again < i) await attempt(again + 1, 0);
        }
        await attempt(hours.length + 1, 0);
        expect([...delivered].sort()).toEqual(state.entries.map(({ id }) => id).sort());
      }),
      { seed: 20240115, numRuns: 15 },
    );
  });
});
