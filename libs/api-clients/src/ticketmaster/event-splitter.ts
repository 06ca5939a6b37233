import type { Json, JsonObject, Note } from '@loadin/pipeline';
import { searchCap, totalCap } from './client.js';
import { listAt, stateOf, textAt, venuesOf } from './raw.js';
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
const wantedPerWindow = 850;
/** Fewer starts than this say nothing about how events are spread. */
const smallestSample = 20;

/**
 * Events of a country. Dates in windows that don't touch ([a, m], [m + 1 s, b]), cut until each has at most 1,000; a second that still has
 * more, and undated events, by segment, then by state, then in other orders. Each first page tells how many events the rest of a cut window has, so that
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

  /** Segments first. Events without a classification are in no segment, but most have a state; those left may come first in another order. */
  const nextPass: Record<string, { by: string; values: () => readonly string[] }> = {
    segmentId: { by: 'stateCode', values: () => [...states] },
    stateCode: { by: 'sort', values: () => ['name,asc', 'name,desc'] },
  };
  const settleTally = (query: SearchQuery, total: number, by: string): { works: Work[]; notes?: Note[] } => {
    const missing = total - crowdOf(query).size;
    const next = nextPass[by];
    if (missing > 0 && next)
      return { works: [step('tally', { query, total, by: next.by }), step('each', { query, by: next.by, left: next.values(), total })] };
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
    tooMany(found, total, records) {
      const { query } = found;
      const range = rangeOf(query);
      if (range !== undefined) return { works: [search(query, { expected: total, cuts: cutsOf(records, range, total) })], keep: false };
      if (query['stateCode'] !== undefined || query['sort'] !== undefined)
        return { works: [{ ...found, partial: true, page: 1, total }], keep: true };
      if (query['segmentId'] !== undefined)
        return { works: [step('each', { query, by: 'stateCode', left: [...states], total: totalCap })], keep: true };
      crowdOf(query);
      return {
        works: [step('tally', { query, total, by: 'segmentId' }), step('each', { query, by: 'segmentId', left: [...segments], total })],
        keep: true,
      };
    },
    saw(id, record, query) {
      for (const segment of listAt(record, 'classifications').map((each) => textAt(each, 'segment', 'id'))) if (segment) segments.add(segment);
      for (const state of venuesOf(record).map(stateOf)) if (state) states.add(state);
      for (const crowd of crowds.values()) if (isPartOf(query, crowd.query)) crowd.ids.add(id);
    },
    accountsFor: (query) => [...crowds.values()].some((crowd) => isPartOf(query, crowd.query)),
    settle({ step: name, data }: Step) {
      if (name === 'each') return settleEach(data);
      const { query, total, by } = data as { query: SearchQuery; total: number; by: string };
      return settleTally(query, total, by);
    },
    async *pages() {
      // No step delivers pages: all events come from searches.
    },
  };
}

/** A date window in two: a first part with about as many events as wanted, and the rest; `undefined` for a single second and for undated events. */
function cut({ query, cuts = [] }: Search, total: number): Work[] | undefined {
  const range = rangeOf(query);
  if (range === undefined) return undefined;
  const [from, to] = range;
  const parts = Math.max(2, Math.ceil(total / wantedPerWindow));
  const [next = from + Math.max(1, Math.floor((to - from + 1) / parts)), ...later] = cuts;
  const first = search({ ...query, endDateTime: fromSeconds(next - 1) }, { together: total });
  return [search({ ...query, startDateTime: fromSeconds(next) }, { cuts: later }), first];
}

/** The seconds of a window that can be cut by time: more than one, and not cut by segment or state already. */
function rangeOf({ startDateTime, endDateTime, segmentId, stateCode, sort }: SearchQuery): readonly [from: number, to: number] | undefined {
  if (startDateTime === undefined || endDateTime === undefined || segmentId !== undefined || stateCode !== undefined || sort !== undefined)
    return undefined;
  const [from, to] = [toSeconds(startDateTime), toSeconds(endDateTime)];
  return from < to ? [from, to] : undefined;
}

/**
 * Where to cut a window into parts of equal numbers. A page in the order of ids is a sample of the window: its starts show how the
 * events are spread. A second that takes up a whole part is cut out on its own.
 */
function cutsOf(records: readonly Json[], [from, to]: readonly [number, number], total: number): number[] {
  const starts = records.map(startOf).filter((at) => at >= from && at <= to);
  if (starts.length < smallestSample) return [];
  starts.sort((a, b) => a - b);
  const parts = Math.ceil(total / wantedPerWindow);
  const quantiles = Array.from({ length: parts - 1 }, (_, i) => starts[Math.floor(((i + 1) * starts.length) / parts)] ?? to);
  const cuts = quantiles.flatMap((at, i) => (at === (quantiles[i - 1] ?? from) ? [at + 1] : [at]));
  return [...new Set(cuts)].filter((at) => at > from && at <= to).sort((a, b) => a - b);
}

/** Epoch seconds; NaN without a date. A start without a time counts as noon: it is only for guessing. */
function startOf(raw: Json): number {
  return toSeconds(textAt(raw, 'dates', 'start', 'dateTime') ?? `${textAt(raw, 'dates', 'start', 'localDate')}T12:00:00Z`);
}

/** Two windows that follow one another and that are known to have few enough events, as one: it saves a half-empty page. */
function join(wanted: Search, below: Search): Search | undefined {
  const { endDateTime } = wanted.query;
  if (wanted.expected === undefined || below.expected === undefined || wanted.expected + below.expected > searchCap) return undefined;
  if (endDateTime === undefined || below.page > 0 || below.query['startDateTime'] !== fromSeconds(toSeconds(endDateTime) + 1)) return undefined;
  const isTime = (name: string): boolean => name === 'startDateTime' || name === 'endDateTime';
  if (Object.entries(wanted.query).some(([name, value]) => !isTime(name) && below.query[name] !== value)) return undefined;
  return search({ ...wanted.query, endDateTime: below.query['endDateTime'] ?? endDateTime }, { expected: wanted.expected + below.expected });
}

const isPartOf = (query: SearchQuery, whole: SearchQuery): boolean => Object.entries(whole).every(([name, value]) => query[name] === value);

function truncated(query: SearchQuery, total: number, missing: number): Note {
  const what =
    query['startDateTime'] === undefined
      ? `${query['countryCode']}, ${query['includeTBA'] === undefined ? 'date to be determined' : 'date to be announced'}`
      : `${query['countryCode']} at ${query['startDateTime']}`;
  const atLeast = total >= totalCap ? 'at least ' : '';
  return { kind: 'truncated', message: `${atLeast}${missing} of ${total} events (${what}) are in no search that can be paged through`, missing };
}
