import type { Json, Note, Page, ReadOptions, Slice, Stream } from '@loadin/pipeline';
import { from, readOptions, type ReadSlice } from './upstreams.fixture.js';

/**
 * The ids that a run delivers, as the pipeline takes them in: within a slice each once, of those that belong to no slice by themselves the first
 * slice's. Sorted; an id that two slices deliver is in it twice.
 */
export function deliveredBy(stream: Stream, read: readonly ReadSlice[]): string[] {
  const claimed = new Set<string>();
  return read.flatMap(({ slice, pages }) => acceptedOf(stream, slice, pages, claimed)).sort();
}

function acceptedOf(stream: Stream, slice: Slice, pages: readonly Page[], claimed: Set<string>): string[] {
  const accepted = new Set<string>();
  for (const raw of pages.flatMap(({ records }) => records)) {
    const key = stream.key(raw);
    const belongs = stream.belongs?.(raw, slice) ?? true;
    if (key === undefined || accepted.has(key) || belongs === false || (belongs === 'unclaimed' && claimed.has(key))) continue;
    if (belongs === 'unclaimed') claimed.add(key);
    accepted.add(key);
  }
  return [...accepted];
}

export interface Interrupted {
  readonly stream: Stream;
  readonly slice: Slice;
  /** All pages of a read that nothing interrupted. */
  readonly pages: readonly Page[];
  /** Pages that other streams, and other slices of this one, have landed. */
  readonly others?: (streamId: string) => readonly Page[];
}

/** Kills a read after each of its pages that has a position (or those chosen) and gives what all pages of both attempts hold together. */
export async function* interruptions(
  { stream, slice, pages, others = () => [] }: Interrupted,
  chosen: (index: number) => boolean = () => true,
): AsyncGenerator<{ readonly index: number; readonly pages: readonly Page[]; readonly ids: readonly string[]; readonly notes: readonly Note[] }> {
  for (const [index, { position }] of pages.entries()) {
    if (position === null || !chosen(index)) continue;
    const earlier = pages.slice(0, index + 1);
    const after = JSON.parse(JSON.stringify(position)) as Json;
    const landed: ReadOptions['landed'] = (id) => from([...others(id), ...(id === stream.id ? earlier : [])]);
    const both = [...earlier];
    for await (const page of stream.read(JSON.parse(JSON.stringify(slice)) as Slice, readOptions({ after, landed }))) both.push(page);
    const ids = both.flatMap(({ records }) => records.flatMap((raw) => stream.key(raw) ?? []));
    yield { index, pages: both, ids: [...new Set(ids)].sort(), notes: both.flatMap(({ notes }) => notes ?? []) };
  }
}

/** The different ids of pages, sorted. */
export const idsIn = (stream: Stream, pages: readonly Page[]): string[] =>
  [...new Set(pages.flatMap(({ records }) => records.flatMap((raw) => stream.key(raw) ?? [])))].sort();
