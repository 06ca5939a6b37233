import { FatalError, LoadinError } from '@loadin/resilience';
import { GROUP_BYTES, GROUP_PAGES, isLastPage, landingLine, type Landing } from './landing.js';
import type { Json } from '../ports/json.js';
import type { Page, ReadOptions, Slice, Stream } from '../ports/stream.js';
import { bothTold } from '../with-message.js';

export interface PageGroup {
  readonly index: number;
  readonly pages: readonly Page[];
  /** Whether it was read from the landing zone instead of the source. */
  readonly fromLanding: boolean;
}

/**
 * A slice's pages, each landed before anyone sees it. What earlier attempts landed comes first and is never asked from the source again;
 * then reading goes on after the last landed page.
 */
export async function* pageGroups(stream: Stream, slice: Slice, landing: Landing, options: Omit<ReadOptions, 'after'>): AsyncGenerator<PageGroup> {
  let index = 0;
  let after: Json = null;
  for (;;) {
    for (let pages = await landing.get(index); pages !== undefined; pages = await landing.get(index)) {
      yield { index, pages, fromLanding: true };
      after = pages.at(-1)?.position ?? null;
      index += 1;
      if (isLastPage(after)) return;
    }
    const outcome = yield* readOn(stream, slice, landing, { ...options, after }, index);
    if (outcome === 'finished') return;
    // Another attempt landed a group that this one wanted to land: its pages are the truth, so they are read next.
    index = outcome.continueAt;
  }
}

/** A finished slice's pages from the landing zone alone. Throws `LandingGoneError` when not all of them lie there. */
export async function* landedGroups(landing: Landing): AsyncGenerator<PageGroup> {
  for (let index = 0; ; index += 1) {
    const pages = await landing.get(index);
    if (pages === undefined) throw new LandingGoneError(landing.key(index));
    yield { index, pages, fromLanding: true };
    if (isLastPage(pages.at(-1)?.position ?? null)) return;
  }
}

/** Landed pages that a replay needs are not there any more. */
export class LandingGoneError extends LoadinError {
  readonly action = 'fatal';
  constructor(key: string) {
    super('its landed pages are not there any more (expired?)', { where: key, hint: 'Only a new run can read the source again.' });
  }
}

async function* readOn(
  stream: Stream,
  slice: Slice,
  landing: Landing,
  options: ReadOptions,
  first: number,
): AsyncGenerator<PageGroup, 'finished' | { continueAt: number }> {
  let index = first;
  let group = emptyGroup();
  try {
    for await (const page of stream.read(slice, options)) {
      const line = landingLine(page);
      group.pages.push(page);
      group.lines.push(line);
      group.bytes += line.length;
      if (!isLastPage(page.position) && group.bytes < GROUP_BYTES && group.pages.length < GROUP_PAGES) continue;
      const closed = group;
      group = emptyGroup();
      if (!(await landing.put(index, closed.lines))) return { continueAt: index };
      yield { index, pages: closed.pages, fromLanding: false };
      index += 1;
      if (isLastPage(page.position)) return 'finished';
    }
    throw new FatalError(`${stream.id} ended without a last page`, {
      where: `slice ${slice.name}`,
      hint: 'Its adapter must mark the last page with position null.',
    });
  } catch (error) {
    // What was fetched is kept for the next attempt: it may not be there twice, and it has cost quota.
    if (group.pages.length > 0)
      await landing.put(index, group.lines).catch((second: unknown) => {
        throw bothTold(error, second, 'the pages that had been fetched could not be landed');
      });
    throw error;
  }
}

const emptyGroup = (): { pages: Page[]; lines: string[]; bytes: number } => ({ pages: [], lines: [], bytes: 0 });
