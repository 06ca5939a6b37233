import { createMemoryStateStore } from '@loadin/testing';
import type { Json, Page, Stream } from '@loadin/pipeline';
import { loadOf, openBucket, optionsOf, startServers, type Servers } from './bronze.fixture.js';
import { createBronzeLoader } from './create-loader.js';
import type { BronzeContext, BronzeList } from './types.js';

jest.setTimeout(60_000);

let servers: Servers;
beforeAll(async () => void (servers = await startServers({ postgres: false })));
afterAll(() => servers.close());

/** A list that gives these pages. */
const streamOf = (pages: readonly (readonly Json[])[], since: string | null = null): Stream => ({
  id: 'payments.payments',
  source: 'payments',
  dataType: 'payments',
  readMode: 'incremental',
  cursor: {
    kinds: ['time'],
    ordered: false,
    of: (raw) => {
      const at = (raw as { updated_at?: string } | null)?.updated_at;
      return at === undefined ? undefined : [at];
    },
  },
  plan: () => [{ ordinal: 0, name: 'all', bounds: {}, interval: { from: since === null ? null : [since], to: ['2024-03-01T01:59:00Z'] } }],
  async *read(): AsyncGenerator<Page> {
    for (const [n, records] of pages.entries())
      yield { records, position: null, request: `GET ?page=${n}`, ...(n === 0 && { notes: [{ kind: 'capability', message: 'since is ignored' }] }) };
  },
  key: (raw) => (raw as { payment_id?: string }).payment_id,
});

/** The same in the order of a number, which has no bound in time. */
const numberedOf = (pages: readonly (readonly Json[])[], since: string | null): Stream => ({
  ...streamOf(pages),
  cursor: { kinds: ['number'], ordered: true, of: (raw) => [String((raw as { amount: number }).amount)] },
  plan: () => [{ ordinal: 0, name: 'all', bounds: {}, interval: { from: since === null ? null : [since], to: null } }],
});

async function openList(columns?: BronzeList['columns']) {
  const bucket = await servers.bucket();
  const context: BronzeContext = { client: servers.client, bucket, state: createMemoryStateStore(), writer: { memoryBytes: 2 ** 20 } };
  const load = async (
    at: string,
    pages: readonly (readonly Json[])[],
    since: string | null = null,
    { numbered = false, fullRefresh = false } = {},
  ) => {
    const stream = (numbered ? numberedOf : streamOf)(pages, since);
    const [slice] = stream.plan({ scheduledTime: at });
    if (slice === undefined) throw new Error('nothing is planned');
    const entity: BronzeList = { kind: 'list', stream, eventDate: 'updated_at', columns };
    return createBronzeLoader(entity, context).load(loadOf(stream, { at, slice, fullRefresh }), optionsOf());
  };
  return { ...openBucket(servers, bucket), load };
}

const payment = (n: number, at: string, amount = n): Json => ({ payment_id: `p${n}`, amount, updated_at: at });
const [ONE, TWO, THREE] = ['2024-03-01T01:00:00Z', '2024-03-01T01:05:00Z', '2024-03-01T01:20:00Z'] as const;

describe('a list of an API', () => {
  it('is loaded with the notes of its pages; a record that two pages give is delivered once, and what is no record is a dead letter', async () => {
    const list = await openList([{ name: 'updated_at', type: { kind: 'timestamptz' } }]);
    const loaded = await list.load('2024-03-01T02:00:00Z', [
      [payment(1, ONE), payment(2, TWO), null],
      [payment(2, TWO), payment(3, THREE), payment(3, THREE)],
    ]);
    expect(loaded).toMatchObject({ read: 6, deduplicated: 2, rejected: 1, reached: [THREE], notes: [{ kind: 'capability' }] });
    expect(await list.rows('select payment_id, amount, updated_at, _source_system from lake order by payment_id')).toEqual([
      { payment_id: 'p1', amount: '1', updated_at: '2024-03-01 01:00:00+00', _source_system: 'api' },
      { payment_id: 'p2', amount: '2', updated_at: '2024-03-01 01:05:00+00', _source_system: 'api' },
      { payment_id: 'p3', amount: '3', updated_at: '2024-03-01 01:20:00+00', _source_system: 'api' },
    ]);
    expect(JSON.parse(await list.text('dead-letters/postgres/orders/0.ndjson'))).toMatchObject({ errorClass: 'NoRecord', record: null });
  });

  it('brings of what it reads again only what was not delivered', async () => {
    const list = await openList();
    await list.load('2024-03-01T02:00:00Z', [[payment(1, ONE), payment(2, TWO), payment(3, THREE)]]);
    const again = [payment(2, '2024-03-01T01:15:00Z', 7), payment(3, THREE), payment(4, '2024-03-01T01:12:00Z')];
    const loaded = await list.load('2024-03-01T03:00:00Z', [again], THREE);
    expect(loaded).toMatchObject({ read: 3, deduplicated: 1 });
    expect(loaded.objects[0]?.uri).toMatch(/load_type=incremental/);
    expect(await list.load('2024-03-01T04:00:00Z', [again], THREE)).toMatchObject({ read: 3, deduplicated: 3, objects: [] });
  });

  it('by a number, of which an earlier run is to bring everything: what has changed since comes again with the next, whose time is later', async () => {
    const list = await openList();
    const numbered = { numbered: true };
    await list.load('2024-03-01T03:00:00Z', [[payment(1, ONE, 1), payment(2, TWO, 2)]], null, numbered);
    const now = [payment(2, TWO, 2), payment(1, ONE, 3), payment(3, THREE, 4)];
    expect(await list.load('2024-03-01T02:00:00Z', [now], null, { ...numbered, fullRefresh: true })).toMatchObject({ read: 3, reached: null });
    expect(await list.load('2024-03-01T04:00:00Z', [now], '2', numbered)).toMatchObject({ read: 3, deduplicated: 1, reached: ['4'] });
    const latest = 'from lake qualify row_number() over (partition by payment_id order by _ingestion_ts desc) = 1 order by payment_id';
    expect(await list.rows(`select payment_id, amount::int as amount ${latest}`)).toEqual([
      { payment_id: 'p1', amount: 3 },
      { payment_id: 'p2', amount: 2 },
      { payment_id: 'p3', amount: 4 },
    ]);
  });

  it('that is empty is a load without objects', async () => {
    const list = await openList();
    expect(await list.load('2024-03-01T02:00:00Z', [[]])).toMatchObject({ read: 0, objects: [], reached: null });
  });
});
