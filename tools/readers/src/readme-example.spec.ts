import { readmeDifferences } from '@loadin/specs/readme';
import { openAthena } from './index.js';
import { BUCKET, lines, openShop } from './shop.fixture.js';
import { describeLake } from '@loadin/catalogue';

describe('the example of the README', () => {
  it('works as printed', async () => {
    const shop = openShop();
    await shop.copy(
      { entity: 'orders', partitionBy: 'day' },
      [
        { name: 'id', type: 'bigint' },
        { name: 'day', type: 'date' },
      ],
      [lines(['1', '2026-02-28'])],
    );
    const statements = describeLake({ bronze: { bucket: 'shop-lake', entities: [shop.entity('orders', { key: ['id'] })] } })
      .filter(({ kind }) => kind !== 'query')
      .map(({ sql }) => sql);
    const folder = shop.root;
    const printed: unknown[] = [];
    const console = { log: (line: unknown) => printed.push(line) };

    // example
    const athena = await openAthena({ 'shop-lake': folder }); // what stands for s3://shop-lake
    for (const statement of statements) await athena.run(statement);
    console.log(await athena.rows('SELECT id, event_date FROM bronze.orders_dated'));
    console.log(athena.types('bronze.orders')); // of each column: declared, and as the files have it
    athena.close();
    // end

    expect(printed).toEqual([
      [{ id: '1', event_date: '2026-02-28' }],
      expect.arrayContaining([{ column: 'id', declared: 'BIGINT', found: 'BIGINT' }]),
    ]);
    shop.close();
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});

describe('what DuckDB is not told', () => {
  const table = (columns: string, bucket = BUCKET): string =>
    `CREATE EXTERNAL TABLE IF NOT EXISTS \`t\` (\n  ${columns}\n)\nPARTITIONED BY (\`day\` string)\nSTORED AS PARQUET\nLOCATION 's3://${bucket}/t/'\nTBLPROPERTIES (\n  'a' = 'b'\n)`;

  it.each([
    ['a type that is none', table('`a` text'), 'text is no type of Athena'],
    ['a column without quotes', table('a int'), 'This is no column of a table: a int'],
    ['a bucket without a folder', table('`a` int', 'elsewhere'), 'No folder stands for the bucket elsewhere'],
    ['a table of another form', 'CREATE EXTERNAL TABLE t (a int)', 'Parser Error'],
  ])('%s is refused', async (_what, sql, message) => {
    const shop = openShop();
    const athena = await openAthena({ [BUCKET]: shop.root });
    await expect(athena.run(sql)).rejects.toThrow(message);
    athena.close();
    shop.close();
  });
});
