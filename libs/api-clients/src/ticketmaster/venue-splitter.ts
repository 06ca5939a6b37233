import type { Json, JsonObject, Page } from '@loadin/pipeline';
import { around, coveringMiles, geohash, middleOf, outside, quarters, type Area, type Point } from './area.js';
import { totalCap } from './client.js';
import { at, countryOf, stateOf } from './raw.js';
import { search, step, type Search, type Splitter, type Step, type Work } from '../kit/windows/search-plan.js';
import type { SearchQuery } from '../kit/windows/types.js';
import { stateCodes } from './states.js';

export interface VenueSplitterOptions {
  readonly countryCode: string;
  /** Pages of venues that the run's events embed and that `isNew`. */
  readonly embedded: (isNew: (id: string) => boolean) => AsyncIterable<Pick<Page, 'records' | 'request'>>;
}

/** Small JSON: it is part of every position. */
interface State {
  /** Venues of the country, as its first page says. */
  total?: number;
  /** Venues by state, as the first pages of the states say. */
  readonly states: Record<string, number>;
  embedded?: true;
  /** What is short of its announced number was counted again. */
  recounted?: true;
  /** Searches of areas outside the known venues that may still be made; missing: not begun. */
  farAreas?: number;
}

/** An area this small (miles around its middle) is not cut again. */
const smallestMiles = 3;
/** Looking for the last venues all over the world has to end somewhere. */
const maxFarAreas = 24;

/**
 * Venues of a country. Up to 1,000: page by page. More: the first 1,000, then state by state, a state with more by areas of the map; then
 * the venues that the run's events embed; then, while the count is still short, areas of the whole country and around it. Overlaps are
 * dropped by the pipeline; it ends as soon as the announced number is reached. What remains is reported as truncated.
 */
