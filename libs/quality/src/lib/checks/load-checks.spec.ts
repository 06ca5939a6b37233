import { LOAD } from '../inspect.fixture.js';
import { inspect, messages, row, type Values } from '../inspect-rows.fixture.js';
import type { InspectorOptions } from '../types.js';

describe('freshness', () => {
  const fresh = (rows: readonly Values[], options: Partial<InspectorOptions> = {}) =>
    inspect([{ check: 'freshness', column: 'updated_at', max_age_minutes: 60, severity: 'stop' }], rows, options);

  it('is held against the scheduled time', async () => {
    expect((await fresh([row({ updated_at: '2026-03-01 01:00:00+00' }), row({ updated_at: '2020-01-01 00:00:00+00' })])).findings).toEqual([]);
    const old = await fresh([row({ updated_at: '2026-03-01 00:59:59+00' }), row({ updated_at: 'infinity' })]);
    expect(old.refusal).toBe(
      "orders is not as expected: the newest updated_at is 60 min older than the run's scheduled time; at most 60 min are expected",
    );
  });

  it('of an incremental load counts what was loaded before', async () => {
    const previous = (await inspect([], [row({ updated_at: '2026-03-01 01:30:00+00' })])).profile;
    const load = { ...LOAD, loadType: 'incremental' as const };
    expect((await fresh([], { previous, load })).findings).toEqual([]);
    // Rows that have changed without one that is new: what came two loads before counts as well.
    const updated = await fresh([row({ updated_at: '2026-02-01 00:00:00+00' })], { previous, load });
    expect(updated.findings).toEqual([]);
    expect((await fresh([], { previous: updated.profile, load })).findings).toEqual([]);
    expect((await fresh([], { previous })).findings).toEqual([
      expect.objectContaining({ status: 'unchecked', message: 'freshness: no row has a time in updated_at' }),
    ]);
  });
});

describe('a time that lies in the future', () => {
  it('does not make loads without new rows look fresh until then', async () => {
    const expectation = [{ check: 'freshness', column: 'updated_at', max_age_minutes: 60 }];
    const { profile: previous } = await inspect(expectation, [row({ updated_at: '2099-01-01 00:00:00+00' })]);
    const load = { ...LOAD, loadType: 'incremental' as const, scheduledTime: '2026-03-01T05:00:00Z' };
    expect(messages(await inspect(expectation, [], { previous, load }))).toEqual([
      "the newest updated_at is 3 h older than the run's scheduled time; at most 60 min are expected",
    ]);
  });
});

describe('the change of the number of rows', () => {
  const change = async (before: number, now: number, limits: object): Promise<string[]> => {
    const rows = (count: number): Values[] => Array.from({ length: count }, () => row());
    const previousOfKind = (await inspect([], rows(before))).profile;
    return messages(await inspect([{ check: 'row_count_change', ...limits }], rows(now), { previousOfKind }));
  };

  it('is measured in percent of the load before', async () => {
    expect(await change(10, 5, { max_drop_percent: 50 })).toEqual([]);
    expect(await change(10, 4, { max_drop_percent: 50 })).toEqual([
      '4 rows after 10 in the last full load (-60 %); a drop of at most 50 % is expected',
    ]);
    expect(await change(10, 12, { max_rise_percent: 10 })).toEqual([
      '12 rows after 10 in the last full load (+20 %); a rise of at most 10 % is expected',
    ]);
    expect(await change(10, 0, { max_rise_percent: 10 })).toEqual([]);
    expect(await change(0, 3, { max_rise_percent: 10 })).toEqual(['3 rows after a load without rows: no percentage']);
  });

  it('is that of changed rows, of loads that have no others, and says so', async () => {
    const load = { ...LOAD, loadType: 'incremental' as const };
    const previousOfKind = (await inspect([], [row(), row(), row()], { load })).profile;
    expect(messages(await inspect([{ check: 'row_count_change', max_drop_percent: 50 }], [row()], { load, previousOfKind }))).toEqual([
      '1 changed rows after 3 in the last incremental load (-66.7 %); a drop of at most 50 % is expected',
    ]);
    for (const [load_type, found] of [
      ['full', 0],
      ['incremental', 1],
    ] as const) {
      const expectation = { check: 'row_count_change', max_drop_percent: 50, load_type, severity: 'stop' };
      expect((await inspect([expectation], [row()], { load, previousOfKind })).findings).toHaveLength(found);
    }
    expect(messages(await inspect([{ check: 'unique', column: 'id' }], [row(), row()], { load }))).toEqual([
      '1 of 2 changed rows: id is that of an earlier row',
    ]);
  });

  it('is none for the first load, nor against one of another kind', async () => {
    const expect1 = [{ check: 'row_count_change', max_drop_percent: 0, severity: 'stop' }];
    expect((await inspect(expect1, [])).findings).toEqual([]);
    const previousOfKind = (await inspect([], [row()])).profile;
    expect((await inspect(expect1, [], { previousOfKind, load: { ...LOAD, loadType: 'incremental' } })).findings).toEqual([]);
  });
});
