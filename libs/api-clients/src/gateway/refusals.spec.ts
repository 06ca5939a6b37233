import { inspect } from 'node:util';
import type { FaultEffect } from '@loadin/upstreams';
import { caught, serve } from '../kit/served.fixture.js';
import { paymentsSource } from '../payments/source.js';
import type { World } from '../upstreams.fixture.js';
import { asked, jobOf, names, settingOf, startShop, type Name } from './changes.fixture.js';

describe.each(names)('the %s API', (name: Name) => {
  let world: World;
  beforeAll(async () => (world = await startShop()));
  beforeEach(() => world.renew());
  afterAll(() => world.close());

  const calls = (): number => asked(world, name).length;
  const wrong = 'AnotherKeyThatIsLongEnough99';

  it('refuses another key: fatal, asked once, the hint names the setting, and nothing has the key', async () => {
    const job = jobOf(world, name);
    const { report, stream } = await job.run({ apiKey: wrong, attempts: 3 });
    expect(stream.error).toMatchObject({
      action: 'fatal',
      message: `${name === 'payments' ? 'Payments' : 'Shipments'} API does not accept the API key: 403 Forbidden`,
      hint: expect.stringContaining('API_KEY_SECRET_ARN'),
    });
    expect(stream.error?.hint?.includes('PAYMENTS_API_SECRET_NAME')).toBe(name === 'payments');
    expect(calls()).toBe(1);
    expect(job.everything() + inspect(report, { depth: 20 })).not.toContain(wrong);
  });

  it('takes a key that was rotated meanwhile', async () => {
    const refused: string[] = [];
    const apiKey = {
      current: () => Promise.resolve(wrong),
      refused: (value: string) => Promise.resolve(refused.push(value) > 0 ? world.upstreams.credentials.gatewayApiKey : value),
    };
    expect((await jobOf(world, name).run({ apiKey })).report.status).toBe('complete');
    expect(refused).toEqual([wrong]);
  });

  it.each(['', 'tooShortToBeOne', 'with-other-signs-in-it-but-long', ' LeadingSpaceIsNoPartOfAKey', 'TheNewlineOfAFileIsNeither\n', 'x'.repeat(129)])(
    'is not asked with what can be no key (%j)',
    async (key) => {
      const api = name === 'payments' ? 'Payments API' : 'Shipments API';
      const refusal = {
        action: 'fatal',
        message: `${api}: the API key is not 20 to 128 letters and digits`,
        hint: expect.stringContaining('API_KEY_SECRET_ARN'),
      };
      const atOnce = await caught(jobOf(world, name).run({ apiKey: key }));
      const { stream } = await jobOf(world, name).run({ apiKey: { current: () => Promise.resolve(key), refused: () => Promise.resolve(key) } });
      for (const error of [atOnce, stream.error]) {
        expect(error).toMatchObject(refusal);
        if (key !== '') expect(inspect(error, { depth: 10 })).not.toContain(key);
      }
      expect(calls()).toBe(0);
    },
  );

  it('says so when it is asked at another address', async () => {
    const { stream } = await jobOf(world, name).run({ baseUrl: world.upstreams.spotifyUrl + '/prod' });
    expect(stream.error).toMatchObject({ action: 'fatal' });
    const { stream: beside } = await jobOf(world, name).run({ baseUrl: `${world.upstreams.spotifyUrl}/prod/${name}/all` });
    expect(beside.error).toMatchObject({ action: 'fatal', hint: expect.stringContaining(settingOf[name]) });
    expect(await caught(jobOf(world, name).run({ baseUrl: '' }))).toMatchObject({ message: `${settingOf[name]} is not an http(s) address` });
  });

  it('is asked again, later, when it throttles', async () => {
    Object.assign(world.upstreams.limits.gateway, { perSecond: 1, burst: 1 });
    const { report } = await jobOf(world, name).run();
    expect(report.status).toBe('complete');
    expect(world.upstreams.requests().byApi[name].tooManyRequests).toBeGreaterThan(0);
  });

  it('ends a run resumably when the quota of the usage plan is used up', async () => {
    const job = jobOf(world, name);
    world.upstreams.limits.gateway.perDay = 2;
    const { stream, report } = await job.run({ attempts: 3 });
    expect([report.status, report.reason, calls()]).toEqual(['stopped', 'quota', 3]);
    expect(stream.error).toMatchObject({
      action: 'stop',
      message: expect.stringContaining('quota of its usage plan is used up: 429 Limit Exceeded'),
    });
    world.upstreams.limits.gateway.perDay = 100;
    expect((await job.run()).report).toMatchObject({ status: 'complete', attempts: 2 });
  });

  it('ends a run resumably when it says to come back later than is waited', async () => {
    world.upstreams.faults.add({ api: name, effect: { kind: 'retryAfter', seconds: 900 } });
    expect((await jobOf(world, name).run()).report).toMatchObject({
      status: 'stopped',
      reason: 'quota',
      resume_after: expect.stringMatching(/^2026-03-01T12:15:00/),
    });
  });

  it.each<[string, FaultEffect]>([
    ['a function that takes too long', { kind: 'status', status: 504 }],
    ['an answer above 6 MB', { kind: 'status', status: 502 }],
    ['an answer that breaks off', { kind: 'truncatedBody' }],
    ['half an answer', { kind: 'malformedJson' }],
    ['an empty answer', { kind: 'emptyBody' }],
    ['an answer without a list', { kind: 'status', status: 200, body: '{"message":"welcome"}' }],
  ])('is asked again after %s, and after the last retry the run fails', async (_what, effect) => {
    world.upstreams.faults.add({ api: name, effect, when: { first: 2 } });
    expect((await jobOf(world, name).run({ attempts: 2 })).report.status).toBe('complete');
    world.upstreams.faults.clear();
    world.upstreams.faults.add({ api: name, effect });
    world.upstreams.resetRequests();
    const { stream } = await jobOf(world, name).run({ attempts: 2 });
    expect(stream.error).toMatchObject({ action: 'retry' });
    if (effect.kind === 'status' && effect.status === 502) expect(stream.error?.hint).toContain('6 MB');
    expect(calls()).toBe(3);
  });
});

describe('an API of another shape', () => {
  it('is declared with where things are: a bare list, other names, no pages', async () => {
    const rows = [1, 2, 3].map((n) => ({ id: n, meta: { modified: `2026-02-28T10:00:0${n}` } }));
    const server = await serve(() => ({ body: rows }));
    const source = paymentsSource({ records: '', key: 'id', updatedAt: 'meta.modified' });
    const client = source.connect({ baseUrl: `${server.url}/v2/changes`, apiKey: 'AKeyOfLettersAndDigits01' });
    const pages = [];
    for await (const page of client.pages('payments', { since: '2026-02-28T10:00:02', limit: 50 })) pages.push(page);
    expect(pages.map(({ items, request }) => [items, request])).toEqual([[rows.slice(1), 'GET /v2/changes?since=2026-02-28T10:00:02&limit=50']]);
    expect(server.asked()).toEqual(['/v2/changes?since=2026-02-28T10:00:02&limit=50']);
    expect(source.stream('payments', { client }).key(rows[0] ?? null)).toBe('1');
    await client.close();
  });
});
