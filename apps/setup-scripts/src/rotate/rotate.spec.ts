import { CreateSecretCommand, GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { loadEnvironment } from '@loadin/config';
import { runNamedJob } from '@loadin/jobs';
import { startServers, type Servers } from '@loadin/specs';
import { join } from 'node:path';
import { clientOptions } from '../clients.js';
import type { Prompt } from '../prompt.js';
import { runProgram } from '../program.js';
import { startKeyRing, type KeyRing } from './key-ring.fixture.js';

jest.setTimeout(30_000);

const JOBS = `
version: 1
streams:
  ticketmaster.venues: { countries: [GB, IE, DE] }
jobs:
  venue_refresh: { streams: [ticketmaster.venues], sinks: [s3_raw, kinesis] }
`;
const limits = { ticketmaster: { perSecond: 1e6, perDay: 1e6 } };
const OLD = 'theOldKeyOfLastYear0123456789';
const NEW = 'theNewKeyOfThisYear0123456789';

let servers: Servers;
let ring: KeyRing;
let client: SecretsManagerClient;
let env: Record<string, string>;
let made = 0;

beforeAll(async () => {
  servers = await startServers({ jobs: JOBS, upstreams: { baseDate: '2026-03-01', now: () => Date.parse('2026-03-01T04:00:00Z'), limits } });
  client = new SecretsManagerClient(clientOptions('us-east-1', loadEnvironment({ cwd: servers.dir, env: servers.env })).secretsManager);
});
afterAll(async () => {
  client.destroy();
  await servers.close();
});
beforeEach(async () => {
  ring = await startKeyRing(servers.sources);
  const address = (url: string): string => `${ring.url}${new URL(url).pathname}`;
  const { paymentsUrl, shipmentsUrl } = servers.sources;
  env = {
    ...servers.env,
    LOADIN_JOBS: join(servers.dir, 'jobs.yaml'),
    API_TICKETMASTER_BASE_URL: ring.url,
    PAYMENTS_API_URL: address(paymentsUrl),
    SHIPMENTS_API_URL: address(shipmentsUrl),
  };
});
afterEach(() => ring.close());

async function secretOf(text: string): Promise<string> {
  const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: `secret-${(made += 1)}`, SecretString: text }));
  return ARN;
}
const textOf = async (SecretId: string, VersionStage = 'AWSCURRENT'): Promise<string | undefined> =>
  (await client.send(new GetSecretValueCommand({ SecretId, VersionStage }))).SecretString;

/** `typed`: by somebody who sits there; else it comes by a pipe. */
async function rotate(source: string, value: string, { typed = false, options = [] as readonly string[] } = {}) {
  const lines: string[] = [];
  const complaints: string[] = [];
  const output = { print: (line: string) => void lines.push(...line.split('\n')), complain: (text: string) => void complaints.push(text) };
  const no = async (): Promise<string> => Promise.reject(new Error('nobody should be asked'));
  const prompt: Prompt = typed
    ? { interactive: true, ask: no, askSecretly: async () => value, readAll: no }
    : { interactive: false, ask: no, askSecretly: no, readAll: async () => `${value}\n` };
  const status = await runProgram(['rotate', source, ...options], { output, env, cwd: servers.dir, prompt });
  const text = [...lines, ...complaints].join('\n');
  if (value.length > 8) expect(text).not.toContain(value);
  expect(text).not.toContain(OLD);
  expect(text).not.toContain(NEW);
  return { status, lines, complaints: complaints.join('\n') };
}

/** Back to the one before: nothing is typed. */
async function revert(source: string) {
  const lines: string[] = [];
  const complaints: string[] = [];
  const output = { print: (line: string) => void lines.push(...line.split('\n')), complain: (text: string) => void complaints.push(text) };
  const no = async (): Promise<string> => Promise.reject(new Error('nobody should be asked'));
  const prompt: Prompt = { interactive: true, ask: no, askSecretly: no, readAll: no };
  const status = await runProgram(['rotate', source, '--revert'], { output, env, cwd: servers.dir, prompt });
  for (const secret of [OLD, NEW]) expect([...lines, ...complaints].join('\n')).not.toContain(secret);
  return { status, lines, complaints: complaints.join('\n') };
}

