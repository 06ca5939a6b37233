import type { Json, JsonObject, Page, Stream } from '@loadin/pipeline';
import { FatalError, RetryableError, StopError } from '@loadin/pipeline';
import { createRandom } from '../random.js';
import { hostilePages } from './hostile-pages.js';

export interface HostileStreamOptions {
  /** Everything follows from it: records, pages, and what is thrown. Default: 1. */
  readonly seed?: number;
  /** Default: `hostile.things`. */
  readonly id?: string;
  /** Default: 3; the last one is empty. */
  readonly slices?: number;
  /** Default: 6, of no record, of one, of a few and of many. */
  readonly pages?: number;
  /** Records of the largest pages. Default: 300. */
  readonly largestPage?: number;
  /** Fails at one place, counted from 1 over all slices in their order (`places` says how many there are), each time it gets there. Default: nowhere. */
  readonly failAt?: number;
  /** What it throws there. Default: by the seed a `RetryableError`, a `FatalError`, a `StopError` or an error that is not Loadin's. */
  readonly error?: Error;
  /** Each read shows values, and on some pages an order, of its own: the same ids on the same pages. Default: `false`. */
  readonly changing?: boolean;
}

export interface HostileStream extends Stream {
  /** Where it can fail: before each page of each slice. */
  readonly places: number;
  /** All keys that it has, sorted, each once: what a run must deliver or reject. */
  readonly keys: readonly string[];
  /** Records that have no key, null entries aside: a run must reject each of them. */
  readonly keyless: number;
  readonly nullEntries: number;
  /** Pages that were asked for, `{slice}/{page}`, those that failed included. */
  readonly asked: readonly string[];
}

/** A source that sends everything that sources have ever sent, by seed. It keeps the port's promises: it passes `streamChecks` (`changing` aside). */
export function createHostileStream(options: HostileStreamOptions = {}): HostileStream {
  const { seed = 1, id = 'hostile.things', slices = 3, pages = 6, largestPage = 300, failAt, changing = false } = options;
  const content = hostilePages({ seed, slices, pages, largestPage });
  const all = content.flat(2);
  const asked: string[] = [];
  let reads = 0;

  const placeOf = (slice: number, page: number): number => content.slice(0, slice).reduce((sum, { length }) => sum + length, 0) + page + 1;
  const [source = '', dataType = ''] = id.split('.');
  return {
    id,
    source,
    dataType,
    readMode: 'full',
    places: content.flat().length,
    keys: [...new Set(all.flatMap((raw) => keyOf(raw) ?? []))].sort(),
    keyless: all.filter((raw) => raw !== null && keyOf(raw) === undefined).length,
    nullEntries: all.filter((raw) => raw === null).length,
    asked,
    plan: () => content.map((_, ordinal) => ({ ordinal, name: `slice ${ordinal}`, bounds: { slice: ordinal } })),
    key: keyOf,
    async *read({ ordinal }, { after, signal, meter }): AsyncGenerator<Page> {
      reads += 1;
      const attempt = reads;
      const own = content[ordinal] ?? [];
      for (let page = typeof after === 'number' ? after : 0; page < own.length; page += 1) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
        asked.push(`${ordinal}/${page}`);
        meter.add('requests', 1);
        if (placeOf(ordinal, page) === failAt) throw options.error ?? errorAt(seed, failAt);
        const records = changing ? changed(own[page] ?? [], attempt) : (own[page] ?? []);
        yield { records, position: page === own.length - 1 ? null : page + 1, request: `GET /${dataType}?slice=${ordinal}&page=${page}` };
      }
    },
  };
}

/** A text that is not empty, or a whole number. */
function keyOf(raw: Json): string | undefined {
  if (typeof raw !== 'object' || raw === null || !Object.hasOwn(raw, 'id')) return undefined;
  const { id } = raw as JsonObject;
  if (typeof id === 'number' && Number.isInteger(id)) return String(id);
  return typeof id === 'string' && id.trim() !== '' ? id : undefined;
}

/** Other values, and every second time the other way round: what a page shows when it is read once more. */
function changed(records: readonly Json[], attempt: number): Json[] {
  const next = records.map((raw) => (keyOf(raw) === undefined ? raw : { ...(raw as JsonObject), seen_in_read: attempt }));
  return attempt % 2 === 0 ? next.reverse() : next;
}

function errorAt(seed: number, place: number): Error {
  const where = `place ${place} of the hostile stream, seed ${seed}`;
  const kinds = [
    () => new RetryableError(`the source has a fault at ${where}`),
    () => new FatalError(`the source refuses at ${where}`),
    () => new StopError(`the source wants a rest at ${where}`, { reason: 'quota' }),
    () => new TypeError(`Cannot read properties of undefined (at ${where})`),
  ];
  const chosen = kinds[Math.floor(createRandom(seed * 7_919 + place)() * kinds.length)];
  return chosen?.() ?? new Error(where);
}
