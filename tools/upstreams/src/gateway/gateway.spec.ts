import { call, testUpstreams, type Answer, type TestUpstreams, type Tree } from '../client.fixture.js';

const noon = Date.parse('2026-03-01T12:00:00Z');

describe.each([
  ['payments', 'payment_id'],
  ['shipments', 'shipment_id'],
] as const)('the %s API', (api, id) => {
  let up: TestUpstreams;
  let now: number;
  beforeAll(async () => (up = await testUpstreams({ now: () => now })));
  beforeEach(() => {
    now = noon;
    up.faults.clear();
    up.resetRequests();
    Object.assign(up.limits.gateway, { perSecond: 1e6, burst: 1e6, perDay: 1e6, heedsSince: true, givesSince: true });
  });
  afterAll(() => up.close());

  const url = (query: Record<string, string | number> = {}): string =>
    `${api === 'payments' ? up.paymentsUrl : up.shipmentsUrl}?${new URLSearchParams(Object.entries(query).map(([k, v]): [string, string] => [k, String(v)]))}`;
  const get = (query: Record<string, string | number> = {}, key = up.credentials.gatewayApiKey): Promise<Answer> =>
    call(url(query), { headers: { 'x-api-key': key } });
  const truth = (): readonly { readonly updated_at: string }[] => up.commerce[api].at(now);
  const all = async (query: Record<string, string | number> = {}): Promise<Tree[]> => {
    const rows: Tree[] = [];
    for (let token: string | null | undefined; token !== null;) {
      const { json } = await get({ ...query, ...(token !== undefined && { next_token: token }) });
      rows.push(...json.data);
      token = json.next_token;
    }
    return rows;
  };

  it('gives everything, a page at a time, in the order of changes', async () => {
    const { headers, json } = await get();
    expect([json.data.length, headers.get('content-type')]).toEqual([100, 'application/json; charset=utf-8']);
    expect(await all({ limit: 500 })).toEqual(truth());
  });

  it('gives each once where a page ends between rows of one time', async () => {
    const rows = await all({ since: new Date(noon - 3 * 86_400_000).toISOString(), limit: 7 });
    const edges = rows.filter((row, i) => i % 7 === 6 && rows[i + 1]?.updated_at === row.updated_at);
    expect(edges.length).toBeGreaterThan(5);
    expect(new Set(rows.map((row) => row[id])).size).toBe(rows.length);
  });

  it('gives what has changed since, that very time included or not', async () => {
    const [since = ''] = truth()
      .slice(-40)
      .map(({ updated_at: text }) => text);
    const later = truth().filter(({ updated_at: text }) => text > since);
    expect(await all({ since })).toEqual(truth().filter(({ updated_at: text }) => text >= since));
    up.limits.gateway.givesSince = false;
    expect(await all({ since })).toEqual(later);
  });

  it('compares since as a time: zones, fractions, none', async () => {
    const since = '2026-03-01T09:00:00Z';
    const wanted = await all({ since });
    expect(wanted.length).toBeGreaterThan(5);
    for (const same of ['2026-03-01T10:00:00.000000+01:00', '2026-03-01T09:00:00', '2026-03-01 09:00:00'])
      expect(await all({ since: same })).toEqual(wanted);
    expect(await all({ since: '1970-01-01T00:00:00Z', limit: 500 })).toHaveLength(truth().length);
  });

  it('goes on after a page though rows change meanwhile: what changes comes at the end', async () => {
    const first = (await get({ limit: 300 })).json;
    now += 86_400_000;
    const seen = new Set(first.data.map((row: Tree) => row[id]));
    const rest = await all({ limit: 500, next_token: first.next_token });
    for (const row of truth() as Tree[]) expect(seen.has(row[id]) || rest.some((each) => each[id] === row[id])).toBe(true);
  });

  it('ignores since when it is told to', async () => {
    up.limits.gateway.heedsSince = false;
    expect(await all({ since: '2026-03-01T09:00:00Z', limit: 500 })).toEqual(truth());
  });

  it.each([
    [{ since: 'yesterday' }, 'since must be an ISO 8601 time'],
    [{ limit: 501 }, 'limit must be a number from 1 to 500'],
    [{ limit: 0 }, 'limit must be a number from 1 to 500'],
    [{ next_token: 'abc' }, 'next_token is not valid'],
  ])('refuses %j', async (query, message) => {
    const { status, json } = await get(query as Record<string, string>);
    expect([status, json]).toEqual([400, { message }]);
  });

  it('refuses a missing and a wrong key, and what is no route, as API Gateway does', async () => {
    const refused = async (asked: Promise<Answer>): Promise<unknown[]> => {
      const { status, json, headers } = await asked;
      return [status, json.message, headers.get('x-amzn-errortype')];
    };
    expect(await refused(call(url()))).toEqual([403, 'Forbidden', 'ForbiddenException']);
    expect(await refused(get({}, 'another'))).toEqual([403, 'Forbidden', 'ForbiddenException']);
    expect(await refused(get({ 'x-api-key': up.credentials.gatewayApiKey }, ''))).toEqual([403, 'Forbidden', 'ForbiddenException']);
    const noRoute = [403, 'Missing Authentication Token', 'MissingAuthenticationTokenException'];
    expect(await refused(call(url().replace('?', '/?')))).toEqual(noRoute);
    expect(await refused(call(url(), { method: 'POST' }))).toEqual(noRoute);
  });

  it('throttles by a bucket that fills again, and stops for the day when the quota is used up', async () => {
    Object.assign(up.limits.gateway, { perSecond: 2, burst: 3, perDay: 6 });
    const statuses = async (n: number): Promise<number[]> => {
      const found: number[] = [];
      for (let i = 0; i < n; i += 1) found.push((await get({ limit: 1 })).status);
      return found;
    };
    expect(await statuses(4)).toEqual([200, 200, 200, 429]);
    const throttled = await get();
    expect([throttled.json, throttled.headers.get('retry-after')]).toEqual([{ message: 'Too Many Requests' }, null]);
    now += 1_000;
    expect(await statuses(3)).toEqual([200, 200, 429]);
    now += 10_000;
    expect(await statuses(2)).toEqual([200, 429]);
    expect((await get()).json).toEqual({ message: 'Limit Exceeded' });
    now += 86_400_000;
    expect(await statuses(1)).toEqual([200]);
  });

  it('has faults in its own shape, and counts its calls without the key', async () => {
    const faulty = async (effect: Parameters<typeof up.faults.add>[0]['effect']): Promise<Answer> => {
      up.faults.add({ api, effect, count: 1 });
      return get({ limit: 3 });
    };
    expect((await faulty({ kind: 'status', status: 504 })).json).toEqual({ message: 'Endpoint request timed out' });
    expect((await faulty({ kind: 'quotaExceeded' })).json).toEqual({ message: 'Limit Exceeded' });
    const limited = await faulty({ kind: 'retryAfter', seconds: 7 });
    expect([limited.json, limited.headers.get('retry-after')]).toEqual([{ message: 'Too Many Requests' }, '7']);
    expect((await faulty({ kind: 'nulls' })).json.data).toHaveLength(4);
    const said = `x-api-key: ${up.credentials.gatewayApiKey}`;
    expect((await faulty({ kind: 'echo' })).json.data[0].asked_with).toBe(said);
    up.faults.storm({ seed: 1, rates: { spikeArrest: 1 } });
    expect((await get()).json).toEqual({ message: 'Too Many Requests' });
    const log = up.requests();
    expect([log.byApi[api].calls, log.byApi[api].tooManyRequests]).toEqual([6, 3]);
    expect(JSON.stringify(log)).not.toContain(up.credentials.gatewayApiKey);
  });
});