const runNow = () => runNamedJob({ job: 'venue_refresh', environment: loadEnvironment({ cwd: servers.dir, env }), again: true, at: AT });
const AT = '2026-03-01T04:00:00Z';

describe('loadin-setup rotate', () => {
  it('asks the source first, makes the new one AWSCURRENT and leaves the old one as AWSPREVIOUS', async () => {
    const arn = (env['API_TICKETMASTER_API_KEY'] = await secretOf(JSON.stringify({ api_key: OLD, note: 'of the portal' })));
    ring.keys.add(OLD).add(NEW);
    const { status, lines, complaints } = await rotate('ticketmaster', NEW);
    expect({ status, complaints }).toEqual({ status: 0, complaints: '' });
    expect(lines).toEqual([
      expect.stringMatching(/^OK +ticketmaster \(it takes the new one\)$/),
      expect.stringMatching(/^changed +arn:.*secret:secret-\d+.* \(AWSCURRENT is version [\w-]+, AWSPREVIOUS [\w-]+\)$/),
      expect.stringMatching(/^OK +ticketmaster \(it takes what the next run reads\)$/),
      expect.stringContaining('within 5 minutes'),
      'Until then there is a way back: loadin-setup rotate ticketmaster --revert',
    ]);
    expect(JSON.parse((await textOf(arn)) ?? '')).toEqual({ api_key: NEW, note: 'of the portal' });
    expect(JSON.parse((await textOf(arn, 'AWSPREVIOUS')) ?? '')).toEqual({ api_key: OLD, note: 'of the portal' });
    expect(ring.calls).toEqual([
      { key: NEW, taken: true },
      { key: NEW, taken: true },
    ]);
  });

  it('fails no run that goes on meanwhile: it reads the new one when the old one is refused, once', async () => {
    const arn = (env['API_TICKETMASTER_API_KEY'] = await secretOf(OLD));
    ring.keys.add(OLD);
    let rotated: Awaited<ReturnType<typeof rotate>> | undefined;
    ring.beforeCall = async (count) => {
      if (count !== 3) return;
      ring.beforeCall = async () => undefined;
      ring.keys.add(NEW);
      rotated = await rotate('ticketmaster', NEW);
      ring.keys.delete(OLD);
    };
    const report = await runNamedJob({ job: 'venue_refresh', environment: loadEnvironment({ cwd: servers.dir, env }), at: '2026-03-01T04:00:00Z' });
    expect(rotated?.status).toBe(0);
    expect(report).toMatchObject({ status: 'complete', problems: [], streams: [{ ledger: { rejected: 0 } }] });
    expect(report.streams[0]?.ledger.accepted).toBe(
      servers.sources.catalogue.venueIds('GB').length +
        servers.sources.catalogue.venueIds('IE').length +
        servers.sources.catalogue.venueIds('DE').length,
    );
    const ofRun = ring.calls.filter(({ key, taken }) => key === OLD || taken);
    const refused = ofRun.filter(({ taken }) => !taken);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(4); // those in flight
    expect(ofRun.at(-1)).toEqual({ key: NEW, taken: true });
    expect(await textOf(arn)).toBe(NEW);
  });

  it('changes nothing when the source does not take it, and does not show it', async () => {
    const arn = (env['API_TICKETMASTER_API_KEY'] = await secretOf(OLD));
    ring.keys.add(OLD);
    const puts = servers.aws.requests().secretsmanager?.['PutSecretValue'];
    const { status, complaints } = await rotate('ticketmaster', NEW);
    expect(status).toBe(1);
    expect(complaints).toMatch(/^Error: ticketmaster does not take the new one: [^]*→ Nothing was changed\./);
    expect(await textOf(arn)).toBe(OLD);
    expect(servers.aws.requests().secretsmanager?.['PutSecretValue']).toBe(puts);
  });

  it('takes the new one out again when the source took it and then refuses what runs read', async () => {
    const arn = (env['API_TICKETMASTER_API_KEY'] = await secretOf(OLD));
    ring.keys.add(OLD).add(NEW);
    ring.beforeCall = async (count) => void (count === 2 && ring.keys.delete(NEW));
    const { status, lines, complaints } = await rotate('ticketmaster', NEW);
    expect(status).toBe(1);
    expect(lines.at(-1)).toMatch(/^changed +arn:.* \(the one before is AWSCURRENT again\)$/);
    expect(complaints).toMatch(
      /^Error: ticketmaster does not take what is in the secret now: [^]*→ The one before is in the secret again, and is taken/,
    );
    expect(await textOf(arn)).toBe(OLD);
  });

  it('leaves the new one when the source takes none any more: nobody knows which is right', async () => {
    const arn = (env['API_TICKETMASTER_API_KEY'] = await secretOf(OLD));
    ring.keys.add(OLD).add(NEW);
    ring.beforeCall = async (count) => void (count === 2 && ring.keys.clear());
    const { status, complaints } = await rotate('ticketmaster', NEW);
    expect([status, complaints]).toEqual([1, expect.stringContaining('Nor does it take the one before')]);
    expect(await textOf(arn)).toBe(NEW);
  });

  it("takes Spotify's client secret by a prompt that does not show it, and keeps the id beside it", async () => {
    const { spotifyClientId: client_id, spotifyClientSecret } = servers.sources.credentials;
    const arn = await secretOf(JSON.stringify({ client_id, client_secret: OLD }));
    env = { ...env, API_SPOTIFY_CLIENT_ID: arn, API_SPOTIFY_CLIENT_SECRET: arn };
    expect(await rotate('spotify', spotifyClientSecret, { typed: true })).toMatchObject({ status: 0 });
    expect(JSON.parse((await textOf(arn)) ?? '')).toEqual({ client_id, client_secret: spotifyClientSecret });
  });

  it.each(['payments', 'shipments'] as const)('takes a key of the %s API of at least 20 letters and digits alone', async (source) => {
    const arn = (env['API_KEY_SECRET_ARN'] = await secretOf(JSON.stringify({ api_key: OLD })));
    ring.keys.add(OLD).add(NEW);
    expect((await rotate(source, 'tooShort12345')).complaints).toContain('the API key is not 20 to 128 letters and digits: it has 13 characters');
    expect((await rotate(source, 'with-hyphens-1234567890')).complaints).toContain('it has other characters');
    expect(ring.calls).toEqual([]);
    expect(await rotate(source, NEW)).toMatchObject({ status: 0, complaints: '' });
    expect(await textOf(arn)).toBe(JSON.stringify({ api_key: NEW }));
    expect(ring.calls.every(({ taken }) => taken)).toBe(true);
  });

  it('does nothing when the secret holds that value already', async () => {
    env['API_TICKETMASTER_API_KEY'] = await secretOf(NEW);
    expect((await rotate('ticketmaster', NEW)).lines).toEqual([expect.stringMatching(/^already there /)]);
    expect(ring.calls).toEqual([]);
  });

  it('does not overwrite what somebody else has put meanwhile', async () => {
    const arn = (env['API_TICKETMASTER_API_KEY'] = await secretOf(OLD));
    ring.keys.add(NEW);
    ring.beforeCall = async () => void (await client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: 'of somebody else' })));
    expect((await rotate('ticketmaster', NEW)).complaints).toContain('Somebody else has changed the secret meanwhile');
    expect(await textOf(arn)).toBe('of somebody else');
  });

  it.each([
    ['', /Ticketmaster's new API key is empty/],
    ['api_key: abc', /has white space in it/],
  ])('refuses %j', async (value, message) => {
    env['API_TICKETMASTER_API_KEY'] = await secretOf(OLD);
    expect(await rotate('ticketmaster', value)).toMatchObject({ status: 1, complaints: expect.stringMatching(message) });
  });

  it('says what to do when the setting is the credential itself, or missing', async () => {
    expect(await rotate('ticketmaster', NEW)).toMatchObject({
      status: 1,
      complaints: expect.stringMatching(/API_TICKETMASTER_API_KEY is the credential itself[^]*→ Put it into Secrets Manager/),
    });
    delete env['API_TICKETMASTER_API_KEY'];
    expect(await rotate('ticketmaster', NEW)).toMatchObject({
      status: 2,
      complaints: expect.stringContaining('API_TICKETMASTER_API_KEY is missing'),
    });
  });

  it('takes no secret as an argument', async () => {
    const complaints: string[] = [];
    const output = { print: () => undefined, complain: (text: string) => void complaints.push(text) };
    expect(await runProgram(['rotate', 'ticketmaster', NEW], { output, env, cwd: servers.dir })).toBe(2);
    expect(complaints.join('\n')).not.toContain(NEW);
  });
});

