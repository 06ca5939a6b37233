import type { Upstreams } from '@loadin/upstreams';
import { runThrough, type Run } from './attempts.js';
import { followedIds } from './job.js';
import { calm, type Selection } from './scenario.js';
import { scheduledTime, type World } from './world.js';

export interface Truth {
  /** The source's ids by data type, from the catalogue itself. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
  /** The same job when nothing goes wrong. */
  readonly calm: Run;
}

/** What must have arrived, found out once for each selection. */
export function createTruths(world: World): (selection: Selection) => Promise<Truth> {
  const known = new Map<string, Truth>();
  return async (selection) => {
    const found = known.get(selection.name) ?? { calm: await runThrough(world, calm(selection)), ids: catalogueIds(world.upstreams, selection) };
    known.set(selection.name, found);
    return found;
  };
}

/** What a search gives at most. */
const searchable = 1_000;
const dayMs = 86_400_000;

function catalogueIds(upstreams: Upstreams, selection: Selection): Truth['ids'] {
  const { expected } = upstreams.catalogue;
  const { queries, countries, states = [], venueCountries, horizonDays } = selection;
  const at = (days: number): string => new Date(Date.parse(scheduledTime) + days * dayMs).toISOString();
  const { eventById, venueById } = upstreams.catalogue.view();
  const isInState = (id: string): boolean => {
    const venues = (eventById.get(id)?.seed.venueIds ?? []).map((venue) => venueById.get(venue));
    return venues.some((venue) => venue?.countryCode === 'US' && states.includes(venue.stateCode ?? ''));
  };
  const inStates = states.length === 0 ? [] : expected.events({ countries: ['US'], from: at(-1), to: at(horizonDays) }).filter(isInState);
  const events = [...expected.events({ countries, from: at(-1), to: at(horizonDays) }), ...inStates];
  const pageable = queries.filter((query) => expected.artists({ queries: [query] }).length < searchable * 0.95);
  return {
    // What of a larger search lies within reach, the catalogue does not know: the calm run tells.
    ...(pageable.length === queries.length && { artists: expected.artists({ queries, ids: followedIds(upstreams, selection) }) }),
    events,
    venues: expected.venues({ countries: venueCountries }),
    ...(selection.attractions && { attractions: events.flatMap((id) => eventById.get(id)?.seed.attractionIds ?? []) }),
  };
}
