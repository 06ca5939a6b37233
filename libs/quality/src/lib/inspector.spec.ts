import { block, LOAD, noise } from './inspect.fixture.js';
import { assertMayCommit } from './inspection.js';
import { openCopyInspector, openRecordInspector } from './inspector.js';
import { readExpectations } from './expect/read-expectations.js';
import type { Inspection, InspectorOptions, LeftOutRow } from './types.js';
import { withoutRows } from './without-rows.js';

const COLUMNS = [
  { name: 'id', type: 'bigint' },
  { name: 'total', type: 'numeric' },
  { name: 'status', type: 'text' },
  { name: 'updated_at', type: 'timestamp with time zone' },
];

type Values = readonly (string | null)[];

/** One row that is as everybody expects, with other values in some columns. */
const row = (changes: Partial<Record<'id' | 'total' | 'status' | 'updated_at', string | null>> = {}): Values =>
  Object.values({ id: '1', total: '10.00', status: 'paid', updated_at: '2026-03-01 01:00:00+00', ...changes });

interface Inspected extends Inspection {
  readonly leftOutRows: readonly LeftOutRow[];
}

async function inspect(expect: readonly unknown[], rows: readonly Values[], options: Partial<InspectorOptions> = {}): Promise<Inspected> {
  const { expectations, faults } = readExpectations(expect);
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  const inspector = await openCopyInspector({ load: LOAD, columns: COLUMNS, expect: expectations, ...options });
  try {
    const leftOutRows = inspector.inspectBlock(block(rows));
    return { ...(await inspector.finish()), leftOutRows };
  } finally {
    inspector.close();
  }
}

const messages = ({ findings }: Inspection): string[] => findings.map(({ message }) => message);

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

describe('a range', () => {
  const outside = async (column: string, bounds: object, values: readonly string[]): Promise<string[]> => {
    const found = await inspect(
      [{ check: 'range', column, ...bounds, severity: 'quarantine' }],
      values.map((value) => row({ [column]: value })),
    );
    return found.leftOutRows.map((left) => values[left.row] ?? '');
  };

  it('of numbers is exact beyond what doubles can tell', async () => {
    const values = [
      '9007199254740992',
      '9007199254740993',
      '9007199254740993.0000000000000000001',
      '9007199254740994',
      '1e16',
      '-5',
      'NaN',
      'Infinity',
      'text',
    ];
    expect(await outside('total', { min: '9007199254740993', max: '9007199254740993' }, values)).toEqual(
      values.filter((value) => value !== '9007199254740993'),
    );
    expect(
      await outside('total', { min: 0.1, max: 0.3 }, ['0.1', '0.10', '0.3', '0.30000000000000000001', '0.09999999999999999999', '.2', '3e-1']),
    ).toEqual(['0.30000000000000000001', '0.09999999999999999999']);
  });

  it('of times is in UTC, whatever zone the bounds are written in', async () => {
    expect(
      await outside('updated_at', { min: '2026-03-01T02:00:00+01:00', max: '2026-03-02' }, [
        '2026-03-01 01:00:00+00',
        '2026-03-01 00:59:59.999999+00',
        '2026-03-02 00:00:00+00',
        '2026-03-02 00:00:00.000001+00',
        'infinity',
        '-infinity',
        'soon',
      ]),
    ).toEqual(['2026-03-01 00:59:59.999999+00', '2026-03-02 00:00:00.000001+00', 'infinity', '-infinity', 'soon']);
  });

  it('of times of day', async () => {
    expect(
      await outside('status', { min: '08:30', max: '18:00:00.5' }, [
        '08:30:00',
        '08:29:59.9',
        '18:00:00.5',
        '18:00:00.500001',
        '24:00:00',
        '9:00',
        'noon',
      ]),
    ).toEqual(['08:29:59.9', '18:00:00.500001', '24:00:00', '9:00', 'noon']);
  });
});

describe('allowed values', () => {
  it('are texts, numbers in any spelling, and truth values of Postgres and of JSON', async () => {
    const rejected = async (values: readonly unknown[], given: readonly string[]): Promise<number[]> =>
      (
        await inspect(
          [{ check: 'allowed_values', column: 'status', values, severity: 'quarantine' }],
          given.map((status) => row({ status })),
        )
      ).leftOutRows.map((left) => left.row);
    expect(await rejected(['paid', 'größe', ''], ['paid', 'Paid', 'größe', '', ' '])).toEqual([1, 4]);
    expect(await rejected([1.5, 2], ['1.50', '1.5', '2', '2.0', '15e-1', '3', 'x'])).toEqual([5, 6]);
    expect(await rejected([true], ['t', 'true', 'f', 'false'])).toEqual([2, 3]);
  });
});