describe('loadin-setup rotate --revert', () => {
  it('makes the credential before AWSCURRENT again, once the source has taken it, and leaves other fields as they are', async () => {
    const arn = (env['API_TICKETMASTER_API_KEY'] = await secretOf(JSON.stringify({ api_key: OLD, note: 'of the portal' })));
    await client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: JSON.stringify({ api_key: NEW, note: 'changed since' }) }));
    ring.keys.add(OLD);
    const { status, lines, complaints } = await revert('ticketmaster');
    expect({ status, complaints }).toEqual({ status: 0, complaints: '' });
    expect(lines).toEqual([
      expect.stringMatching(/^OK +ticketmaster \(it takes the one before\)$/),
      expect.stringMatching(/^changed +arn:.* \(AWSCURRENT is version [\w-]+, AWSPREVIOUS [\w-]+\)$/),
      expect.stringMatching(/^OK +ticketmaster \(it takes what the next run reads\)$/),
      expect.stringContaining('within 5 minutes'),
    ]);
    expect(JSON.parse((await textOf(arn)) ?? '')).toEqual({ api_key: OLD, note: 'changed since' });
    expect(JSON.parse((await textOf(arn, 'AWSPREVIOUS')) ?? '')).toMatchObject({ api_key: NEW });
  });

  it('saves a run under way whose new key the source has taken and then refuses', async () => {
    const arn = (env['API_TICKETMASTER_API_KEY'] = await secretOf(OLD));
    ring.keys.add(OLD).add(NEW);
    expect((await rotate('ticketmaster', NEW)).status).toBe(0);
    ring.calls.length = 0;
    let reverted: Awaited<ReturnType<typeof revert>> | undefined;
    ring.beforeCall = async (count) => {
      if (count !== 3) return;
      ring.beforeCall = async () => undefined;
      ring.keys.delete(NEW);
      reverted = await revert('ticketmaster');
    };
    const report = await runNow();
    expect(reverted).toMatchObject({ status: 0, complaints: '' });
    expect(report).toMatchObject({ status: 'complete', problems: [], streams: [{ ledger: { rejected: 0 } }] });
    expect(ring.calls.slice(0, 2)).toEqual(Array(2).fill({ key: NEW, taken: true }));
    const refused = ring.calls.filter(({ taken }) => !taken);
    expect(refused.length).toBeLessThanOrEqual(4); // those in flight
    expect(ring.calls.at(-1)).toEqual({ key: OLD, taken: true });
    expect(await textOf(arn)).toBe(OLD);
  });

  it('and back once more: of two reverts the second undoes the first', async () => {
    const arn = (env['API_TICKETMASTER_API_KEY'] = await secretOf(OLD));
    ring.keys.add(OLD).add(NEW);
    await rotate('ticketmaster', NEW);
    await revert('ticketmaster');
    expect(await textOf(arn)).toBe(OLD);
    await revert('ticketmaster');
    expect(await textOf(arn)).toBe(NEW);
  });

  it('changes nothing when the source has taken the one before back', async () => {
    const arn = (env['API_TICKETMASTER_API_KEY'] = await secretOf(OLD));
    ring.keys.add(OLD).add(NEW);
    await rotate('ticketmaster', NEW);
    ring.keys.delete(OLD);
    const { status, complaints } = await revert('ticketmaster');
    expect([status, complaints]).toEqual([1, expect.stringMatching(/^Error: ticketmaster does not take the one before: [^]*→ Nothing was changed/)]);
    expect(await textOf(arn)).toBe(NEW);
  });

  it('says so when there is none before', async () => {
    env['API_TICKETMASTER_API_KEY'] = await secretOf(OLD);
    expect(await revert('ticketmaster')).toMatchObject({ status: 1, complaints: expect.stringContaining('There is no version before this one') });
  });
});
