import { gunzipSync, gzipSync } from 'node:zlib';
import { inSpan } from '@loadin/observability';
import { FatalError, RetryableError } from '@loadin/resilience';
import type { Json } from '../ports/json.js';
import type { ObjectStore } from '../ports/object-store.js';
import type { Page, Slice } from '../ports/stream.js';
import type { Plan, StreamPlan } from '../plan/plan.js';

/**
 * The pages of one slice as they were received, in groups: `landing/{source}/{data type}/date=…/run=…/slice=…/pages-000000.ndjson.gz`.
 * The first line of a group says what it is, each further line is a page. Whoever lands a group first is right: later attempts read it.
 */
export interface Landing {
  /** Throws `FatalError` when the group is there and can't be read. */
  get(group: number): Promise<Page[] | undefined>;
  /** `false`: another attempt has landed this group already; read that one. */
  put(group: number, lines: readonly string[]): Promise<boolean>;
  /** Where a group lies, for messages. */
  key(group: number): string;
}

/** The first line of a landed page group: who has the object alone knows by it what it is. */
export interface LandingHeader {
  /** Of the format. 1 had `run_id`, `stream`, `slice`, `slice_name`, `group` and `pages` alone; its pages are the same. */
  readonly landing: 2;
  readonly run_id: string;
  readonly job: string;
  /** ISO 8601 UTC. */
  readonly scheduled_time: string;
  readonly source: string;
  /** `{source}.{data type}` */
  readonly stream: string;
  readonly data_type: string;
  readonly slice: number;
  readonly slice_name: string;
  /** What the slice was asked to read. */
  readonly slice_bounds: Slice['bounds'];
  /** Number of this group in its slice, from 0. */
  readonly group: number;
  /** Lines that follow. */
  readonly pages: number;
}

const NEWEST_FORMAT = 2;

/** A group is closed by the first page that makes it this large (bytes of JSON before compression) … */
export const GROUP_BYTES = 1024 * 1024;
/** … or by this many pages: small pages land often, because what was fetched and not landed is fetched again after a crash. */
export const GROUP_PAGES = 20;

/** Of pages of JSON 3 % larger than with zlib's own choice (6), in a quarter of the time. */
const COMPRESSION = 3;

export interface LandingOf {
  readonly lake: ObjectStore;
  readonly plan: Pick<Plan, 'run_id' | 'job' | 'scheduled_time'>;
  readonly stream: StreamPlan;
}

export function landingPrefix({ plan, stream }: LandingOf): string {
  return `landing/${stream.source}/${stream.data_type}/date=${stream.second.slice(0, 10)}/run=${plan.run_id}`;
}

export function createLanding(of: LandingOf, slice: Slice): Landing {
  const key = (group: number): string =>
    `${landingPrefix(of)}/slice=${String(slice.ordinal).padStart(5, '0')}/pages-${String(group).padStart(6, '0')}.ndjson.gz`;
  return {
    key,
    async get(group) {
      const body = await of.lake.get(key(group));
      return body && readGroup(body, { run_id: of.plan.run_id, stream: of.stream.id, slice: slice.ordinal, group }, `${of.lake.uri}/${key(group)}`);
    },
    async put(group, lines) {
      const body = gzipSync(`${[JSON.stringify(headerOf(of, slice, group, lines.length)), ...lines].join('\n')}\n`, { level: COMPRESSION });
      const attributes = { 'loadin.object': `${of.lake.uri}/${key(group)}`, 'loadin.pages': lines.length, 'loadin.bytes': body.byteLength };
      const { created } = await inSpan('loadin.land', attributes, () =>
        of.lake.putIfAbsent(key(group), body, { contentType: 'application/x-ndjson', contentEncoding: 'gzip' }),
      );
      return created;
    },
  };
}

function headerOf({ plan, stream }: LandingOf, slice: Slice, group: number, pages: number): LandingHeader {
  return {
    landing: NEWEST_FORMAT,
    run_id: plan.run_id,
    job: plan.job,
    scheduled_time: plan.scheduled_time,
    source: stream.source,
    stream: stream.id,
    data_type: stream.data_type,
    slice: slice.ordinal,
    slice_name: slice.name,
    slice_bounds: slice.bounds,
    group,
    pages,
  };
}

type Identity = Pick<LandingHeader, 'run_id' | 'stream' | 'slice' | 'group'>;

function readGroup(body: Uint8Array, expected: Identity, where: string): Page[] {
  const [first, ...pages] = parseLines(body, where);
  const header = (first ?? {}) as Partial<Omit<LandingHeader, 'landing'> & { landing: number }>;
  const { landing: format = 1, pages: announced } = header;
  if (format > NEWEST_FORMAT)
    throw new FatalError(`these landed pages have format ${format}; this version of Loadin reads up to ${NEWEST_FORMAT}`, {
      where,
      hint: 'Use the version that landed them, or a newer one.',
    });
  const other = (Object.keys(expected) as (keyof Identity)[]).find((name) => header[name] !== undefined && header[name] !== expected[name]);
  if (other !== undefined)
    throw new FatalError(`these landed pages are others than their name says: ${other} is ${header[other]}, not ${expected[other]}`, {
      where,
      hint: 'Somebody has put them here: bring the earlier version of the object back.',
    });
  if (announced !== undefined && announced !== pages.length) throw damaged(where, new Error(`${pages.length} of ${announced} pages`));
  return pages as Page[];
}

function parseLines(body: Uint8Array, where: string): unknown[] {
  try {
    return gunzipSync(body)
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  } catch (error) {
    throw damaged(where, error);
  }
}

const damaged = (where: string, cause: unknown): FatalError =>
  new FatalError('these landed pages are damaged', {
    where,
    hint: 'Bring an earlier version of the object back, if the bucket keeps versions.',
    cause,
  });

export function landingLine(page: Page): string {
  return JSON.stringify({ request: page.request, position: page.position, notes: page.notes, records: page.records } satisfies Record<
    keyof Page,
    unknown
  >);
}

/**
 * All pages that a stream of this run has landed, slice by slice. Throws `RetryableError` when one of its slices is not landed to its end, unless `own`: a stream that
 * goes on where an earlier attempt was interrupted finds there what that one landed.
 */
export async function* landedPages(of: LandingOf, own = false): AsyncGenerator<Page> {
  for (const slice of of.stream.slices) {
    const landing = createLanding(of, slice);
    let ended = false;
    for (let group = 0; !ended; group += 1) {
      const pages = await landing.get(group);
      if (pages === undefined && own) break;
      if (pages === undefined) throw notLanded(of, slice);
      ended = isLastPage(pages.at(-1)?.position ?? null);
      yield* pages;
    }
  }
}

/** Whoever read on would land what is known by now as if it were all. */
const notLanded = ({ stream, plan }: LandingOf, { name }: Slice): RetryableError =>
  new RetryableError(`it reads what ${stream.id} lands, and that is not landed to its end`, {
    where: `slice ${name} of run ${plan.run_id}`,
    hint: `Run the slices of ${stream.id} first.`,
  });

export const isLastPage = (position: Json): boolean => position === null;
