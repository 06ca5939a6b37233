import { setTimeout as wait } from 'node:timers/promises';
import type { Job, Json, JobStream, Page, Parsed, Sink, Slice, Stream } from '@loadin/pipeline';

export interface GeneratedOptions {
  /** The data type; the source is `bench`. */
  readonly name: string;
  readonly slices: number;
  /** Of a slice. */
  readonly pages: number;
  /** On a page. */
  readonly records: number;
  /** Before each page. Default 0. */
  readonly latencyMs?: number;
  /** Told when a page is handed out. */
  readonly onPage?: (records: readonly Json[]) => void;
}

/** A source that makes its records up as they are asked for: no two alike, and none kept. */
export function generatedStream({ name, slices, pages, records, latencyMs = 0, onPage }: GeneratedOptions): Stream {
  return {
    id: `bench.${name}`,
    source: 'bench',
    dataType: name,
    readMode: 'full',
    plan: () => Array.from({ length: slices }, (_, ordinal): Slice => ({ ordinal, name: `part ${ordinal}`, bounds: {} })),
    key: (raw) => (raw as unknown as RawRecord).id,
    async *read({ ordinal }, { after, signal }): AsyncGenerator<Page> {
      for (let page = typeof after === 'number' ? after : 0; page < pages; page += 1) {
        if (latencyMs > 0) await wait(latencyMs, undefined, { signal }).catch(() => signal.throwIfAborted());
        const made = rawRecords(`${name}${ordinal}_${page}_`, records);
        onPage?.(made);
        yield { records: made, position: page === pages - 1 ? null : page + 1, request: `GET /${name}?page=${page}` };
      }
    },
  };
}

interface RawRecord {
  readonly id: string;
  readonly name: string;
  readonly popularity: number;
  readonly about: string;
}

function rawRecords(prefix: string, count: number): Json[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `${prefix}${n}`,
    name: `Artist ${n}`,
    popularity: n % 101,
    followers: null,
    genres: ['indie rock', 'indie pop'],
    about: ABOUT,
  }));
}

const ABOUT = 'Plays what nobody else does. '.repeat(8);

/** The least that a transform does: another shape, checked. */
export function toArtist(raw: Json): Parsed {
  const { id, name, popularity, about } = raw as unknown as RawRecord;
  if (typeof id !== 'string' || typeof name !== 'string') return { ok: false, reasons: [{ path: 'id', message: 'is missing' }] };
  return { ok: true, id: `bench_${id}`, record: { artist_id: `bench_${id}`, source: 'bench', name, popularity, followers: null, about } };
}

export const jobStreamOf = (stream: Stream, sinks: readonly Sink[]): JobStream => ({ stream, transform: toArtist, sinks, schemaVersion: '1' });

export const jobOf = (name: string, streams: readonly JobStream[]): Job<JobStream> => ({ name, streams });
