import { assertMayCommit } from './inspection.js';
import { inspect, inspectRecords, messages, row } from './inspect-rows.fixture.js';

describe('an expectation', () => {
  it('that holds is no finding', async () => {
    const found = await inspect(
      [
        { check: 'not_null', columns: ['id', 'total'], severity: 'stop' },
        { check: 'unique', column: 'id', severity: 'quarantine' },
        { check: 'range', column: 'total', min: 0, max: 10 },
        { check: 'regex', column: 'status', pattern: '^[a-z]+$' },
        { check: 'allowed_values', column: 'status', values: ['paid', 'shipped'] },
        { check: 'freshness', column: 'updated_at', max_age_minutes: 60 },
      ],
      [row(), row({ id: '2' })],
    );
    expect(found).toMatchObject({ rows: 2, leftOut: 0, findings: [], leftOutRows: [] });
    expect(() => assertMayCommit(found, 'bronze/orders')).not.toThrow();
  });

  it('warns: all rows are loaded, and the report says how many break it', async () => {
    const found = await inspect([{ check: 'not_null', column: 'total' }], [row(), row({ total: null }), row({ total: null })]);
    expect(found.findings).toEqual([
      { check: 'not_null', columns: ['total'], severity: 'warn', status: 'broken', rows: 2, message: '2 of 3 rows: total is null' },
    ]);
    expect(found).toMatchObject({ leftOut: 0, leftOutRows: [] });
    expect(found.refusal).toBeUndefined();
  });

  it('quarantines: the row is left out with every reason, and is in no profile', async () => {
    const found = await inspect(
      [
        { check: 'range', column: 'total', min: 0, severity: 'quarantine' },
        { check: 'allowed_values', column: 'status', values: ['paid'], severity: 'quarantine' },
        { check: 'not_null', column: 'updated_at' },
      ],
      [row(), row({ total: '-1', status: 'lost', updated_at: null }), row({ status: 'gone' })],
    );
    expect(found.leftOutRows).toEqual([
      { row: 1, reason: 'total is not at least 0; status is none of paid' },
      { row: 2, reason: 'status is none of paid' },
    ]);
    expect(found).toMatchObject({ rows: 3, leftOut: 2, profile: { rows: 1 } });
    expect(messages(found)).toEqual([
      '1 of 3 rows: total is not at least 0',
      '2 of 3 rows: status is none of paid',
      '1 of 3 rows: updated_at is null',
    ]);
  });

  it('stops: the commit is refused with a reason and what to do, without any value', async () => {
    const found = await inspect(
      [
        { check: 'regex', column: 'status', pattern: '^[a-z]+$', severity: 'stop' },
        { check: 'not_null', column: 'id', severity: 'stop' },
      ],
      [row({ status: 'SECRET 1' }), row({ id: null })],
    );
    expect(found.refusal).toBe('orders is not as expected: 1 of 2 rows: status does not match ^[a-z]+$ · 1 of 2 rows: id is null');
    expect(() => assertMayCommit(found, 'bronze/orders')).toThrow(
      expect.objectContaining({
        name: 'FatalError',
        message: found.refusal,
        where: 'bronze/orders',
        hint: expect.stringContaining('Nothing was committed') as string,
      }) as Error,
    );
    expect(JSON.stringify({ ...found, profile: undefined })).not.toContain('SECRET');
  });

  it('of a column that is not there is refused before the first row', async () => {
    await expect(inspect([{ check: 'not_null', column: 'totl' }], [])).rejects.toThrow(
      expect.objectContaining({
        name: 'FatalError',
        message: 'There is no column "totl" to expect something of',
        hint: 'Columns: id, total, status, updated_at.',
      }) as Error,
    );
  });

  it('holds for nulls, which are the matter of not_null alone', async () => {
    const found = await inspect(
      [
        { check: 'range', column: 'total', min: 0 },
        { check: 'regex', column: 'status', pattern: 'x' },
        { check: 'allowed_values', column: 'status', values: ['x'] },
        { check: 'unique', column: 'id' },
      ],
      [row({ id: null, total: null, status: null }), row({ id: null, total: null, status: null })],
    );
    expect(found.findings).toEqual([]);
  });
});

describe('records', () => {
  it('are held against the same expectations; a field that is not there is null', async () => {
    const found = await inspectRecords(
      [
        { check: 'not_null', column: 'id', severity: 'quarantine' },
        { check: 'range', column: 'amount', max: 100, severity: 'quarantine' },
        { check: 'unique', column: 'id', severity: 'quarantine' },
        { check: 'allowed_values', column: 'gift', values: [true] },
      ],
      [{ id: 1, amount: 5, gift: true }, { amount: 5 }, 'no record', { id: 2, amount: 100.01, gift: false }, { id: 1 }],
    );
    expect(found.leftOutRows).toEqual([
      { row: 1, reason: 'id is null' },
      { row: 3, reason: 'amount is not at most 100' },
      { row: 4, reason: 'id is that of an earlier row' },
    ]);
    expect(found.rows).toBe(4);
  });

  it('without a field that something is expected of are a finding, as its name may be misspelt', async () => {
    const found = await inspectRecords(
      [
        { check: 'range', column: 'amout', min: 0 },
        { check: 'not_null', column: 'idd' },
      ],
      [{ id: 1, amount: 5 }],
    );
    expect(messages(found)).toEqual(['range: no record has a field amout', '1 of 1 rows: idd is null']);
  });
});
