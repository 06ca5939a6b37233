import { inspect, messages, row } from '../inspect-rows.fixture.js';
import type { InspectorOptions } from '../types.js';

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
