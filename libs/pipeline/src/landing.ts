import { gunzipSync, gzipSync } from 'node:zlib';
import type { Json } from './ports/json.js';
import type { ObjectStore } from './ports/object-store.js';
import type { Page, Slice } from './ports/stream.js';
import type { StreamPlan } from './plan.js';

/**
 * The pages of one slice as they were received, in groups: `landing/{source}/{data type}/date=…/run=…/slice=…/pages-000000.ndjson.gz`.
 * The first line of a group says what it is, each further line is a page. Whoever lands a group first is right: later attempts read it.
 */
export interface Landing {
  get(group: number): Promise<Page[] | undefined>;
  /** `false`: another attempt has landed this group already; read that one. */
  put(group: number, lines: readonly string[]): Promise<boolean>;
}

/** A group is closed by the first page that makes it this large (bytes of JSON before compression) … */
export const GROUP_BYTES = 1024 * 1024;
/** … or by this many pages: small pages land often, because what was fetched and not landed is fetched again after a crash. */
export const GROUP_PAGES = 20;

export interface LandingOf {
  readonly lake: ObjectStore;
  readonly runId: string;
  readonly stream: StreamPlan;
}

export function landingPrefix({ runId, stream }: LandingOf): string {
  return `landing/${stream.source}/${stream.data_type}/date=${stream.second.slice(0, 10)}/run=${runId}`;
}

export function createLanding(of: LandingOf, slice: Slice): Landing {
  const key = (group: number): string =>
    `${landingPrefix(of)}/slice=${String(slice.ordinal).padStart(5, '0')}/pages-${String(group).padStart(6, '0')}.ndjson.gz`;
  return {
    async get(group) {
      const body = await of.lake.get(key(group));
      if (body === undefined) return undefined;
      const lines = gunzipSync(body).toString('utf8').trimEnd().split('\n');
      return lines.slice(1).map((line) => JSON.parse(line) as Page);
    },
    async put(group, lines) {
      const header = { landing: 1, run_id: of.runId, stream: of.stream.id, slice: slice.ordinal, slice_name: slice.name, group, pages: lines.length };
      const body = gzipSync(`${[JSON.stringify(header), ...lines].join('\n')}\n`);
      const { created } = await of.lake.putIfAbsent(key(group), body, { contentType: 'application/x-ndjson', contentEncoding: 'gzip' });
      return created;
    },
  };
}

export function landingLine(page: Page): string {
  return JSON.stringify({ request: page.request, position: page.position, notes: page.notes, records: page.records } satisfies Record<
    keyof Page,
    unknown
  >);
}

/** All pages that a stream of this run has landed, slice by slice. */
export async function* landedPages(of: LandingOf): AsyncGenerator<Page> {
  for (const slice of of.stream.slices) {
    const landing = createLanding(of, slice);
    for (let group = 0; ; group += 1) {
      const pages = await landing.get(group);
      if (pages === undefined) break;
      yield* pages;
    }
  }
}

export const isLastPage = (position: Json): boolean => position === null;
