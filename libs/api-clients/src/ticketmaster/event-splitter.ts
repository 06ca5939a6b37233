import type { Json, JsonObject, Note } from '@loadin/pipeline';
import { searchCap, totalCap } from './client.js';
import { search, step, type Search, type SearchQuery, type Splitter, type Step, type Work } from './search-plan.js';
import { segmentIds, stateCodes } from './states.js';
import { fromSeconds, toSeconds } from './window.js';

export interface EventSlice {
  readonly countryCode: string;
  /** Inclusive, `YYYY-MM-DDTHH:mm:ssZ`. */
  readonly from: string;
  readonly to: string;
}

/** A window is cut so that its parts have about so many events: below the cap, because events are not spread evenly. */
const wantedPerWindow = 900;

/**
 * Events of a country. Dates in windows that don't touch ([a, m], [m + 1 s, b]), cut until each has at most 1,000; a second that still has
 * more, and undated events, by segment, then by state. Each first page tells how many events the rest of a cut window has, so that
 * rest is cut again or read without another look.
 */
export function createEventSplitter({ countryCode, from, to }: EventSlice): Splitter {
  const segments = new Set(segmentIds);
  const states = new Set(stateCodes[countryCode]);
  /** The ids found of what only segments and states can cut, by its query. */
  const crowds = new Map<string, { readonly query: SearchQuery; readonly ids: Set<string> }>();
  const crowdOf = (query: SearchQuery): Set<string> => {
    const key = JSON.stringify(query);
    const known = crowds.get(key) ?? { query, ids: new Set<string>() };
    crowds.set(key, known);
    return known.ids;
  };

  const settleTally = (query: SearchQuery, total: number, byState: boolean): { works: Work[]; notes?: Note[] } => {
    const missing = total - crowdOf(query).size;
    // Events without a classification are in no segment; most of them have a state.
    if (missing > 0 && !byState) return { works: [step('tally', { query, total, byState: true }), step('each', { query, by: 'stateCode', left: [...states], total })] };
    crowds.delete(JSON.stringify(query));
    return { works: [], notes: missing > 0 ? [truncated(query, total, missing)] : [] };
  };
  const settleEach = (data: JsonObject): { works: Work[] } => {
    const { query, by, left, total } = data as { query: SearchQuery; by: string; left: readonly string[]; total: number };
    const [value, ...rest] = left;
    const crowd = [...crowds.values()].find((known) => isPartOf(query, known.query));
    if (value === undefined || (crowd !== undefined && total < totalCap && crowd.ids.size >= total)) return { works: [] };
    return { works: [step('each', { query, by, left: rest, total }), search({ ...query, [by]: value })] };
  };

  return {
    start: () => [
      search({ countryCode, includeTBD: 'only' }),
      search({ countryCode, includeTBA: 'only' }),
      search({ countryCode, startDateTime: from, endDateTime: to }),
    ],
    state: () => null,
    resume: (_state: Json, stack: readonly Work[]) => {
      for (const work of stack) if (work.kind === 'step' && work.step === 'tally') crowdOf(work.data['query'] as SearchQuery);
    },
    before: (wanted) => (wanted.expected !== undefined && wanted.expected > searchCap ? cut(wanted, wanted.expected) : undefined),
    join,
    counted: () => undefined,
    tooMany(found, total, ids) {
      const { query } = found;
      if (cut(found, total) !== undefined) return { works: [search(query, { expected: total })], keep: false };
      if (query['stateCode'] !== undefined) return { works: [{ ...found, partial: true, page: 1, total }], keep: true };
      if (query['segmentId'] !== undefined) return { works: [step('each', { query, by: 'stateCode', left: [...states], total: totalCap })], keep: true };
      const crowd = crowdOf(query);
      for (const id of ids) crowd.add(id);
      return { works: [step('tally', { query, total, byState: false }), step('each', { query, by: 'segmentId', left: [...segments], total })], keep: true };
    },
    saw(id, record, query) {
      for (const { segment } of (record['classifications'] ?? []) as { segment?: { id?: string } }[]) if (segment?.id) segments.add(segment.id);
      const venues = ((record['_embedded'] as JsonObject | undefined)?.['venues'] ?? []) as ({ state?: { stateCode?: string } } | null)[];
      for (const venue of venues) if (venue?.state?.stateCode) states.add(venue.state.stateCode);
      for (const crowd of crowds.values()) if (isPartOf(query, crowd.query)) crowd.ids.add(id);
    },
    settle({ step: name, data }: Step) {
      if (name === 'each') return settleEach(data);
      const { query, total, byState } = data as { query: SearchQuery; total: number; byState: boolean };
      return settleTally(query, total, byState);
    },
    async *pages() {
      // No step delivers pages: all events come from searches.
    },
  };
}

/** A date window in two: a first part with about as many events as wanted, and the rest; `undefined` for a single second and for undated events. */
function cut({ query }: Search, total: number): Work[] | undefined {
  const { startDateTime, endDateTime } = query;
  if (startDateTime === undefined || endDateTime === undefined || query['segmentId'] !== undefined || query['stateCode'] !== undefined) return undefined;
  const [from, to] = [toSeconds(startDateTime), toSeconds(endDateTime)];
  if (from >= to) return undefined;
  const parts = Math.max(2, Math.ceil(total / wantedPerWindow));
  const middle = from + Math.max(1, Math.floor((to - from + 1) / parts)) - 1;
  const first = search({ ...query, startDateTime, endDateTime: fromSeconds(middle) }, { together: total });
  return [search({ ...query, startDateTime: fromSeconds(middle + 1), endDateTime }), first];
}

/** Two windows that follow one another and that are known to have few enough events, as one: it saves a half-empty page. */
function join(wanted: Search, below: Search): Search | undefined {
  const { startDateTime, endDateTime, ...others } = wanted.query;
  if (wanted.expected === undefined || below.expected === undefined || wanted.expected + below.expected > searchCap) return undefined;
  if (endDateTime === undefined || below.page > 0 || below.query['startDateTime'] !== fromSeconds(toSeconds(endDateTime) + 1)) return undefined;
  if (Object.entries(others).some(([name, value]) => below.query[name] !== value)) return undefined;
  return search({ ...wanted.query, endDateTime: below.query['endDateTime'] ?? endDateTime }, { expected: wanted.expected + below.expected });
}

const isPartOf = (query: SearchQuery, whole: SearchQuery): boolean => Object.entries(whole).every(([name, value]) => query[name] === value);

function truncated(query: SearchQuery, total: number, missing: number): Note {
  const what = query['startDateTime'] === undefined ? `${query['countryCode']}, ${query['includeTBA'] === undefined ? 'date to be determined' : 'date to be announced'}` : `${query['countryCode']} at ${query['startDateTime']}`;
  const atLeast = total >= totalCap ? 'at least ' : '';
  return { kind: 'truncated', message: `${atLeast}${missing} of ${total} events (${what}) are in no search that can be paged through`, missing };
}
