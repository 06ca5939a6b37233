import { silentLogger, silentMeter, type Cursor, type JsonObject, type Page, type Slice } from '@loadin/pipeline';
import { streamChecks } from '@loadin/testing';
import type { Client } from 'pg';
import type { ConnectionSettings } from '../connection/types.js';
import { startCuttingProxy } from '../cutting-proxy.fixture.js';
import { connectTo, createDatabase, server } from '../server.fixture.js';
import { createPostgresStream, type PostgresStream, type PostgresStreamOptions } from './postgres-stream.js';

const scheduledTime = '2026-03-01T12:00:00Z';
/** No other stream is part of the job. */
const landed = async function* (): AsyncGenerator<Page> {
  yield* [];
};

describe('a table as a stream', () => {
  let client: Client;
  let connection: ConnectionSettings;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ client, connection, close } = await createDatabase());
    await client.query(`CREATE TABLE items (shop text, id bigint, price numeric(10,2), changed timestamptz, PRIMARY KEY (shop, id));
      INSERT INTO items SELECT 's' || n % 3, n, n * 0.5, CASE WHEN n % 50 > 0 THEN timestamptz '2024-01-15Z' + n / 5 * interval '1 s' END FROM generate_series(1, 600) n; ANALYZE items`);
  });
  afterAll(() => close());

  const make = (options: Partial<PostgresStreamOptions> = {}): PostgresStream =>
    createPostgresStream({ connection, table: 'public.items', key: ['shop', 'id'], pageRows: 200, reconnects: 0, ...options });
  const read = (stream: PostgresStream, slice: Slice, after: Page['position'] = null): AsyncIterable<Page> =>
    stream.read(slice, { after, signal: new AbortController().signal, meter: silentMeter, logger: silentLogger, landed });
  const pagesOf = async (stream: PostgresStream, slice: Slice): Promise<Page[]> => {
    const pages: Page[] = [];
    for await (const page of read(stream, slice)) pages.push(page);
    return pages;
  };
  const recordsOf = async (stream: PostgresStream, slices: readonly Slice[]): Promise<JsonObject[]> =>
    (await Promise.all(slices.map((slice) => pagesOf(stream, slice)))).flat().flatMap(({ records }) => records as readonly JsonObject[]);

  const lookBack = 20_000;
  describe.each([
    ['in full', {}],
    ['by change', { cursor: 'changed', lookBack }],
  ])('read %s', (_, options) => {
    const checks = streamChecks(
      async () => {
        const proxy = await startCuttingProxy(connection);
        let asked = 0;
        let failing = Infinity;
        const stream = make({
          ...options,
          connection: async () => {
            asked += 1;
            return { ...connection, tls: 'off', port: asked >= failing ? 1 : proxy.port };
          },
        });
        return { stream, requests: () => asked, failFrom: (n) => void (failing = asked + n), hang: () => proxy.hang(), close: () => proxy.close() };
      },
      { canaries: [server.password], oldest: ([time]) => [new Date(Date.parse(time) - lookBack).toISOString()] },
    );
    it.each(checks.map(({ name, run }) => [name, run] as const))('%s', (_name, run) => run());
  });

  it('names itself, its records and their places', async () => {
    const stream = make({ cursor: 'changed', name: 'shop_items' });
    expect(stream).toMatchObject({
      id: 'postgres.shop_items',
      dataType: 'shop_items',
      readMode: 'incremental',
      cursor: { kinds: ['time'], ordered: true },
    });
    expect(make()).toMatchObject({ id: 'postgres.items', readMode: 'full' });
    expect(make().cursor).toBeUndefined();
    const raw = { shop: 's1', id: '7', price: '3.50', changed: '2024-01-15 00:00:01.5+00' };
    expect(stream.key(raw)).toBe('["s1","7"]');
    expect(make({ key: ['id'] }).key(raw)).toBe('7');
    expect(stream.cursor?.of(raw)).toEqual(['2024-01-15T00:00:01.5Z']);
    expect([null, 'infinity', '-infinity'].map((changed) => stream.cursor?.of({ ...raw, changed }))).toEqual([undefined, undefined, undefined]);
  });

  it('reads on where the last run came to, less the look-back, up to the plan’s time', async () => {
    const stream = make({ cursor: 'changed', lookBack: 10_000, unplaced: false });
    const since: Cursor = ['2024-01-15T00:01:40Z'];
    const [slice] = stream.plan({ scheduledTime: '2024-01-15T00:01:50Z', since }) as [Slice];
    expect(slice.interval).toEqual({ from: since, to: null });
    const found = await recordsOf(stream, [slice]);
    // Seconds 90 to 109, five rows each, without the one in fifty that has no time.
    expect(found).toHaveLength(98);
    expect(found[0]).toEqual({ shop: 's0', id: '453', price: '226.50', changed: '2024-01-15 00:01:30+00' });
    expect(found.at(-1)?.['changed']).toBe('2024-01-15 00:01:49+00');
    const refresh = stream.plan({ scheduledTime, fullRefresh: true });
    expect(refresh[0]?.interval).toEqual({ from: null, to: null });
    expect(await recordsOf(stream, refresh)).toHaveLength(588);
  });

  it('keeps the upper bound of the first page for a later attempt', async () => {
    const stream = make({ cursor: 'changed', name: 'kept' });
    const [slice] = stream.plan({ scheduledTime: '2999-01-01T00:00:00Z' }) as [Slice];
    const other = await connectTo(connection);
    await other.query('BEGIN; SELECT 1');
    let first: Page | undefined;
    for await (const page of read(stream, slice)) {
      first = page;
      break;
    }
    await other.query('COMMIT');
    await other.end();
    expect(first?.notes).toEqual([
      { kind: 'skipped', message: expect.stringMatching(/^Changes are read up to .* has been open since then$/) as string },
    ]);
    const { below } = first?.position as { below: string };
    const requests: string[] = [];
    for await (const { request, notes } of read(stream, slice, first?.position)) {
      requests.push(request);
      expect(notes).toBeUndefined();
    }
    expect(requests).toHaveLength(2);
    expect(new Set(requests)).toEqual(new Set([`COPY public.items by changed before ${below}`]));
  });

  it.each<[string, { cursor?: string }]>([
    ['in full', {}],
    ['by change', { cursor: 'changed' }],
  ])('is cut into slices by a survey, read %s: each record in one of them', async (_, options) => {
    const stream = make({ ...options, slices: 3, pageRows: 50 });
    const survey = await stream.survey({ scheduledTime }, { signal: new AbortController().signal, logger: silentLogger });
    const few = stream.plan({ scheduledTime, survey: JSON.parse(JSON.stringify(survey)) });
    expect(few).toHaveLength(1); // 600 rows are not worth more
    const ranges =
      options.cursor === undefined
        ? [
            { from: null, below: ['s1'] },
            { from: ['s1'], below: ['s2', '300'] },
            { from: ['s2', '300'], below: null },
          ]
        : [
            { from: null, below: ['2024-01-15 00:00:40+00'] },
            { from: ['2024-01-15 00:00:40+00'], below: ['2024-01-15 00:01:00+00'] },
            { from: ['2024-01-15 00:01:00+00'], below: null },
          ];
    const slices = stream.plan({ scheduledTime, survey: { ...survey, ranges } });
    expect(slices.map(({ name }) => name)).toEqual(['items 1 of 3', 'items 2 of 3', 'items 3 of 3']);
    if (options.cursor !== undefined) {
      expect(slices.map(({ interval }) => interval)).toEqual([
        { from: null, to: ['2024-01-15T00:00:40Z'] },
        { from: ['2024-01-15T00:00:40Z'], to: ['2024-01-15T00:01:00Z'] },
        { from: ['2024-01-15T00:01:00Z'], to: null },
      ]);
    }
    const keys = (await recordsOf(stream, slices)).map((raw) => stream.key(raw));
    expect(keys).toHaveLength(600);
    expect(new Set(keys).size).toBe(600);
  });

  it('has to be named where the table’s name is no folder', () => {
    for (const table of ['public.OrderItems', 'public.a/../../b', { schema: 'public', name: 'größe' }])
      expect(() => make({ table })).toThrow(/can't be the name of a stream and its folder/);
    expect(make({ table: 'public.OrderItems', name: 'order_items' }).id).toBe('postgres.order_items');
  });

  it('says when the cursor is of another kind', async () => {
    const stream = make({ cursor: 'changed', cursorKind: 'number' });
    await expect(pagesOf(stream, stream.plan({ scheduledTime })[0] as Slice)).rejects.toThrow(
      'public.items: the cursor changed is timestamp with time zone, and is said to be a number',
    );
  });
});