export function createVenueSplitter({ countryCode, embedded }: VenueSplitterOptions): Splitter {
  let state: State = { states: {} };
  const venues = new Map<string, { readonly stateCode?: string; readonly point?: Point; readonly counts: boolean }>();
  const found = (stateCode?: string): number =>
    [...venues.values()].filter((venue) => venue.counts && (stateCode === undefined || venue.stateCode === stateCode)).length;
  const isComplete = (stateCode?: string): boolean => {
    const total = stateCode === undefined ? state.total : state.states[stateCode];
    return total !== undefined && total < totalCap && found(stateCode) >= total;
  };
  const knownArea = (stateCode?: string): Area | undefined => {
    const places = [...venues.values()].filter((venue) => stateCode === undefined || venue.stateCode === stateCode);
    return around(places.flatMap(({ point }) => (point === undefined ? [] : [point])));
  };
  const areaSearch = (area: Area, stateCode?: string): Search => {
    const query: SearchQuery = {
      countryCode,
      ...(stateCode !== undefined && { stateCode }),
      geoPoint: geohash(middleOf(area)),
      radius: String(coveringMiles(area)),
      unit: 'miles',
    };
    return search(query, { area });
  };

  const nextState = (data: JsonObject): Work[] => {
    const [code, ...left] = (data['left'] as readonly string[] | undefined) ?? statesToRead(countryCode, venues.values());
    if (code === undefined || isComplete()) return [];
    return [step('states', { left }), search({ countryCode, stateCode: code })];
  };
  const areasOf = (stateCode?: string): Work[] => {
    const area = isComplete(stateCode) || isComplete() ? undefined : knownArea(stateCode);
    return area === undefined ? [] : [areaSearch(area, stateCode)];
  };
  /** A total can be wrong, or venues can have gone since: whatever is short is looked at once more before it is said to be missing. */
  const recounts = (): Work[] => {
    const states = Object.keys(state.states).filter((stateCode) => !isComplete(stateCode));
    return [{ countryCode }, ...states.map((stateCode) => ({ countryCode, stateCode }))].map((query) => search(query, { partial: true }));
  };
  const farAreas = (): Work[] => {
    const area = isComplete() ? undefined : knownArea();
    if (area === undefined) return [];
    state.farAreas = maxFarAreas;
    return outside(area).map((part) => areaSearch(part));
  };

  return {
    start: () => [step('finish'), step('embedded'), search({ countryCode })],
    state: () => ({ ...state, states: { ...state.states } }) as unknown as Json,
    resume: (saved) => {
      state = structuredClone(saved) as unknown as State;
    },
    before({ query, area }) {
      if (area === undefined) return undefined;
      if (isComplete() || (query['stateCode'] !== undefined && isComplete(query['stateCode']))) return [];
      return state.farAreas === 0 ? [] : undefined;
    },
    join: () => undefined,
    counted({ query, area }, total) {
      if (area !== undefined) {
        // Here and not in `before`, which looks at a search as often as it comes to lie on top.
        if (state.farAreas !== undefined) state.farAreas = Math.max(0, state.farAreas - 1);
      } else if (query['stateCode'] === undefined) state.total = total;
      else state.states[query['stateCode']] = total;
    },
    tooMany(wanted, total) {
      const { query, area } = wanted;
      const first: Work = { ...wanted, partial: true, page: 1, total };
      if (area !== undefined)
        return {
          works: Number(query['radius']) <= smallestMiles ? [first] : quarters(area).map((part) => areaSearch(part, query['stateCode'])),
          keep: true,
        };
      if (query['stateCode'] !== undefined) return { works: [step('areas', { stateCode: query['stateCode'] }), first], keep: true };
      return { works: [step('far-areas'), step('areas'), step('embedded'), step('states'), first], keep: true };
    },
    otherEnd: (done) => done, // no search is read from both ends
    again: (done) => search(done.query, { ...done, page: 0, total: undefined, again: true }),
    saw(id, record, query) {
      const country = countryOf(record);
      const counts = country === undefined ? query['countryCode'] !== undefined : country === countryCode;
      if (!venues.get(id)?.counts) venues.set(id, { stateCode: stateOf(record), point: pointOf(record), counts });
    },
    accountsFor: () => true, // the last step compares all venues that were found
    settle({ step: name, data }: Step) {
      if (name === 'embedded') return state.embedded ? { works: [] } : 'pages';
      if (name === 'states') return { works: nextState(data) };
      if (name === 'areas') return { works: areasOf(data['stateCode'] as string | undefined) };
      if (name === 'far-areas') return { works: farAreas() };
      const announced = Math.max(
        state.total ?? 0,
        Object.values(state.states).reduce((sum, total) => sum + total, 0),
      );
      const missing = announced - found();
      if (missing <= 0) return { works: [] };
      if (!state.recounted) {
        state.recounted = true;
        return { works: [step('finish'), ...recounts()] };
      }
      const message = `${missing} of ${announced} venues (${countryCode}) are in no search that can be paged through, and no event embeds them`;
      return { works: [], notes: [{ kind: 'truncated', message, missing }] };
    },
    async *pages() {
      yield* embedded((id) => !venues.has(id));
      state.embedded = true;
    },
  };
}

/** Those seen, the most frequent first, then those of the table. */
function statesToRead(countryCode: string, venues: Iterable<{ readonly stateCode?: string }>): readonly string[] {
  const counts = new Map<string, number>();
  for (const { stateCode } of venues) if (stateCode !== undefined) counts.set(stateCode, (counts.get(stateCode) ?? 0) + 1);
  const seen = [...counts].sort((a, b) => b[1] - a[1]).map(([code]) => code);
  return [...new Set([...seen, ...(stateCodes[countryCode] ?? [])])];
}

/** Coordinates are text; some are missing or nonsense. */
function pointOf(venue: JsonObject): Point | undefined {
  const [latitude, longitude] = [degrees(at(venue, 'location', 'latitude')), degrees(at(venue, 'location', 'longitude'))];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined;
}

function degrees(value: Json | undefined): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
}
