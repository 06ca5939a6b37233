import { secretOf } from './secret.js';
import { inspect } from 'node:util';
import { secretNamed, wholeSecret } from './secret.js';
import { openSecrets, resolveSecrets } from './secret-store.js';

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:spotify-AbCdEf';

/** A Secrets Manager of one secret, a count of its calls, and a clock that stands still until told. */
function world(initial: string) {
  const state = { text: initial, calls: 0, time: 1_000_000, failure: undefined as Error | undefined };
  const read = async (arn: string): Promise<string> => {
    state.calls += 1;
    expect(arn).toBe(ARN);
    if (state.failure) throw state.failure;
    return state.text;
  };
  return { state, secrets: openSecrets(read, { clock: { now: () => state.time } }) };
}

describe('openSecrets', () => {
  it('gives plain secrets without asking anyone', async () => {
    const { state, secrets } = world('');
    expect(await secrets.value(secretOf('plain', 'client_id'))).toBe('plain');
    expect(await secrets.reread(secretOf('plain', 'client_id'), 'plain')).toBe('plain');
    expect(state.calls).toBe(0);
  });

  it.each([
    ['the default field', ARN, '{"client_id":"from json"}', 'from json'],
    ['a named field', `${ARN}#other`, '{"client_id":"x","other":"named"}', 'named'],
    ['the whole text when it is no JSON object', ARN, ' bare text\n', 'bare text'],
    ['the whole text when it is a number', ARN, '12345', '12345'],
  ])('takes %s', async (_case, text, stored, expected) => {
    expect(await world(stored).secrets.value(secretOf(text, 'client_id'))).toBe(expected);
  });

  it.each([
    ['lacks the field', ARN, '{"b":"canary","a":1}', 'no text in field client_id: it has a, b'],
    ['has no text there', ARN, '{"client_id":5}', 'no text in field client_id: it has client_id'],
    ['is no JSON although a field was named', `${ARN}#f`, 'canary', 'no text in field f: it is not a JSON object'],
    ['is empty', ARN, '', 'no text in field client_id: it is not a JSON object'],
  ])('says so, without a value, when the secret %s', async (_case, text, stored, message) => {
    const failure = await world(stored)
      .secrets.value(secretOf(text, 'client_id'))
      .catch((error: Error) => error);
    expect(failure).toMatchObject({ action: 'fatal', where: ARN, message: expect.stringContaining(message) });
    expect(JSON.stringify(failure)).not.toContain('canary');
  });

  it('reads a secret once for 5 minutes, whatever fields and however many callers', async () => {
    const { state, secrets } = world('{"client_id":"i","client_secret":"s"}');
    const [id, secret] = [secretOf(ARN, 'client_id'), secretOf(ARN, 'client_secret')];
    expect(await Promise.all([secrets.value(id), secrets.value(secret), secrets.value(id)])).toEqual(['i', 's', 'i']);
    state.time += 299_999;
    await secrets.value(id);
    expect(state.calls).toBe(1);
    state.time += 1;
    state.text = '{"client_id":"rotated"}';
    expect(await secrets.value(id)).toBe('rotated');
    expect(state.calls).toBe(2);
  });

  it('does not keep a failed read', async () => {
    const { state, secrets } = world('v');
    state.failure = new Error('throttled');
    await expect(secrets.value(secretOf(ARN, 'f'))).rejects.toThrow('throttled');
    state.failure = undefined;
    expect(await secrets.value(secretOf(ARN, 'f'))).toBe('v');
  });

  it('rereads once after a refusal, for all who were refused', async () => {
    const { state, secrets } = world('old');
    const secret = secretOf(ARN, 'f');
    await secrets.value(secret);
    state.text = 'new';
    expect(await Promise.all(Array.from({ length: 20 }, () => secrets.reread(secret, 'old')))).toEqual(Array.from({ length: 20 }, () => 'new'));
    expect(await secrets.reread(secret, 'old')).toBe('new');
    expect(state.calls).toBe(2);
  });

  it('does not ask again and again when the value stays refused', async () => {
    const { state, secrets } = world('bad');
    const secret = secretOf(ARN, 'f');
    await secrets.value(secret);
    expect([await secrets.reread(secret, 'bad'), await secrets.reread(secret, 'bad')]).toEqual(['bad', 'bad']);
    expect(state.calls).toBe(2);
    state.time += 300_000;
    await secrets.reread(secret, 'bad');
    expect(state.calls).toBe(3);
  });
});

describe('resolveSecrets', () => {
  const none = { spotify: undefined, ticketmaster: undefined, postgres: undefined, payments: undefined, shipments: undefined };

  it('gives the credentials that are set', async () => {
    const { state, secrets } = world('{"client_id":"i","client_secret":"s"}');
    const spotify = { clientId: secretOf(ARN, 'client_id'), clientSecret: secretOf(ARN, 'client_secret') };
    expect(await resolveSecrets({ spotify }, secrets)).toEqual({ ...none, spotify: { clientId: 'i', clientSecret: 's' } });
    expect(state.calls).toBe(1);
    expect(await resolveSecrets({ ticketmaster: { apiKey: secretOf('k', 'api_key') } }, secrets)).toEqual({ ...none, ticketmaster: { apiKey: 'k' } });
  });

  it('gives the secret of a database as a whole', async () => {
    const text = '{"host":"h","username":"u"}';
    const postgres = { connection: wholeSecret(ARN), tls: undefined, ca: undefined };
    expect(await resolveSecrets({ postgres }, world(text).secrets)).toEqual({ ...none, postgres: text });
  });

  it('reads the one key of two APIs once', async () => {
    const key = 'K'.repeat(48);
    const { state, secrets } = world(JSON.stringify({ api_key: key }));
    const api = { url: 'https://x', apiKey: secretNamed(ARN, 'api_key') };
    expect(await resolveSecrets({ payments: api, shipments: api }, secrets)).toEqual({
      ...none,
      payments: { apiKey: key },
      shipments: { apiKey: key },
    });
    expect(state.calls).toBe(1);
  });

  it.each([
    ['Canary1234567890123', 'it has 19 characters'],
    ['Canary-123456789012345', 'it has other characters'],
    [`Canary${'x'.repeat(123)}`, 'it is longer'],
  ])('refuses an API key that API Gateway would not take, without showing it (%#)', async (key, found) => {
    const { secrets } = world(JSON.stringify({ api_key: key }));
    const error: unknown = await resolveSecrets({ payments: { url: 'https://x', apiKey: secretOf(ARN, 'api_key') } }, secrets).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ action: 'fatal', message: `the API key is not 20 to 128 letters and digits: ${found}`, where: ARN });
    expect(inspect(error, { depth: 9 })).not.toContain('Canary');
  });
});
