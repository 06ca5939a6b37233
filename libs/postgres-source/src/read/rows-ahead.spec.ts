import { openSession } from '../connection/session.js';
import { rowsAhead } from './rows-ahead.js';
import { openTables, type Tables } from './tables.fixture.js';

describe('rows that are ahead of the clock', () => {
  let tables: Tables;
  beforeAll(async () => void (tables = await openTables()));
  afterAll(() => tables.close());

  const ahead = async (name: string, cursor: string, more: { readonly timeoutMs?: number; readonly timeZone?: string } = {}) => {
    const { timeoutMs, ...read } = more;
    const session = await openSession({ connection: tables.connection });
    try {
      return await rowsAhead(session, { table: await tables.table(name), cursor, ...read }, { timeoutMs });
    } finally {
      await session.end();
    }
  };

  it('are counted by times and by days, without those that have no place', async () => {
    await tables.client.query(`CREATE TABLE times (id int PRIMARY KEY, at timestamptz, local timestamp, day date);
      INSERT INTO times VALUES (1, '2024-01-01Z', '2024-01-01', '2024-01-01'), (2, '2099-01-01Z', '2099-01-01', '2099-01-01'), (3, 'infinity', 'infinity', 'infinity'),
        (4, now(), now() AT TIME ZONE 'Asia/Tokyo', (now() AT TIME ZONE 'UTC')::date), (5, NULL, NULL, NULL)`);
    expect(await ahead('times', 'at')).toBe('1');
    expect(await ahead('times', 'local', { timeZone: 'Asia/Tokyo' })).toBe('1');
    // Nine hours ahead, for who takes them for UTC.
    expect(await ahead('times', 'local')).toBe('2');
    expect(await ahead('times', 'day')).toBe('1');
    expect(await ahead('times', 'id')).toBeUndefined();
  });

  it('are not counted to the last', async () => {
    await tables.client.query(
      `CREATE TABLE far (id int PRIMARY KEY, at timestamptz NOT NULL); INSERT INTO far SELECT n, timestamptz '2099-01-01Z' FROM generate_series(1, 10002) n`,
    );
    expect(await ahead('far', 'at')).toBe('more than 10,000');
  });

  it('are nothing that is waited for: a locked table has none', async () => {
    await tables.client.query('CREATE TABLE held (id int PRIMARY KEY, at timestamptz)');
    const table = await tables.table('held');
    const session = await openSession({ connection: tables.connection });
    await tables.client.query('BEGIN; LOCK TABLE held IN ACCESS EXCLUSIVE MODE');
    expect(await rowsAhead(session, { table, cursor: 'at' }, { timeoutMs: 50 })).toBeUndefined();
    await tables.client.query('COMMIT');
    await session.end();
  });
});
