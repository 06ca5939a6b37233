import { readmeDifferences } from '@loadin/specs/readme';
import { drawProfile, openRecordInspector, readExpectations } from './index.js';

describe('the example of the README', () => {
  it('works as printed', async () => {
    const lines: unknown[] = [];
    const console = { log: (...values: unknown[]) => lines.push(...values) };
    const payments = [
      { payment_id: 1, amount: '20.00', status: 'paid' },
      { payment_id: 2, amount: '-5.00', status: 'paid' },
      { payment_id: 2, amount: '12.50', status: 'open' },
    ];
    const load = {
      job: 'bronze',
      runId: 'r1',
      stream: 'payments.payments',
      entity: 'payments',
      ingestionId: 'i1',
      loadType: 'full' as const,
      scheduledTime: '2026-03-01T02:00:00Z',
    };

    // example
    const { expectations } = readExpectations([
      { check: 'unique', columns: ['payment_id'], severity: 'stop' },
      { check: 'range', column: 'amount', min: 0, severity: 'quarantine' },
    ]);
    const columns = [{ name: 'amount', type: 'decimal(12,2)' }];
    const inspector = await openRecordInspector({ load, columns, expect: expectations });
    console.log(inspector.inspectRecords(payments));
    // [ { row: 1, reason: 'amount is not at least 0' } ]
    const { findings, refusal, profile } = await inspector.finish();
    console.log(
      findings.map(({ severity, message }) => `${severity}: ${message}`),
      refusal,
    );
    // [ 'quarantine: 1 of 3 rows: amount is not at least 0' ] undefined
    if (profile !== undefined) console.log(drawProfile(profile)[0]);
    // payments · full load of 2026-03-01 02:00:00 UTC · 2 rows
    inspector.close();
    // end

    expect(lines).toEqual([
      [{ row: 1, reason: 'amount is not at least 0' }],
      ['quarantine: 1 of 3 rows: amount is not at least 0'],
      undefined,
      'payments · full load of 2026-03-01 02:00:00 UTC · 2 rows',
    ]);
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
