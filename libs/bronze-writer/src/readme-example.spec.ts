import type { JsonObject } from '@loadin/pipeline';
import { readmeDifferences } from '@loadin/specs/readme';
import { directoryOutput, writeRecords } from './index.js';
import { createLake, type Lake } from './lib/readers.fixture.js';

describe('the example of the README', () => {
  let lake: Lake;
  beforeEach(() => (lake = createLake()));
  afterEach(() => lake.remove());

  it('works as printed', async () => {
    const lines: unknown[] = [];
    const console = { log: (...values: unknown[]) => lines.push(...values) };
    const folder = lake.root;
    const ingestionId = '5c7f9e0a-4a4e-5d3c-9c56-2f9a3c1b7d10';
    async function* payments(): AsyncGenerator<JsonObject> {
      yield { payment_id: 'p1', amount: '12.50', paid_at: '2026-02-27T23:59:59.5Z' };
      yield { payment_id: 'p2', amount: '7.00', paid_at: '2026-02-28T00:00:00Z', tags: ['refund'] };
    }

    // example
    const output = directoryOutput(folder, ingestionId);
    const report = await writeRecords(
      {
        entity: 'payments',
        ingestionDate: '2026-03-01',
        loadType: 'full',
        ingestionId,
        ingestionTs: '2026-03-01T02:00:00Z',
        sourceSystem: 'api',
        output,
        partitionBy: 'paid_at',
        columns: [
          { name: 'amount', type: { kind: 'decimal', precision: 12, scale: 2 } },
          { name: 'paid_at', type: { kind: 'timestamptz' } },
        ],
      },
      payments(), // any iterable of records or of arrays of them, asynchronous or not
    );
    await output.commit(); // before this, nobody sees a file
    for (const { path, rows } of report.parts) console.log(path, rows);
    // end

    const of = (date: string): string =>
      `data/bronze/payments/ingestion_date=2026-03-01/load_type=full/event_date=${date}/part-00000-${ingestionId}.parquet`;
    expect(lines).toEqual([of('2026-02-27'), 1, of('2026-02-28'), 1]);
    expect(await lake.rows('select payment_id, amount, paid_at, tags from lake order by 1')).toEqual([
      { payment_id: 'p1', amount: '12.50', paid_at: '2026-02-27 23:59:59.5+00', tags: null },
      { payment_id: 'p2', amount: '7.00', paid_at: '2026-02-28 00:00:00+00', tags: ['refund'] },
    ]);
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
