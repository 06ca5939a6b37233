import { readmeDifferences } from '@loadin/specs/readme';
import { describeTable, openSession, readRecords, readUpperBound } from './index.js';
import { createDatabase } from './server.fixture.js';

describe('the example of the README', () => {
  it('is the one below, word for word', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });

  it('works as printed', async () => {
    const { client, connection, close } = await createDatabase();
    await client.query(`CREATE TABLE orders (id bigint PRIMARY KEY, total numeric, updated_at timestamptz NOT NULL DEFAULT now())`);
    await client.query(`INSERT INTO orders VALUES (1, 10.50, '2024-01-15 10:29Z'), (2, 99.00, '2024-01-15 10:31Z'), (3, 1.10, '2024-01-15 10:01Z')`);
    const since = '2024-01-15T10:30:00Z';
    const signal = new AbortController().signal;
    const lines: unknown[] = [];
    const console = { log: (...values: unknown[]) => lines.push(values) };

    // example
    const session = await openSession({ connection }); // connectionFromSecret(…) or connectionFromUrl(…)
    const table = await describeTable(session, 'public.orders');
    const { below } = await readUpperBound(session, { runStart: new Date().toISOString() });
    await session.end();

    const read = { table, cursor: 'updated_at', from: since, below };
    for await (const { id, total } of readRecords(read, { connection, signal })) console.log(id, total);
    // end
    await close();
    expect(lines).toEqual([
      ['1', '10.50'],
      ['2', '99.00'],
    ]);
  });
});