describe('unique', () => {
  const rows = (ids: readonly (string | null)[]): Values[] => ids.map((id) => row({ id }));

  it('leaves out every row but the first of its key', async () => {
    const found = await inspect([{ check: 'unique', column: 'id', severity: 'quarantine' }], rows(['1', '2', '1', null, '1', null]));
    expect(found.leftOutRows).toEqual([2, 4].map((n) => ({ row: n, reason: 'id is that of an earlier row' })));
    expect(messages(found)).toEqual(['2 of 6 rows: id is that of an earlier row']);
  });

  it('takes the values of several columns together, each for itself', async () => {
    const found = await inspect(
      [{ check: 'unique', columns: ['id', 'status'], severity: 'stop' }],
      [
        row({ id: '1', status: '2' }),
        row({ id: '12', status: '' }),
        row({ id: '1', status: '' }),
        row({ id: '1', status: '2' }),
        row({ id: '', status: '12' }),
      ],
    );
    expect(found.refusal).toContain('1 of 5 rows: id, status are those of an earlier row');
  });

  it('does not count a row that is left out for another reason as the first of its key', async () => {
    const found = await inspect(
      [
        { check: 'unique', column: 'id', severity: 'quarantine' },
        { check: 'not_null', column: 'total', severity: 'quarantine' },
      ],
      [row({ total: null }), row()],
    );
    expect(found.leftOutRows).toEqual([{ row: 0, reason: 'total is null' }]);
  });

  it('is exact when the keys do not fit into memory', async () => {
    const ids = Array.from({ length: 4_000 }, (_, n) => String(Math.floor(noise(n) * 3_000)));
    const repeated = ids.length - new Set(ids).size;
    for (const uniqueKeysInMemory of [1_000_000, 1_500, 40]) {
      const found = await inspect([{ check: 'unique', column: 'id' }], rows(ids), { uniqueKeysInMemory, profile: false });
      expect(found.findings[0]?.rows).toBe(repeated);
    }
  });

  it('refuses the commit when rows that should be left out were found at the end only', async () => {
    const found = await inspect([{ check: 'unique', column: 'id', severity: 'quarantine' }], rows(['1', '2', '2', '3', '1']), {
      uniqueKeysInMemory: 2,
    });
    expect(found.leftOutRows).toEqual([{ row: 2, reason: 'id is that of an earlier row' }]);
    expect(found.refusal).toBe(
      'orders is not as expected: 2 of 5 rows: id is that of an earlier row; 1 of them were found at the end only, as more than 2 keys are not held in memory',
    );
  });
});

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
    expect((await fresh([], { previous })).findings).toEqual([
      expect.objectContaining({ status: 'unchecked', message: 'freshness: no row has a time in updated_at' }),
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
    expect(await change(10, 4, { max_drop_percent: 50 })).toEqual(['4 rows after 10 (-60 %); a drop of at most 50 % is expected']);
    expect(await change(10, 12, { max_rise_percent: 10 })).toEqual(['12 rows after 10 (+20 %); a rise of at most 10 % is expected']);
    expect(await change(10, 0, { max_rise_percent: 10 })).toEqual([]);
    expect(await change(0, 3, { max_rise_percent: 10 })).toEqual(['3 rows after a load without rows: no percentage']);
  });

  it('is none for the first load, nor against one of another kind', async () => {
    const expect1 = [{ check: 'row_count_change', max_drop_percent: 0, severity: 'stop' }];
    expect((await inspect(expect1, [])).findings).toEqual([]);
    const previousOfKind = (await inspect([], [row()])).profile;
    expect((await inspect(expect1, [], { previousOfKind, load: { ...LOAD, loadType: 'incremental' } })).findings).toEqual([]);
  });
});

describe('a reference', () => {
  const references = (values: readonly string[], complete = true): Pick<InspectorOptions, 'references'> => ({
    references: {
      open: (entity, column) =>
        Promise.resolve(
          entity === 'customers' && column === undefined
            ? {
                complete,
                origin: 'the keys of the full load of 2026-02-28',
                values: (async function* () {
                  yield* values.map((value) => [value]);
                })(),
              }
            : undefined,
        ),
    },
  });
  const EXPECT = [{ check: 'reference', column: 'status', entity: 'customers', severity: 'quarantine' }];

  it('leaves out rows whose value the other entity does not have', async () => {
    const found = await inspect(
      EXPECT,
      [row({ status: 'a' }), row({ status: 'b\tc' }), row({ status: 'x' }), row({ status: null })],
      references(['a', 'b\tc']),
    );
    expect(found.leftOutRows).toEqual([{ row: 2, reason: 'status is in no row of customers' }]);
    expect(messages(found)).toEqual(['1 of 4 rows: status is in no row of customers (the keys of the full load of 2026-02-28)']);
  });

  it('does nothing about a value that may be in a row that nobody here knows', async () => {
    const found = await inspect(EXPECT, [row({ status: 'x' })], references(['a'], false));
    expect(found).toMatchObject({
      leftOut: 0,
      findings: [{ status: 'unchecked', message: expect.stringContaining('not all of its rows') as string }],
    });
  });

  it('says so when it could not be looked at', async () => {
    for (const [options, reason] of [
      [{}, 'nothing of it has been loaded yet'],
      [{ ...references(['a', 'b', 'c']), referenceValues: 2 }, 'it has more than 2 values'],
    ] as const) {
      expect((await inspect(EXPECT, [row()], options)).findings).toEqual([
        expect.objectContaining({ status: 'unchecked', message: `status was not held against customers: ${reason}` }),
      ]);
    }
  });
});

describe('records', () => {
  const inspectRecords = async (expect: readonly unknown[], records: readonly unknown[]): Promise<Inspected> => {
    const inspector = await openRecordInspector({ load: LOAD, columns: [], expect: readExpectations(expect).expectations });
    const leftOutRows = inspector.inspectRecords(records);
    return { ...(await inspector.finish()), leftOutRows };
  };

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

describe('a block without the rows that are left out', () => {
  it('shares its bytes, and is the same block when nothing is left out', () => {
    const given = block([['1'], ['2'], ['3'], ['4']]);
    const left = withoutRows(given, [
      { row: 0, reason: '' },
      { row: 2, reason: '' },
    ]);
    expect(Array.from({ length: left.count }, (_, n) => Buffer.from(left.bytes.subarray(left.starts[n], left.ends[n])).toString())).toEqual([
      '2',
      '4',
    ]);
    expect(left.bytes).toBe(given.bytes);
    expect(withoutRows(given, [])).toBe(given);
  });
});
