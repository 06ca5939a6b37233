import { call, testUpstreams, type Answer, type TestUpstreams } from '../client.fixture.js';

describe('the Spotify accounts service', () => {
  let up: TestUpstreams;
  let now = 1_000_000;
  beforeAll(async () => (up = await testUpstreams({ now: () => now })));
  afterAll(() => up.close());

  const ask = (user: string, form: Record<string, string>, method = 'POST'): Promise<Answer> =>
    call(`${up.spotifyAccountsUrl}/api/token`, {
      method,
      headers: { authorization: `Basic ${Buffer.from(user).toString('base64')}` },
      ...(method === 'POST' ? { body: new URLSearchParams(form) } : {}),
    });
  const good = 'loadin-client-id:loadin-client-secret';
  const grant = { grant_type: 'client_credentials' };

  it('issues a bearer token for an hour, without a refresh token, a new one each time', async () => {
    const [one, two] = [await ask(good, grant), await ask(good, grant)];
    expect(one.status).toBe(200);
    expect(one.json).toEqual({ access_token: expect.stringMatching(/^BQ\S{60,}$/), token_type: 'Bearer', expires_in: 3600 });
    expect(two.json.access_token).not.toBe(one.json.access_token);
  });

  it('answers flat errors with status 400', async () => {
    expect((await ask('someone:else', grant)).json).toEqual({ error: 'invalid_client', error_description: 'Invalid client' });
    const wrong = await ask('loadin-client-id:wrong', grant);
    expect(wrong.status).toBe(400);
    expect(wrong.json).toEqual({ error: 'invalid_client', error_description: 'Invalid client secret' });
    expect((await ask(good, {})).json).toEqual({ error: 'unsupported_grant_type', error_description: 'grant_type parameter is missing' });
    expect((await ask(good, { grant_type: 'password' })).json.error).toBe('unsupported_grant_type');
  });

  it('knows only POST /api/token', async () => {
    expect((await ask(good, grant, 'GET')).status).toBe(405);
    expect((await call(`${up.spotifyAccountsUrl}/api/other`, { method: 'POST' })).status).toBe(404);
  });

  it('lets a token expire after its lifetime, which a test may shorten', async () => {
    await up.newToken();
    now += 3_599_000;
    expect((await up.spotify('search', { q: 'echo', type: 'artist' })).status).toBe(200);
    now += 1_000;
    const expired = await up.spotify('search', { q: 'echo', type: 'artist' });
    expect(expired.status).toBe(401);
    expect(expired.json).toEqual({ error: { status: 401, message: 'The access token expired' } });
    up.limits.spotify.tokenTtlSeconds = 5;
    expect((await ask(good, grant)).json.expires_in).toBe(5);
  });

  it('refuses unknown, missing and malformed authorizations of data calls', async () => {
    const with_ = (authorization?: string): Promise<Answer> =>
      call(`${up.spotifyUrl}/v1/search?q=echo&type=artist`, { headers: authorization ? { authorization } : {} });
    expect((await with_('Bearer made-up')).json).toEqual({ error: { status: 401, message: 'Invalid access token' } });
    expect((await with_()).json).toEqual({ error: { status: 401, message: 'No token provided' } });
    expect((await with_('Basic abc')).json).toEqual({ error: { status: 400, message: 'Only valid bearer authentication supported' } });
  });
});
