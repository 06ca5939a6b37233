import { createMemoryObjectStore, createMemoryStateStore } from '@loadin/testing';
import { checkpointKey } from '../checkpoint.js';
import { toArtist } from '../runs/list-stream.fixture.js';
import { ensurePlan, type StreamPlan } from './plan.js';
import type { JsonObject } from '../ports/json.js';
import type { PlanContext, Slice, Stream } from '../ports/stream.js';

const hour = (n: number): string => `2024-01-15T${String(n).padStart(2, '0')}:00:00Z`;

/** A stream in the order of time, cut every six hours up to the scheduled time. */
function createLog(ordered = true, isEndKnown = true): Stream & { readonly contexts: PlanContext[] } {
  const contexts: PlanContext[] = [];
  return {
    id: 'shop.log',
    source: 'shop',
    dataType: 'log',
    readMode: 'incremental',
    cursor: { kinds: ['time'], ordered, of: () => undefined },
    contexts,
    plan(context) {
      contexts.push(context);
      const first = Number(context.since?.[0].slice(11, 13) ?? 0);
      const end = Number(context.scheduledTime.slice(11, 13));
      const starts = Array.from({ length: Math.ceil((end - first) / 6) }, (_, i) => first + 6 * i);
      return starts.map((from, ordinal): Slice => ({
        ordinal,
        name: `from ${from}`,
        bounds: {},
        interval: {
          from: ordinal === 0 && context.since === undefined ? null : [hour(from)],
          to: isEndKnown ? [hour(Math.min(end, from + 6))] : null,
        },
      }));
    },
    read: async function* () {
      /* not read here */
    },
    key: () => undefined,
  };
}

function world(stream: Stream = createLog()) {
  const [lake, state] = [createMemoryObjectStore(), createMemoryStateStore()];
  const job = { name: 'hourly', streams: [{ stream, transform: toArtist, sinks: [], schemaVersion: '1' }] };
  const plan = async (runId: string, at: string, fullRefresh?: boolean): Promise<StreamPlan> => {
    const made = await ensurePlan(job, runId, at, { lake, state, ...(fullRefresh !== undefined && { fullRefresh }) });
    return made.plan.streams[0] as StreamPlan;
  };
  const checkpoint = (value: JsonObject) => state.put(checkpointKey('hourly', 'shop.log'), value, null);
  return { plan, checkpoint };
}

describe('the plan of an incremental stream', () => {
  it('begins at the checkpoint, and keeps what it was given for every later attempt', async () => {
    const stream = createLog();
    const { plan, checkpoint } = world(stream);
    await checkpoint({ last_sync_timestamp: hour(8), cursor: hour(8) });
    const first = await plan('a', hour(12));
    expect(first).toMatchObject({ since: [hour(8)], slices: [{ interval: { from: [hour(8)], to: [hour(12)] } }] });
    expect(await plan('a', hour(12))).toEqual(first);
    expect(stream.contexts).toEqual([{ scheduledTime: hour(12), since: [hour(8)], fullRefresh: false }]);
  });

  it('begins at the beginning without a checkpoint', async () => {
    const { plan } = world();
    const first = await plan('a', hour(12));
    expect(first.slices.map(({ interval }) => interval?.from)).toEqual([null, [hour(6)]]);
    expect(first).not.toHaveProperty('since');
  });

  it('has nothing to read at a time that is covered already, and says so', async () => {
    const { plan, checkpoint } = world();
    const intervals = [{ from: [hour(8)], to: [hour(20)] }];
    await checkpoint({ last_sync_timestamp: hour(8), cursor: hour(8), intervals, intervals_of: [hour(8)] });
    const late = await plan('late', hour(14));
    expect(late.slices).toEqual([]);
    expect(late.notes).toEqual([{ kind: 'skipped', message: `shop.log has been read beyond ${hour(14)} already: nothing is left to read` }]);
    expect((await plan('next', hour(21))).slices).toHaveLength(3);
  });

  it('leaves out the slices that an earlier run has finished beyond one that it has not', async () => {
    const { plan, checkpoint } = world();
    await checkpoint({ last_sync_timestamp: null, cursor: null, intervals: [{ from: [hour(6)], to: [hour(12)] }], intervals_of: null });
    expect((await plan('a', hour(18))).slices.map(({ ordinal, name }) => [ordinal, name])).toEqual([
      [0, 'from 0'],
      [2, 'from 12'],
    ]);
  });

  it('reads everything again when it is asked to', async () => {
    const { plan, checkpoint } = world();
    await checkpoint({ last_sync_timestamp: hour(20), cursor: hour(20) });
    const full = await plan('a', hour(12), true);
    expect(full.slices).toHaveLength(2);
    expect(full).not.toHaveProperty('since');
  });

  it.each([
    [true, 'this run was planned to read everything again', 'with --full-refresh'],
    [false, 'this run was planned to read on from the checkpoints', 'without --full-refresh'],
  ])('can not be changed by a retry (full refresh: %p)', async (planned, message, hint) => {
    const { plan } = world();
    await plan('a', hour(12), planned);
    await expect(plan('a', hour(12), !planned)).rejects.toMatchObject({
      action: 'fatal',
      message: expect.stringContaining(message),
      hint: `Finish it ${hint}, or make a new one (another time; --again for a manual run).`,
    });
    expect((await plan('a', hour(12))).slices).toHaveLength(2);
    expect((await plan('a', hour(12), planned)).slices).toHaveLength(2);
  });

  it('is everything once more after runs in full, and says so', async () => {
    const { plan, checkpoint } = world();
    await checkpoint({ last_sync_timestamp: hour(8), record_count: 7, updated_at: hour(8), run_id: 'a full one' });
    expect(await plan('a', hour(12))).toMatchObject({
      slices: { length: 2 },
      notes: [{ kind: 'skipped', message: expect.stringContaining('read in full until now') }],
    });
  });

  it('says that the checkpoint can not move where no end is known and there is no order', async () => {
    const { plan } = world(createLog(false, false));
    expect(await plan('a', hour(12))).toMatchObject({
      notes: [{ kind: 'capability', message: expect.stringContaining('its checkpoint does not move') }],
    });
  });

  it('is not made from a checkpoint that is no cursor', async () => {
    const { plan, checkpoint } = world();
    await checkpoint({ last_sync_timestamp: 'yesterday' });
    await expect(plan('a', hour(12))).rejects.toMatchObject({
      action: 'fatal',
      message: expect.stringContaining('["yesterday"]'),
      where: expect.stringContaining('shop.log'),
    });
  });
});
