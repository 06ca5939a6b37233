import { inspect } from 'node:util';
import { createMeter } from '@loadin/observability';
import { createRecordingLogger } from '@loadin/testing';
import { json, startScripted } from '../http/scripted-server.fixture.js';
import { startWorld, type World } from '../upstreams.fixture.js';
import type { TicketmasterPage } from './client.js';
import type { TicketmasterEvent } from './types.js';

const caught = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('createTicketmasterClient', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(() => {
    world.renew();
  });
  afterAll(() => world.close());

  const collect = async <T>(pages: AsyncIterable<TicketmasterPage<T>>): Promise<TicketmasterPage<T>[]> => {
    const all: TicketmasterPage<T>[] = [];
    for await (const page of pages) all.push(page);
    return all;
  };
  const calls = () => world.upstreams.requests().byApi.ticketmaster;

  it('17. reads page 0 and the last, partial page', async () => {
    const pages = await collect(world.ticketmaster().pages('events', { countryCode: 'SE' }));
    expect(pages.map(({ items, paging }) => [paging.number, items.length])).toEqual([
      [0, 200],
      [1, world.upstreams.catalogue.eventIds('SE').length - 200],
    ]);
    const ids = pages.flatMap(({ items }) => items.map((event) => event?.id ?? ''));
    expect([...ids].sort()).toEqual(world.upstreams.catalogue.eventIds('SE'));
  });

  it('17. ends at a last page that is full, without asking for one more', async () => {
    world.upstreams.limits.ticketmaster.maxTotalElements = 400;
    expect(await collect(world.ticketmaster().pages('events', { countryCode: 'CA' }))).toHaveLength(2);
    expect(calls().calls).toBe(2);
  });

  it('18. takes an absent _embedded with totalPages 0 for zero rows', async () => {
    const pages = await collect(world.ticketmaster().pages('events', { countryCode: 'ZZ' }));
    expect(pages.map(({ items, paging }) => [items, paging.totalPages])).toEqual([[[], 0]]);
  });

  it('18. does not take a missing _embedded in the middle for zero rows: it asks again', async () => {
    const paging = { size: 200, totalElements: 250, totalPages: 2, number: 1 };
    const server = await startScripted(json({ page: paging }), json({ _embedded: { events: [{ id: 'E' }] }, page: paging }));
    const page = await world.ticketmaster({ baseUrl: server.url }).page('events', {}, 1);
    await server.close();
    expect(page.items).toEqual([{ id: 'E' }]);
  });

  it('18. does not take an empty list in the middle for the end either: it asks again, and fails when it stays empty', async () => {
    const paging = { size: 200, totalElements: 900, totalPages: 5, number: 1 };
    const empty = json({ _embedded: { events: [] }, page: paging });
    const server = await startScripted(empty, json({ _embedded: { events: [{ id: 'E' }] }, page: paging }), empty);
    const client = world.ticketmaster({ baseUrl: server.url });
    expect((await client.page('events', {}, 1)).items).toEqual([{ id: 'E' }]);
    expect(await caught(client.page('events', {}, 1))).toMatchObject({
      action: 'retry',
      message: 'Ticketmaster answers with something that is not the promised JSON (tried 4 times)',
    });
    await server.close();
  });

  it('18. takes an empty list behind the last page for zero rows', async () => {
    const server = await startScripted(json({ _embedded: { events: [] }, page: { size: 200, totalElements: 200, totalPages: 1, number: 1 } }));
    expect((await world.ticketmaster({ baseUrl: server.url }).page('events', {}, 1)).items).toEqual([]);
    await server.close();
  });

  it('never asks for more than 1,000 items of a search', async () => {
    const client = world.ticketmaster();
    expect(await collect(client.pages('events', { countryCode: 'US' }))).toHaveLength(5);
    await expect(client.page('events', { countryCode: 'US' }, 5)).rejects.toThrow('beyond the 1000 items');
    expect(calls().statuses).toEqual({ '200': 5 });
  });

  it('gives one event, venue or attraction by id, and null for an unknown id', async () => {
    const client = world.ticketmaster();
    const { allEvents, allVenues } = world.upstreams.catalogue;
    expect((await client.byId('events', allEvents()[0]?.id ?? ''))?.id).toBe(allEvents()[0]?.id);
    expect((await client.byId('venues', allVenues()[0]?.id ?? ''))?.id).toBe(allVenues()[0]?.id);
    expect(await client.byId('attractions', 'none')).toBeNull();
  });

  it('reads attractions page by page, and one by its id', async () => {
    const client = world.ticketmaster();
    const pages = await collect(client.pages('attractions', {}));
    const ids = pages.flatMap(({ items }) => items.map((attraction) => attraction?.id ?? ''));
    expect(pages.slice(0, -1).every(({ items }) => items.length === 200)).toBe(true);
    expect(new Set(ids).size).toBe(1_000);
    expect((await client.byId('attractions', ids[0] ?? ''))?.id).toBe(ids[0]);
  });

  it('22. loads events without venue, attractions, prices, time zone, name, status or classifications', async () => {
    const events: TicketmasterEvent[] = [];
    for (const countryCode of ['SE', 'IE']) {
      for (const { items } of await collect(world.ticketmaster().pages('events', { countryCode })))
        events.push(...items.filter((event) => event !== null));
    }
    const lacking = (lacks: (event: TicketmasterEvent) => boolean): boolean => events.some(lacks);
    expect(lacking((event) => event._embedded?.venues === undefined)).toBe(true);
    expect(lacking((event) => event._embedded?.attractions === undefined)).toBe(true);
    expect(lacking((event) => event.priceRanges === undefined)).toBe(true);
    expect(lacking((event) => event.dates?.timezone === undefined)).toBe(true);
    expect(lacking((event) => event.dates?.status === undefined)).toBe(true);
    expect(lacking((event) => event.classifications === undefined)).toBe(true);
    expect(events.some((event) => typeof event._embedded?.venues?.[0]?.location?.latitude === 'string')).toBe(true);
  });

  it('23. backs off after a spike arrest', async () => {
    world.upstreams.faults.add({
      api: 'ticketmaster',
      effect: {
        kind: 'status',
        status: 429,
        body: '{"fault":{"faultstring":"Spike arrest violation. Allowed rate : 5ps","detail":{"errorcode":"policies.ratelimit.SpikeArrestViolation"}}}',
      },
      when: { first: 2 },
    });
    const meter = createMeter();
    const before = world.clock.now();
    await world.ticketmaster().page('events', { countryCode: 'IE' }, 0, { meter });
    expect(world.clock.now() - before).toBeGreaterThanOrEqual(3_000);
    expect(meter.totals).toMatchObject({ requests: 3, retries: 2 });
  });

  it('23. stops at a quota violation until Rate-Limit-Reset', async () => {
    world.upstreams.limits.ticketmaster.perDay = 2;
    const client = world.ticketmaster();
    await collect(client.pages('events', { countryCode: 'SE' }));
    await world.clock.sleep(3_600_000);
    expect(await caught(client.page('events', { countryCode: 'SE' }, 0))).toMatchObject({
      action: 'stop',
      reason: 'quota',
      resumeAfter: '2026-03-02T12:00:00.000Z',
      message: "Ticketmaster says that the day's quota of this API key is used up",
    });
    expect(calls().calls).toBe(3);
  });

  it('24. the apikey is in no error, log or request, even when the server echoes it', async () => {
    const logger = createRecordingLogger();
    const client = world.ticketmaster({ apiKey: 'canary-apikey-0123456789' });
    const refused = await caught(client.page('events', { countryCode: 'SE' }, 0, { logger }));
    expect(refused).toMatchObject({ action: 'fatal', hint: expect.stringContaining('API_TICKETMASTER_API_KEY') });
    const key = 'canary-apikey-0123456789';
    for (const [status, body] of [
      [429, { fault: { faultstring: `Identifier : ${key}`, detail: { errorcode: 'policies.ratelimit.QuotaViolation' } } }],
      [400, { errors: [{ code: 'DIS1', detail: `apikey=${key}` }] }],
      [503, `<p>${key}</p>`],
    ] as const) {
      const server = await startScripted(json(body, status));
      const error = await caught(world.ticketmaster({ apiKey: key, baseUrl: server.url }).page('events', {}, 0, { logger }));
      await server.close();
      expect(error).toBeInstanceOf(Error);
      expect(inspected(error)).not.toContain('canary');
    }
    const echo = await startScripted(
      json({
        _embedded: { events: [{ id: 'E', url: `https://x/?apikey=${key}` }] },
        page: { totalElements: 1, totalPages: 1, number: 0, size: 200 },
      }),
    );
    const page = await world.ticketmaster({ apiKey: key, baseUrl: echo.url }).page('events', {}, 0, { logger });
    await echo.close();
    expect(page.items).toEqual([{ id: 'E', url: 'https://x/?apikey=[redacted]' }]);
    expect(inspected([refused, page, logger.lines])).not.toContain('canary');
  });

  it('keeps to five calls a second, evenly, with calls in parallel too', async () => {
    const client = world.ticketmaster();
    await Promise.all(Array.from({ length: 30 }, () => client.page('events', { countryCode: 'ZZ' }, 0)));
    const { maxInASecond, statuses } = calls();
    expect(maxInASecond).toBeLessThanOrEqual(5);
    expect(statuses).toEqual({ '200': 30 });
  });

  it('makes fewer calls a minute when it is told to', async () => {
    const client = world.ticketmaster({ rateLimitPerMinute: 30 });
    const before = world.clock.now();
    for (let i = 0; i < 4; i += 1) await client.page('events', { countryCode: 'IE' }, 0);
    expect(world.clock.now() - before).toBe(6_000);
  });
});

/** Everything that a logger could print of a value, hidden properties and causes included. */
function inspected(value: unknown): string {
  return inspect(value, { depth: 20, showHidden: true, maxStringLength: Infinity });
}
