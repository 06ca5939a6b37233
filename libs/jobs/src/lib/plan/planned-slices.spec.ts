import type { JsonObject, Stream } from '@loadin/pipeline';
import { plannedSlices } from './planned-slices.js';

/** One slice a day, from the day of the checkpoint on. */
const days: Stream = {
  id: 'shop.orders',
  source: 'shop',
  dataType: 'orders',
  readMode: 'incremental',
  cursor: { kinds: ['time'], ordered: true, of: () => undefined },
  plan: ({ since: [first] = ['2026-02-26T00:00:00Z'], scheduledTime }) => {
    const begin = Date.parse(first.slice(0, 10));
    const count = Math.ceil((Date.parse(scheduledTime) - begin) / 86_400_000);
    return Array.from({ length: count }, (_, ordinal) => ({
      ordinal,
      name: new Date(begin + ordinal * 86_400_000).toISOString().slice(0, 10),
      bounds: {},
    }));
  },
  key: () => undefined,
  read: async function* () {
    /* a plan reads nothing */
  },
};
const wanted = { job: 'hourly', scheduledTime: '2026-03-01T02:00:00Z', fullRefresh: false };
const synced = new Map<string, JsonObject>([['shop.orders', { last_sync_timestamp: '2026-02-28T10:00:00Z', cursor: '2026-02-28T10:00:00Z' }]]);

describe('the slices that a run would read', () => {
  it('are those from the checkpoint on', async () => {
    expect(await plannedSlices(days, { ...wanted, checkpoints: synced })).toEqual({ slices: ['2026-02-28', '2026-03-01'], notes: [] });
  });

  it('are all when everything is to be read again, and when there is no checkpoint yet', async () => {
    const all = ['2026-02-26', '2026-02-27', '2026-02-28', '2026-03-01'];
    expect(await plannedSlices(days, { ...wanted, fullRefresh: true, checkpoints: synced })).toEqual({ slices: all, notes: [] });
    expect(await plannedSlices(days, { ...wanted, checkpoints: new Map() })).toEqual({ slices: all, notes: [] });
    expect(await plannedSlices(days, wanted)).toEqual({
      slices: all,
      notes: ['the checkpoint of shop.orders is not known: it is planned from the beginning'],
    });
  });

  it('are cut without a question to the source, which is said', async () => {
    const asked: string[] = [];
    const surveyed: Stream = { ...days, survey: async () => ({ asked: asked.push('') }) };
    const { notes } = await plannedSlices(surveyed, { ...wanted, checkpoints: synced });
    expect(notes).toEqual(['shop.orders is surveyed when a run begins, and may be cut into other slices then']);
    expect(asked).toEqual([]);
  });

  it('are refused as a run would refuse them: for a checkpoint that is none', async () => {
    const checkpoints = new Map<string, JsonObject>([['shop.orders', { cursor: 'soon', last_sync_timestamp: 'soon' }]]);
    await expect(plannedSlices(days, { ...wanted, checkpoints })).rejects.toMatchObject({ action: 'fatal' });
  });
});
