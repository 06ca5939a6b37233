import fc from 'fast-check';
import { faultText, readExpectations } from './read-expectations.js';
import { referencedEntities } from './referenced-entities.js';

const faultsOf = (value: unknown): string[] => readExpectations(value).faults.map((fault) => faultText(fault));

describe('the expectations of an entity', () => {
  it('are read as they stand; a warning is the severity of those that name none, and one column may stand for a list', () => {
    expect(
      readExpectations([
        { check: 'not_null', column: 'id', severity: 'stop' },
        { check: 'unique', columns: ['order_id', 'line'] },
        { check: 'range', column: 'total', min: '0', max: '99999999999999999999.99' },
        { check: 'reference', column: 'customer_id', entity: 'customers', severity: 'quarantine' },
        { check: 'row_count_change', max_drop_percent: 10 },
      ]),
    ).toEqual({
      expectations: [
        { check: 'not_null', columns: ['id'], severity: 'stop' },
        { check: 'unique', columns: ['order_id', 'line'], severity: 'warn' },
        { check: 'range', column: 'total', min: '0', max: '99999999999999999999.99', severity: 'warn' },
        { check: 'reference', column: 'customer_id', entity: 'customers', severity: 'quarantine' },
        { check: 'row_count_change', max_drop_percent: 10, severity: 'warn' },
      ],
      faults: [],
    });
  });

  it('may be none', () => {
    for (const none of [undefined, null, []]) expect(readExpectations(none)).toEqual({ expectations: [], faults: [] });
  });

  it.each<readonly [unknown, string]>([
    ['not_null', 'expect is not a list; write - { check: not_null, columns: [id] }'],
    [[7], 'expect[0] is not an expectation; write { check: not_null, columns: [id] }'],
    [[{}], 'expect[0].check is missing; use not_null, unique, range, regex, allowed_values, freshness, row_count_change or reference'],
    [
      [{ check: 'notnull' }],
      'expect[0].check is "notnull"; use not_null, unique, range, regex, allowed_values, freshness, row_count_change or reference',
    ],
    [
      [{ check: 'toString' }],
      'expect[0].check is "toString"; use not_null, unique, range, regex, allowed_values, freshness, row_count_change or reference',
    ],
    [[{ check: 'not_null' }], 'expect[0].columns is missing; not_null needs it'],
    [[{ check: 'not_null', columns: 'id' }], 'expect[0].columns is "id"; give a list of column names such as [id]'],
    [[{ check: 'unique', columns: ['id', 'id'] }], 'expect[0].columns names a column twice'],
    [[{ check: 'unique', columns: ['id', 7] }], "expect[0].columns has 7; every one is a column's name"],
    [[{ check: 'not_null', column: 'id', severity: 'halt' }], 'expect[0].severity is "halt"; use warn, quarantine or stop'],
    [[{ check: 'not_null', column: 'id', colum: 'x' }], 'expect[0].colum is no field of not_null; it has check, columns or severity'],
    [[{ check: 'range', column: 'total' }], 'expect[0] says nothing; range needs min or max'],
    [[{ check: 'range', column: 'total', min: 5, max: 4 }], 'expect[0].max is below min'],
    [[{ check: 'range', column: 'at', min: '2026-03-02', max: '2026-03-01T23:59:59Z' }], 'expect[0].max is below min'],
    [
      [{ check: 'range', column: 'at', min: '2026-03-02', max: 7 }],
      'expect[0].max is of another kind than min; give two numbers, two times or two times of day',
    ],
    [
      [{ check: 'range', column: 'at', min: 'yesterday' }],
      'expect[0].min is "yesterday"; give a number, a date such as "2026-03-01", a time such as "2026-03-01T02:00:00Z" or a time of day such as "18:30"',
    ],
    [[{ check: 'regex', column: 'email', pattern: '(a' }], 'expect[0].pattern is no regular expression of RE2: missing closing ): `(a`'],
    [[{ check: 'regex', column: 'email', pattern: '(a)\\1' }], 'expect[0].pattern is no regular expression of RE2: invalid escape sequence: `\\1`'],
    [
      [{ check: 'allowed_values', column: 's', values: ['a', null] }],
      'expect[0].values has null; use texts, numbers, true and false (nulls are the matter of not_null)',
    ],
    [
      [{ check: 'range', column: 'total', max: 2 ** 60 }],
      'expect[0].max is 1152921504606847000; write numbers of more than 15 digits as texts, "12345678901234567", which are exact',
    ],
    [
      [{ check: 'allowed_values', column: 's', values: [1.5, 0.1234567890123456] }],
      'expect[0].values has 0.1234567890123456; write numbers of more than 15 digits as texts, "12345678901234567", which are exact',
    ],
    [[{ check: 'freshness', column: 'at', max_age_minutes: 0 }], 'expect[0].max_age_minutes is 0; give a number above 0, at most 5256000'],
    [
      [{ check: 'freshness', column: 'at', max_age_minutes: 5, severity: 'quarantine' }],
      'expect[0].severity is "quarantine", but no single row breaks this; use warn or stop',
    ],
    [[{ check: 'row_count_change' }], 'expect[0] says nothing; row_count_change needs max_drop_percent or max_rise_percent'],
    [[{ check: 'row_count_change', load_type: 'full' }], 'expect[0] says nothing; row_count_change needs max_drop_percent or max_rise_percent'],
    [[{ check: 'row_count_change', max_drop_percent: 5, load_type: 'all' }], 'expect[0].load_type is "all"; use full or incremental'],
    [[{ check: 'row_count_change', max_drop_percent: 101 }], 'expect[0].max_drop_percent is 101; give percent, 0 to 100'],
    [[{ check: 'reference', column: 'c' }], 'expect[0].entity is missing; reference needs it'],
  ])('say what is wrong: %j', (value, message) => {
    expect(faultsOf(value)).toEqual([message]);
    expect(readExpectations(value).expectations).toEqual([]);
  });

  it('say all that is wrong at once', () => {
    expect(
      faultsOf([
        { check: 'range', min: 'x' },
        { check: 'not_null', column: 'id' },
        { check: 'regex', column: '', pattern: '[' },
      ]),
    ).toEqual([
      'expect[0].column is missing; range needs it',
      expect.stringMatching(/^expect\[0\]\.min is "x"/),
      'expect[2].column is ""; give a name',
      'expect[2].pattern is no regular expression of RE2: missing closing ]: `[`',
    ]);
  });

  it('can be anything without an error', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.anything(),
            fc.record({
              check: fc.constantFrom('range', 'unique', 'regex', 'freshness'),
              column: fc.anything(),
              min: fc.anything(),
              pattern: fc.string(),
            }),
          ),
        ),
        (value) => {
          const { expectations, faults } = readExpectations(value);
          return expectations.length === 0 || faults.length === 0;
        },
      ),
    );
  });

  it('name the entities that they refer to', () => {
    const reference = (entity: string) => ({ check: 'reference', column: 'x', entity }) as const;
    expect(
      referencedEntities(readExpectations([reference('a'), { check: 'not_null', column: 'x' }, reference('b'), reference('a')]).expectations),
    ).toEqual(['a', 'b']);
  });
});
