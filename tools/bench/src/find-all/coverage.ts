import { createTicketmasterClient, createTicketmasterEventsStream, type Market } from '@loadin/api-clients';
import { silentLogger, silentMeter, type Page, type Stream } from '@loadin/pipeline';
import { createManualClock } from '@loadin/testing';
import { startUpstreams, type Catalogue, type CatalogueEvent } from '@loadin/upstreams';
import type { Figure, Report } from '../report.js';
import { leastCalls, type EventCounts } from './least-calls.js';

const scheduledTime = '2026-03-01T12:00:00Z';
/** The catalogue has events of a year, some of them put off beyond it. */
const window = { lookBackDays: 30, horizonDays: 460 };

/** What is to be found by one search, or by one for each of several countries. */
interface Search {
  readonly countries?: readonly string[];
  readonly markets?: readonly Market[];
  /** The events that belong to each search. */
  readonly expected: (catalogue: Catalogue) => readonly (readonly CatalogueEvent[])[];
}

interface Read {
  readonly events: number;
  readonly found: number;
  readonly calls: number;
  readonly least: number;
  readonly notes: number;
}

const ofCountries = (countries: readonly string[]): Search => ({
  countries,
  expected: (catalogue) => countries.map((country) => catalogue.allEvents().filter(({ countryCode }) => countryCode === country)),
});

/** So large a circle that everything with a known place is in it: more than a total counts to. */
const worldwide: Search = {
  markets: [{ around: { latitude: 39, longitude: -98, radius: 19_999 } }],
  expected: (catalogue) => {
    const { venueById } = catalogue.view();
    return [catalogue.allEvents().filter(({ seed }) => seed.venueIds.some((id) => venueById.get(id)?.latitude !== undefined))];
  },
};

/**
 * The calls with which the events stream finds every event of the simulated catalogue: 12,000, of which 8,000 are in one country, where a search can
 * be paged through to its first 1,000. Limits are waited for on a clock of its own, so it takes seconds.
 */
export async function measureCoverage(): Promise<Report> {
  const all = await read(ofCountries(['AU', 'CA', 'DE', 'GB', 'IE', 'MX', 'SE', 'US']));
  const largest = await read(ofCountries(['US']));
  const around = await read(worldwide);
  return {
    title: 'Calls that finding all events takes; a search gives at most 1,000 and counts to 10,000, a call gives 200',
    figures: [...figuresOf('8 countries', all), ...figuresOf('the largest alone', largest), ...figuresOf('one circle', around)],
  };
}

function figuresOf(what: string, { events, found, calls, least, notes }: Read): Figure[] {
  return [
    { what: `${what}: events found`, measured: found, unit: `of ${events}`, atLeast: events },
    { what: '  reported as not found', measured: notes, unit: 'notes', atMost: 0 },
    { what: '  least possible', measured: least, unit: 'calls' },
    { what: '  made', measured: calls, unit: 'calls' },
    { what: '  of the least', measured: calls / least, unit: '×', digits: 2, atMost: 1.15 },
  ];
}

async function read({ countries, markets, expected }: Search): Promise<Read> {
  const clock = createManualClock(Date.parse(scheduledTime));
  const upstreams = await startUpstreams({ now: () => clock.now() });
  const client = createTicketmasterClient({ apiKey: upstreams.credentials.ticketmasterApiKey, baseUrl: upstreams.ticketmasterUrl, clock });
  try {
    const searches = expected(upstreams.catalogue);
    const { ids, notes } = await readAll(createTicketmasterEventsStream({ client, countries, markets, ...window }));
    return {
      events: searches.flat().length,
      found: searches.flat().filter(({ id }) => ids.has(id)).length,
      calls: upstreams.requests().byApi.ticketmaster.calls,
      least: searches.reduce((calls, events) => calls + leastCalls(countsOf(events)), 0),
      notes,
    };
  } finally {
    client.close();
    await upstreams.close();
  }
}

function countsOf(events: readonly CatalogueEvent[]): EventCounts {
  const count = (schedule: CatalogueEvent['schedule']): number => events.filter((event) => event.schedule === schedule).length;
  const [tba, tbd] = [count('tba'), count('tbd')];
  return { tba, tbd, dated: events.length - tba - tbd };
}

/** Reads every slice to its end, as a run does. */
async function readAll(stream: Stream): Promise<{ ids: ReadonlySet<string>; notes: number }> {
  const ids = new Set<string>();
  let notes = 0;
  const options = { after: null, signal: new AbortController().signal, meter: silentMeter, logger: silentLogger, landed: nothingLanded };
  for (const slice of stream.plan({ scheduledTime })) {
    for await (const page of stream.read(slice, options)) {
      for (const raw of page.records) ids.add(stream.key(raw) ?? '');
      notes += page.notes?.length ?? 0;
    }
  }
  return { ids, notes };
}

const nothingLanded = (): AsyncIterable<Page> => ({
  [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true as const, value: undefined }) }),
});
