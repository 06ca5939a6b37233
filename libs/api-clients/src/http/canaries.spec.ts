import { inspect } from 'node:util';
import { createMeter } from '@loadin/observability';
import { createRecordingLogger } from '@loadin/testing';
import { gatewayRules } from '../gateway/gateway.js';
import { tokenRules } from '../kit/token.js';
import { dataRules } from '../spotify/rules.js';
import { discoveryRules } from '../ticketmaster/rules.js';
import { createCredentialInUse } from './credential.js';
import { createTransportWorld, things, type TransportWorld } from './http.fixture.js';
import { createRedactor, type Redactor } from './redact.js';
import { commonRules, type Rule } from './rules.js';
import { hangUp, text, type Reply, type ScriptedServer } from './scripted-server.fixture.js';
import type { Auth } from './types.js';

const accountsRules = tokenRules('Check it.');

/** One that every escape leaves alone, and one that every escape changes. */
const canaries = ['k4n4r13nV0g3lW0hntH13r', 'k4n/r1en+v0g=l"w&hnt<h\'er%7'];

const hex = (text: string, each: (digits: string) => string): string =>
  [...Buffer.from(text)].map((byte) => each(byte.toString(16).padStart(2, '0'))).join('');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** How services spell what they were sent. */
const spellings: Record<string, (secret: string) => string> = {
  'as it is': (secret) => secret,
  'in JSON': (secret) => JSON.stringify(secret).slice(1, -1),
  'in JSON with escaped slashes': (secret) => JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
  'in JSON with the escapes that keep HTML safe': (secret) => secret.replace(/["&<>'=+/]/g, (sign) => `\\u00${hex(sign, (digits) => digits)}`),
  'in JSON, every character escaped': (secret) => [...secret].map((sign) => `\\u00${hex(sign, (digits) => digits.toUpperCase())}`).join(''),
  'in JSON in JSON': (secret) => JSON.stringify(JSON.stringify(secret)).slice(1, -1),
  'in a URL': encodeURIComponent,
  'in a URL, lower case': (secret) => encodeURIComponent(secret).replace(/%../g, (escape) => escape.toLowerCase()),
  'in a URL, every character escaped': (secret) => hex(secret, (digits) => `%${digits}`),
  'in a URL in a URL': (secret) => encodeURIComponent(encodeURIComponent(secret)),
  'in a form': (secret) => new URLSearchParams({ s: secret }).toString().slice(2),
  'in HTML': (secret) => secret.replace(/["&<>']/g, (sign) => `&#${sign.charCodeAt(0)};`),
  'in HTML with names': (secret) =>
    secret.replace(/["&<>']/g, (sign) => `&${{ '"': 'quot', '&': 'amp', '<': 'lt', '>': 'gt', "'": 'apos' }[sign] ?? ''};`),
  'in Base64': base64,
  'in Base64 for URLs': (secret) => Buffer.from(secret).toString('base64url'),
  'in Base64 after a user': (secret) => base64(`user:${secret}`),
  'in Base64 after a longer user': (secret) => base64(`a-user:${secret}`),
  'in Base64 between others': (secret) => base64(`somebody:${secret}:more`),
  'in hexadecimal': (secret) => hex(secret, (digits) => digits),
};

/** What must not be found: the secret, and of Base64 what does not depend on its neighbours. */
function tracesOf(secret: string): string[] {
  const aligned = [0, 1, 2].map((before) => base64('x'.repeat(before) + secret).slice(4, -4));
  const direct = Object.entries(spellings).flatMap(([name, spell]) => (name.includes('Base64') ? [] : [spell(secret)]));
  return [
    ...direct,
    ...aligned,
    ...aligned.map((core) => core.replaceAll('+', '-').replaceAll('/', '_')),
    hex(secret, (digits) => digits.toUpperCase()),
  ];
}

/** Undoes escapes, so that what is hidden from a plain search is found too. */
const decoded = (text: string): string =>
  text
    .replace(/\\+u00([0-9a-fA-F]{2})|%(?:25)*([0-9a-fA-F]{2})/g, (_all, a?: string, b?: string) => String.fromCharCode(parseInt(a ?? b ?? '', 16)))
    .replace(/\\/g, '');

function leaksIn(everything: string, secret: string): string[] {
  const texts = [everything, decoded(everything)];
  return [...tracesOf(secret), secret.replace(/\\/g, '')].filter((trace) => texts.some((each) => each.includes(trace)));
}

/** A body of every shape that these services have, with every spelling in it; `words` make a row of the table match. */
function bodies(secret: string, words: string): string[] {
  const said = Object.values(spellings).map((spell) => spell(secret));
  const quoted = JSON.stringify(`${words} ${said.join(' , ')}`);
  const unquoted = `"${words} ${said.filter((each) => !/["\n]/.test(each.replace(/\\./g, ''))).join(' , ')}"`; // escapes as JSON reads them
  return [quoted, unquoted].flatMap((message) => [
    `{"message":${message},"error":{"status":400,"message":${message},"reason":${message}}}`,
    `{"error":${message},"error_description":${message}}`,
    `{"fault":{"faultstring":${message},"detail":{"errorcode":${message}}}}`,
    `{"errors":[{"code":${message},"detail":${message}}]}`,
    `${words} ${said.join(' ')}`,
    `<html>${words} ${said.join('<br>')}</html>`,
  ]);
}

const rowsOf = (rules: readonly Rule[]): [string, Rule][] =>
  rules.filter(({ on }) => typeof on !== 'string').map((rule) => [`${JSON.stringify(rule.on)} ${rule.code} ${rule.body?.source ?? ''}`, rule]);
const rows = rowsOf([...dataRules, ...accountsRules, ...discoveryRules, ...commonRules]);
/** Of services that take their key in a header. */
const gatewayRows = rowsOf(gatewayRules({ baseUrl: 'PAYMENTS_API_URL', credentials: ['API_KEY_SECRET_ARN'] }));
const wordsOf = ({ body }: Rule): string => (body?.source ?? '').replace(/\([^)]*\)\?/g, '').split('|')[0] ?? '';
const statusOf = ({ on }: Rule): number => (typeof on === 'number' ? on : typeof on === 'object' ? on[0] : 200);

const ways: Record<string, (secret: string, redactor: Redactor) => Auth> = {
  'an API key in the query': (secret, redactor) => ({ kind: 'query', name: 'apikey', value: createCredentialInUse(secret, redactor) }),
  'an API key in a header': (secret, redactor) => ({ kind: 'header', name: 'x-api-key', value: createCredentialInUse(secret, redactor) }),
  'a client secret': (secret, redactor) => ({
    kind: 'basic',
    user: createCredentialInUse('a-user'),
    password: createCredentialInUse(secret, redactor),
  }),
  'an access token': (secret, redactor) => {
    redactor.add(secret);
    return {
      kind: 'bearer',
      tokens: { get: () => Promise.resolve({ value: secret, renewAt: Infinity, accepted: 0, inFlight: 0 }), refuse: () => undefined },
    };
  },
};

describe.each(Object.entries(ways))('%s', (way, authOf) => {
  const secrets = way.includes('query') ? canaries : canaries.slice(1); // the rest of the way is the same for all
  let world: TransportWorld;
  let server: ScriptedServer;
  let reply: Reply;
  beforeAll(async () => {
    world = createTransportWorld();
    server = await world.serve((response, request) => reply(response, request));
  });
  afterAll(() => world.close());

  /** Everything that leaves the transport after one request: what is given or thrown, logged and counted. */
  async function everythingAfter(secret: string, answer: Reply, rules: readonly Rule[], form?: Record<string, string>): Promise<string> {
    const redactor = createRedactor();
    const logger = createRecordingLogger();
    const meter = createMeter();
    reply = answer;
    const asked = server.requests.length;
    const http = world.http(server.url, { auth: authOf(secret, redactor), redactor, rules, attempts: 1, maxBytes: 1_000_000 });
    const seen: unknown[] = [];
    try {
      seen.push(await http.request({ ...things, query: { q: 'words' }, ...(form && { form }), isValid: () => true, logger, meter }));
    } catch (error) {
      for (let cause = error; cause instanceof Error; cause = cause.cause) seen.push(cause.message, cause.stack, { ...cause }, String(cause));
      seen.push(error);
    }
    expect(server.requests.length).toBeGreaterThan(asked);
    const hidden = inspect([seen, logger.lines, meter], { depth: 30, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity });
    return [hidden, JSON.stringify([seen, logger.lines]), ...seen.map(String)].join('\n');
  }
  const headersWith = (secret: string): Record<string, string> => ({
    'www-authenticate': `Bearer realm="${encodeURIComponent(secret)}"`,
    'x-echo': base64(`a-user:${secret}`),
    'retry-after': '9999',
    'set-cookie': `key=${encodeURIComponent(secret)}`,
    location: `http://127.0.0.1:1/?apikey=${encodeURIComponent(secret)}`,
  });

  it.each([...rows, ...(way.includes('header') ? gatewayRows : [])])('is in nothing that leaves after %s', async (_row, rule) => {
    for (const secret of secrets) {
      for (const body of bodies(secret, wordsOf(rule))) {
        const echo = text(body, statusOf(rule), headersWith(secret));
        expect(leaksIn(await everythingAfter(secret, echo, [rule, ...discoveryRules, ...dataRules]), secret)).toEqual([]);
      }
    }
  });

  it.each(Object.entries(spellings))('is in no page that is landed, spelled %s', async (_name, spell) => {
    for (const secret of secrets) {
      const raw = spell(secret);
      const inJson = [JSON.stringify(raw), ...(isJsonText(raw) ? [`"${raw}"`] : [])];
      for (const value of inJson) {
        const page = `{"id":${value},"request":{"url":${value},"list":[1,${value},null]},${value}:"a word"}`;
        const left = await everythingAfter(secret, text(page), []);
        expect(leaksIn(left, secret)).toEqual([]);
        expect(left).toContain('[redacted]');
        expect(left).toContain('a word');
      }
    }
  });

  it.each<[string, (secret: string) => Reply]>([
    ['a broken connection', () => hangUp],
    ['a page that is not JSON', (secret) => text(`<html>${secret}</html>`)],
    ['half a page', (secret) => text(`{"id":"${encodeURIComponent(secret)}"`)],
    ['a page that can not be unpacked', (secret) => text(secret, 200, { 'content-encoding': 'gzip' })],
    ['a page above the size limit', (secret) => text(JSON.stringify(secret.repeat(60_000)))],
    [
      'a redirect to another host',
      (secret) => text(secret, 302, { location: `http://${encodeURIComponent(secret)}.invalid/${encodeURIComponent(secret)}` }),
    ],
    [
      'a redirect round and round',
      (secret) => text('', 302, { location: `/x?apikey=${encodeURIComponent(secret)}&k=${encodeURIComponent(secret)}` }),
    ],
  ])('is in nothing that leaves after %s', async (_name, replyTo) => {
    for (const secret of secrets) {
      expect(leaksIn(await everythingAfter(secret, replyTo(secret), []), secret)).toEqual([]);
      const inForm = await everythingAfter(secret, replyTo(secret), accountsRules, { grant_type: 'client_credentials' });
      expect(leaksIn(inForm, secret)).toEqual([]);
    }
  });

  it('is not there by half where a message is cut', async () => {
    for (const secret of secrets) {
      for (let before = 270; before < 300; before += 5) {
        const left = await everythingAfter(secret, text(`${'x '.repeat(before / 2)}${secret} and more`, 400), []);
        expect(left).not.toContain(secret.slice(0, 4));
      }
    }
  });
});

describe('a token that is not yet known', () => {
  it('is in nothing that leaves when its answer is odd', async () => {
    const world = createTransportWorld();
    const logger = createRecordingLogger();
    const [secret = ''] = canaries;
    for (const body of [`{"access_token":"${secret}","expires_in":"soon"}`, `{"token":"${secret}"}`, `token ${secret}`, `["${secret}"]`]) {
      const server = await world.serve(text(body));
      const asked = world.http(server.url, { attempts: 1 }).request({ ...things, form: { grant_type: 'x' }, isValid: () => false, logger });
      const error: unknown = await asked.catch((thrown: unknown) => thrown);
      expect(leaksIn(inspect([error, logger.lines], { depth: 30, showHidden: true }), secret)).toEqual([]);
      expect(logger.lines.length).toBeGreaterThan(0);
    }
    await world.close();
  });
});

describe('the search for leaks', () => {
  it('finds every spelling', () => {
    for (const secret of canaries)
      for (const [name, spell] of Object.entries(spellings)) expect([name, leaksIn(`text ${spell(secret)} text`, secret)]).not.toEqual([name, []]);
  });
});

function isJsonText(raw: string): boolean {
  try {
    JSON.parse(`"${raw}"`);
    return true;
  } catch {
    return false; // a spelling that is no JSON text as it stands comes quoted
  }
}
