import { createMeter, silentLogger } from '@loadin/observability';
import type { Json, Page, ReadOptions, Slice } from '@loadin/pipeline';
import { expectThat } from '../check.js';
import type { MakeStream, StreamUnderTest } from './stream-under-test.js';

export interface ReadSlice {
  readonly slice: Slice;
  readonly pages: readonly Page[];
}

/** As it comes out of storage: nothing but JSON survives. */
export const stored = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

/** How the pipeline reads. `own`: the pages of this stream that are landed already. */
export function readOptions(under: StreamUnderTest, own: readonly Page[] = [], more: Partial<ReadOptions> = {}): ReadOptions {
  const landed = async function* (streamId: string): AsyncGenerator<Page> {
    yield* stored(streamId === under.stream.id ? own : (under.landed?.(streamId) ?? []));
  };
  return { after: null, signal: new AbortController().signal, meter: createMeter(), logger: silentLogger, landed, ...more };
}

/** Reads to the last page. Throws when pages come after it, or when there is none. */
export async function readToEnd(under: StreamUnderTest, slice: Slice, options: ReadOptions): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of under.stream.read(slice, options)) {
    expectThat(pages.at(-1)?.position !== null, `slice ${slice.name}: a page came after the last one, whose position is null`);
    pages.push(page);
  }
  expectThat(pages.length > 0, `slice ${slice.name} ended without a page; one without records, position null, is the least`);
  expectThat(pages.at(-1)?.position === null, `slice ${slice.name} ended without a last page: the position of its last one must be null`);
  return pages;
}

/** Every slice from its beginning to its end, one after the other, each with the pages of those before it landed. */
export async function readAll(under: StreamUnderTest, scheduledTime: string): Promise<ReadSlice[]> {
  const all: ReadSlice[] = [];
  for (const slice of under.stream.plan({ scheduledTime })) {
    const own = all.flatMap(({ pages }) => pages);
    all.push({ slice, pages: await readToEnd(under, stored(slice), readOptions(under, own)) });
  }
  return all;
}

export const recordsIn = (pages: readonly Page[]): readonly Json[] => pages.flatMap(({ records }) => records);

/** With a stream of its own, which is closed whatever happens. */
export async function using<Result>(makeStream: MakeStream, body: (under: StreamUnderTest) => Promise<Result>): Promise<Result> {
  const under = await makeStream();
  try {
    return await body(under);
  } finally {
    await under.close?.();
  }
}

/** So many of 0 … count - 1, the first and the last among them. */
export function spread(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, index) => index);
  return [...new Set(Array.from({ length: most }, (_, step) => Math.round((step * (count - 1)) / Math.max(1, most - 1))))];
}
