import type { Digests } from '@loadin/bronze-writer';
import { rankOf, type CursorKind } from '@loadin/pipeline';
import { createDigestChunks } from './digest-chunks.js';

/** What a load has read that the next one reads again: the rows from the latest cursor back to where the look-back ends. */
export interface RecentRows {
  /**
   * Copies them.
   * @param latest the latest cursor among these rows; without one they are read again by every load
   */
  add(digests: Digests, latest: string | undefined): void;
  all(): Iterable<Digests>;
  close(): void;
}

export interface RecentRowsOptions {
  readonly kind: CursorKind;
  /** Milliseconds, or units of a number. */
  readonly lookBack: number;
  readonly directory?: string;
}

const HOUR_MS = 3_600_000;
/** A cursor may be a day, or a time in some zone: what is kept too long costs nothing but room. */
const TIME_MARGIN = 40 * HOUR_MS;
/** Of times with a zone. */
const INSTANT_MARGIN = 2_000;

export function createRecentRows({ kind, lookBack, directory }: RecentRowsOptions): RecentRows {
  const chunks = createDigestChunks(directory);
  let latest = -Infinity;
  let oldest = -Infinity;
  return {
    add(digests, text) {
      const place = text === undefined ? undefined : placeOf(kind, text);
      // Another slice has come to rows that are much later.
      if (place !== undefined && place < oldest) return;
      chunks.add(digests, place);
      if (place === undefined || place <= latest) return;
      latest = place;
      oldest = latest - lookBack - marginOf(kind, text ?? '', latest);
      chunks.dropBelow(oldest);
    },
    all: () => chunks.all(),
    close: () => chunks.close(),
  };
}

function marginOf(kind: CursorKind, text: string, place: number): number {
  if (kind === 'time') return /(Z|[+-]\d\d(:?\d\d)?)$/.test(text.slice(11)) ? INSTANT_MARGIN : TIME_MARGIN;
  // What a double does not hold of a long number.
  return 1 + Math.abs(place) * 1e-12;
}

/** In milliseconds, or as a number; `undefined` for what can't be placed. */
function placeOf(kind: CursorKind, text: string): number | undefined {
  const rank = rankOf(kind, text);
  if (rank === undefined) return undefined;
  const place = kind === 'time' ? Number(rank[0]) : Number(text);
  return Number.isFinite(place) ? place : undefined;
}
