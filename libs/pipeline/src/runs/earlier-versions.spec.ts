import { RetryableError } from '@loadin/resilience';
import type { JsonObject } from '../index.js';
import { artists, createListStream } from './list-stream.fixture.js';
import { createWorld, firstStream } from './run.fixture.js';

/** What versions before leases and phases did not write. */
const NEWER = ['lease', 'effort', 'time', 'began_at', 'ended_at', 'reached', 'reached_by', 'error', 'attempt_at', 'planning_ms'];

describe('a run that an earlier version began', () => {
  it.each([
    ['failed', (record: JsonObject) => record],
    ['was killed', (record: JsonObject) => ({ ...record, status: 'running' })],
  ])('and that %s is finished: what was acknowledged is not sent again, and the report balances', async (_, left) => {
    const world = createWorld();
    let failures = 1;
    const onPage = (slice: number, page: number): void => {
      if (slice === 1 && page === 1 && failures-- > 0) throw new RetryableError('502');
    };
    const stream = createListStream({ slices: [[artists(0, 6)], [artists(6, 6), artists(12, 3)]], onPage });
    expect((await world.run(stream)).status).toBe('failed');
    for await (const { key, value, revision } of world.state.list('')) {
      const old = Object.fromEntries(Object.entries(value).filter(([name]) => !NEWER.includes(name)));
      await world.state.put(key, key.startsWith('run/') ? left(old) : old, revision);
    }
    const report = await world.run(stream);
    expect(report).toMatchObject({ status: 'complete', attempts: 2, problems: [] });
    expect(firstStream(report)).toMatchObject({
      ledger: { read: 15, accepted: 15, sinks: { s3_raw: { delivered: 15 }, kinesis: { delivered: 15 } } },
      slices: { planned: 2, finished: 2 },
      checkpoint: { record_count: 15 },
    });
    expect(stream.asked).toEqual(['0/0', '1/0', '1/1']);
    expect(world.ids(1).sort()).toEqual(
      artists(0, 15)
        .map((_, n) => `spotify_a${n}`)
        .sort(),
    );
    expect(new Set(world.sinks[1]?.calls.map(({ sliceOrdinal, part }) => `${sliceOrdinal}/${part}`)).size).toBe(world.sinks[1]?.calls.length);
  });
});
