import fc from 'fast-check';
import { isSecretName, redact, redactUrl, redactValue } from './redact.js';

const SECRET = 'k3y/with+odd=chars & "quotes"';

describe('redact', () => {
  it.each([
    ['as it is', `the key ${SECRET} is wrong`, 'the key *** is wrong'],
    ['in a URL', `https://api.example.org/?k=${encodeURIComponent(SECRET)}&page=2`, 'https://api.example.org/?k=***&page=2'],
    ['in JSON', JSON.stringify({ note: `x ${SECRET} y` }), '{"note":"x *** y"}'],
    ['in Base64', `sent ${Buffer.from(SECRET).toString('base64')}`, /^sent \*\*\*=*$/],
  ])('hides a known secret %s', (_where, text, expected) => {
    expect(redact(text, [SECRET])).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  it.each([
    ['GET /discovery/v2/events.json?apikey=abc123&page=0', 'GET /discovery/v2/events.json?apikey=***&page=0'],
    ['GET /x?page=0&API_KEY=abc123', 'GET /x?page=0&API_KEY=***'],
    ['grant_type=client_credentials&client_id=me&client_secret=abc', 'grant_type=client_credentials&client_id=me&client_secret=***'],
    ['{"access_token":"BQ\\"xyz","token_type":"Bearer"}', '{"access_token":"***","token_type":"Bearer"}'],
    ['{"password": "p w, d", "user": "ana"}', '{"password": "***", "user": "ana"}'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: ***'],
    ['Authorization: Basic YWJjOmRlZg==, Accept: */*', 'Authorization: ***, Accept: */*'],
    ['authorization: AWS4-HMAC-SHA256 Credential=AKIA/20240115/us-east-1, Signature=abc', 'authorization: ***'],
    ['refused: bearer BQDx8x7zT2lmmXcV3v9kR', 'refused: bearer ***'],
    ['postgres://loadin:pa55@db.example.org:5432/shop', 'postgres://***@db.example.org:5432/shop'],
    [
      'https://b.s3.amazonaws.com/k?X-Amz-Signature=abc&X-Amz-Date=20240115T103045Z',
      'https://b.s3.amazonaws.com/k?X-Amz-Signature=***&X-Amz-Date=20240115T103045Z',
    ],
    ['API_TICKETMASTER_API_KEY=abc', 'API_TICKETMASTER_API_KEY=***'],
  ])('hides what looks like a credential: %s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each(['page=2&size=200', '{"artist_id":"spotify_1","name":"The Secret Sisters"}', 'The Bearer of bad news', 's3://lake/raw/key=1/a.json', ''])(
    'leaves other text alone: %s',
    (text) => {
      expect(redact(text, ['', 'ab'])).toBe(text);
    },
  );

  it('never lets a secret through, in whatever text and however it is encoded (property)', () => {
    const secret = fc.string({ minLength: 6, maxLength: 40, unit: 'binary' }).filter((text) => !text.includes('*'));
    const wrapping = fc.constantFrom<(text: string) => string>(
      (text) => text,
      encodeURIComponent,
      (text) => JSON.stringify(text),
      (text) => Buffer.from(text).toString('base64'),
      (text) => new URLSearchParams({ q: text }).toString(),
    );
    fc.assert(
      fc.property(secret, fc.array(secret, { maxLength: 3 }), fc.string(), fc.string(), wrapping, (one, others, before, after, wrap) => {
        const safe = redact(`${before} ${wrap(one)} ${after}`, [...others, one]);
        expect(`${before} ${after}`.includes(one) || !safe.includes(one)).toBe(true);
        expect(safe).toContain('***');
      }),
      { seed: 42, numRuns: 300 },
    );
  });

  it.each(['a', 'a.', 'a=', '"a', 'a-b+', 'x:/', 'bearer '])('takes time in proportion to the text: %s', (unit) => {
    const started = performance.now();
    redact(unit.repeat(200_000));
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('hides a secret that contains another one as a whole', () => {
    expect(redact('abcdefgh', ['abcd', 'abcdefgh'])).toBe('***');
  });
});

describe('redactUrl', () => {
  it('keeps the rest of the URL as it is', () => {
    expect(redactUrl('https://ana:pw@api.example.org/v1/a%20b?q=x%26y&access_token=abc#top')).toBe(
      'https://***@api.example.org/v1/a%20b?q=x%26y&access_token=***#top',
    );
  });
});

describe('redactValue', () => {
  it('hides members by name at every depth and texts by content', () => {
    const value = { headers: { Authorization: 'Bearer x', accept: 'json' }, list: [{ apiKey: 1, n: 2 }], note: 'apikey=abc', password: null };
    expect(redactValue(value)).toEqual({
      headers: { Authorization: '***', accept: 'json' },
      list: [{ apiKey: '***', n: 2 }],
      note: 'apikey=***',
      password: null,
    });
    expect(value.headers.Authorization).toBe('Bearer x');
  });

  it('reduces an error to name and message, and cuts a circle', () => {
    const error = Object.assign(new TypeError('https://api.example.org/?apikey=abc'), { config: { headers: { Authorization: 'x' } } });
    expect(redactValue({ error })).toEqual({ error: { name: 'TypeError', message: 'https://api.example.org/?apikey=***' } });
    const circle: Record<string, unknown> = { name: 'a' };
    circle['self'] = circle;
    expect(redactValue(circle)).toEqual({ name: 'a', self: '[circular]' });
  });
});

describe('isSecretName', () => {
  it.each(['apikey', 'API_KEY', 'x-api-key', 'clientSecret', 'client_secret', 'Authorization', 'AWS_SECRET_ACCESS_KEY', 'X-Amz-Security-Token'])(
    'knows %s',
    (name) => {
      expect(isSecretName(name)).toBe(true);
    },
  );
  it.each(['key', 'token_type', 'client_id', 'page', 'secretary', 'api_key_secret_arn'])('does not take %s for one', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});
