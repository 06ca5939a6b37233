import type { Note } from '@loadin/pipeline';
import { createTicketmasterEventsStream, createTicketmasterVenuesStream } from '../index.js';
import { arrived, asked, run, startWorld, type Ran, type World } from './run.fixture.js';

// Thousands of events over HTTP.
jest.setTimeout(60_000);

const scheduledTime = '2026-03-01T12:00:00Z';
const after = (days: number): string => new Date(Date.parse(scheduledTime) + days * 86_400_000).toISOString();
const notesOf = ({ report }: Ran): Note[] => report.streams.flatMap(({ notes }) => [...notes]);

interface Reading {
  readonly countries: readonly string[];
  readonly lookBackDays: number;
  readonly horizonDays: number;
}

const read = (world: World, reading: Reading): Promise<Ran> =>
  run(world, [createTicketmasterEventsStream({ client: world.ticketmaster(), ...reading })]);
const truth = ({ upstreams }: World, { countries, lookBackDays, horizonDays }: Reading): readonly string[] =>
  upstreams.catalogue.expected.events({ countries, from: after(-lookBackDays), to: after(horizonDays) });

describe('windows over more events than a search gives', () => {
  const reading: Reading = { countries: ['US'], lookBackDays: 1, horizonDays: 40 };
  let world: World;
  let ran: Ran;
  beforeAll(async () => {
    world = await startWorld();
    ran = await read(world, reading);
  });
  afterAll(() => world.close());

  /** Windows that were read to their end, by start. */
  const windows = (): readonly (readonly [from: number, to: number])[] => {
    const spans = asked(world, 'ticketmaster').flatMap((query) => {
      const [from, to] = [query.get('startDateTime'), query.get('endDateTime')].map((text) => Date.parse(text ?? ''));
      return from === undefined || to === undefined || Number.isNaN(from) ? [] : [[from, to] as const];
    });
    const distinct = [...new Map(spans.map((span) => [span.join(), span])).values()];
    return distinct.filter(([from, to]) => !distinct.some(([a, b]) => a >= from && b <= to && (a > from || b < to))).sort(([a], [b]) => a - b);
  };

  it('behaviour 19: a window over 1,000 is split until each part has no more, and the unique ids equal the reported total', () => {
    expect(truth(world, reading).length).toBeGreaterThan(1_500);
    expect(arrived(ran)).toEqual(truth(world, reading));
    expect(ran.sink.records).toHaveLength(truth(world, reading).length);
    expect([ran.report.status, notesOf(ran)]).toEqual(['complete', []]);
    expect(windows().length).toBeGreaterThan(1);
  });

  it('behaviour 20: window edges leave no gap and no double', () => {
    const spans = windows();
    expect(spans[0]?.[0]).toBe(Date.parse(after(-1)));
    expect(spans.at(-1)?.[1]).toBe(Date.parse(after(40)));
    // Both ends are inclusive: the next window begins in the next second.
    expect(spans.slice(1).map(([from], index) => from - (spans[index]?.[1] ?? 0))).toEqual(spans.slice(1).map(() => 1_000));
  });

  it('behaviour 20: an event in the first or the last second of a window arrives, and once', async () => {
    const starts = world.upstreams.catalogue.allEvents().flatMap(({ countryCode, at }) => (countryCode === 'SE' && at !== undefined ? [at] : []));
    const start = starts.find((at) => at > Date.parse(after(3)) && at % 1_000 === 0) ?? 0;
    const day = 86_400_000;
    for (const [lookBackDays, horizonDays] of [
      [(Date.parse(scheduledTime) - start) / day, 30],
      [0, (start - Date.parse(scheduledTime)) / day],
    ] as const) {
      const edge: Reading = { countries: ['SE'], lookBackDays, horizonDays };
      const found = arrived(await read(world, edge));
      expect(found).toEqual(truth(world, edge));
      const atTheEdge = world.upstreams.catalogue.allEvents().filter(({ countryCode, at }) => countryCode === 'SE' && at === start);
      expect(atTheEdge.length).toBeGreaterThan(0);
      for (const { id } of atTheEdge) expect(found.filter((other) => other === id)).toHaveLength(1);
    }
  });

  it('behaviour 21: TBA and TBD events arrive, although no window has them', () => {
    const undated = world.upstreams.catalogue.allEvents().filter(({ countryCode, at }) => countryCode === 'US' && at === undefined);
    const statuses = ran.sink.records.map(({ value }) => value['date_status']);
    expect(undated.length).toBeGreaterThan(0);
    expect(arrived(ran)).toEqual(expect.arrayContaining(undated.map(({ id }) => id)));
    expect([statuses.includes('date_tba'), statuses.includes('date_tbd')]).toEqual([true, true]);
    expect(asked(world, 'ticketmaster').some((query) => query.get('includeTBA') === 'only' && query.get('includeTBD') === 'only')).toBe(false);
  });

  it('behaviour 21: a postponed event keeps its initial date and stays', () => {
    const postponed = world.upstreams.catalogue.allEvents().filter(({ countryCode, status }) => countryCode === 'US' && status === 'postponed');
    const byId = new Map(ran.sink.records.map(({ id, value }) => [id, value as { status?: string; initial_start_local_date?: string | null }]));
    expect(postponed.length).toBeGreaterThan(0);
    for (const { id, initial } of postponed)
      expect(byId.get(`ticketmaster_${id}`)).toMatchObject({ status: 'postponed', initial_start_local_date: initial?.localDate });
  });
});

describe('announced numbers that can not be reached, or are wrong', () => {
  it('behaviour 19: a crowded second is split by segment and state, and what can not be split further is reported as truncated, with its number', async () => {
    const world = await startWorld({ crowdedSecond: 2_200 });
    const reading: Reading = { countries: ['US'], lookBackDays: -120, horizonDays: 121 };
    const ran = await read(world, reading);
    const missing = truth(world, reading).length - arrived(ran).length;
    expect(arrived(ran).length).toBeGreaterThan(1_500); // one search of it gives 1,000
    expect(missing).toBeGreaterThan(0);
    expect(notesOf(ran)).toEqual([{ kind: 'truncated', message: expect.stringContaining(`${missing} of 2200 events`), missing }]);
    expect(ran.report.problems.join()).toContain(`${missing} of 2200 events`);
    await world.close();
  });

  it('behaviour 19: a total that is wrong once is no truncation', async () => {
    const world = await startWorld();
    world.upstreams.faults.add({ api: 'ticketmaster', path: '/venues.json?countryCode=US', effect: { kind: 'drift', by: 1 }, count: 1 });
    const client = world.ticketmaster();
    const ran = await run(world, [
      createTicketmasterEventsStream({ client, countries: ['US'], horizonDays: 12 }),
      createTicketmasterVenuesStream({ client, countries: ['US'] }),
    ]);
    expect([ran.report.status, ran.report.problems]).toEqual(['complete', []]);
    expect(ran.report.streams[1]?.ledger.accepted).toBe(world.upstreams.catalogue.venueIds('US').length);
    await world.close();
  });
});
