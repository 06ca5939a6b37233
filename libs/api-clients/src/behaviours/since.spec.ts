import type { RunReport } from '@loadin/pipeline';
import { createManualClock, type ManualClock } from '@loadin/testing';
import { payments, pageSize, startChangesApi, type ChangesApi, type Payment } from './changes-api.fixture.js';
import { caught, newPlace, run, type Place } from './run.fixture.js';

const key = 'canary-of-the-payments-api';
const at = (minute: number): string => new Date(Date.UTC(2026, 1, 28, 10, minute)).toISOString();
/** 34 payments; six of them have the same time, over a page's edge. */
const rowsOf = (): Payment[] =>
  Array.from({ length: 34 }, (_, i) => ({ id: `p${String(i).padStart(2, '0')}`, updated_at: at(i >= 8 && i <= 13 ? 10 : i), amount: `${i}.50` }));

describe('?since= APIs', () => {
  let clock: ManualClock;
  let api: ChangesApi;
  beforeEach(async () => {
    clock = createManualClock(Date.parse('2026-03-01T12:00:05Z'));
    api = await startChangesApi(key, rowsOf());
  });
  afterEach(() => api.close());

  /** A run of the job, hour after hour or once more. Runs that are to go on from each other share the state. */
  const attempt = async (place: Place, scheduled: string, apiKey = key): Promise<RunReport> => {
    const client = payments.connect({ apiKey, baseUrl: api.url, clock, random: () => 0.5, attempts: 0 });
    const { report } = await run({ clock }, [payments.stream('payments', { client })], place, { at: scheduled });
    await client.close();
    return report;
  };
  /** Another place for what is delivered, with the checkpoints of this one. */
  const after = ({ state }: Place): Place => ({ ...newPlace(), state });
  const ids = ({ sink }: Place): string[] => sink.records.map(({ id }) => id.replace('payments_', ''));
  const all = (): string[] => api.rows.map(({ id }) => id).sort();

  it('behaviour 25: the cursor moves only after the last page is stored', async () => {
    const place = newPlace();
    api.failAt(3);
    expect(await attempt(place, '2026-03-01T12:00:00Z')).toMatchObject({ status: 'failed', streams: [{ checkpoint: null }] });
    expect(await attempt(place, '2026-03-01T12:00:00Z')).toMatchObject({
      status: 'complete',
      attempts: 2,
      streams: [{ checkpoint: { cursor: at(33) } }],
    });
    const calls = api.asked().length;
    api.rows.push({ id: 'new', updated_at: '2026-03-01T12:30:00.000Z', amount: '1.00' });
    const later = after(place);
    await clock.sleep(3_600_000);
    expect(await attempt(later, '2026-03-01T13:00:00Z')).toMatchObject({ status: 'complete' });
    expect(Date.parse(api.asked()[calls] ?? '')).toBe(Date.parse(at(33)) - 1);
    // What lies at the very place where the run before ended is asked for again: more may have turned up there.
    expect(ids(later)).toEqual(['p33', 'new']);
  });

  it.each([1, 2, 3, 4])('behaviour 25: a crash at call %i loses nothing and duplicates nothing visible', async (n) => {
    const place = newPlace();
    api.failAt(n);
    expect((await attempt(place, '2026-03-01T12:00:00Z')).status).toBe('failed');
    expect((await attempt(place, '2026-03-01T12:00:00Z')).status).toBe('complete');
    expect(ids(place).sort()).toEqual(all());
    expect(new Set(ids(place)).size).toBe(ids(place).length);
  });

  it('behaviour 25: what changes between the crash and the next attempt arrives, if not with this run then with the next', async () => {
    const first = newPlace();
    const second = after(first);
    api.failAt(3);
    await attempt(first, '2026-03-01T12:00:00Z');
    const changed = { id: 'p30', updated_at: '2026-03-01T12:10:00.000Z', amount: '99.00' };
    api.rows[30] = changed;
    expect((await attempt(first, '2026-03-01T12:00:00Z')).status).toBe('complete');
    await clock.sleep(3_600_000);
    expect((await attempt(second, '2026-03-01T13:00:00Z')).status).toBe('complete');
    expect(ids(first).sort()).toEqual(all().filter((id) => id !== 'p30'));
    expect(second.sink.records.map(({ value }) => value)).toEqual([api.rows.at(-1), changed]);
  });

  it('behaviour 25: records with one time are not cut apart by a page’s edge', async () => {
    const place = newPlace();
    expect(api.rows.filter(({ updated_at: time }) => time <= at(10)).length).toBeGreaterThan(pageSize);
    expect((await attempt(place, '2026-03-01T12:00:00Z')).status).toBe('complete');
    expect(ids(place).sort()).toEqual(all());
  });

  it('behaviour 25: an x-api-key 401 is fatal, asked once, and the key is in no text', async () => {
    const wrong = 'canary-that-is-refused';
    const place = newPlace();
    const report = await attempt(place, '2026-03-01T12:00:00Z', wrong);
    expect(report.streams[0]?.error).toMatchObject({ action: 'fatal', hint: expect.stringContaining('API_KEY_SECRET_ARN') });
    expect(api.asked()).toHaveLength(1);
    const client = payments.connect({ apiKey: wrong, baseUrl: api.url, clock });
    const error = await caught(client.page('payments'));
    await client.close();
    expect(JSON.stringify([report, place.logger.lines, String(error), error])).not.toContain('canary');
  });
});
