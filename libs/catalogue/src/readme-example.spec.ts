import { readmeDifferences } from '@loadin/specs/readme';
import { describeLake, printStatements } from './index.js';

describe('the example of the README', () => {
  it('works as printed', () => {
    const lines: unknown[] = [];
    const console = { log: (line: unknown) => lines.push(line) };

    // example
    const versions = [{ version: 1, columns: [{ name: 'id', type: 'int64' }] }];
    const statements = describeLake({
      bronze: { bucket: 'shop-lake', entities: [{ entity: 'orders', versions, key: ['id'], since: '2026-03-01' }] },
      logs: { bucket: 'shop-lake' },
    });
    console.log(statements.map(({ kind, name }) => `${kind} ${name}`));
    console.log(printStatements(statements)); // each statement ended by a semicolon, its notes in comments
    // end

    expect(lines).toEqual([
      [
        'schema bronze',
        'schema logs',
        'table bronze.orders',
        'view bronze.orders_dated',
        'view bronze.orders_latest',
        'view bronze.counts',
        'table logs.lines',
        'view logs.ingestion_runs',
        'query Recent ingestion runs',
        'query Bronze data counts',
      ],
      expect.stringContaining("LOCATION 's3://shop-lake/data/bronze/orders/'\n"),
    ]);
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
