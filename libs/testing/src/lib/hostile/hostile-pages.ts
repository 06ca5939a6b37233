import type { Json } from '@loadin/pipeline';
import { createRandom } from '../random.js';
import { oddTexts, oddValues } from './odd-values.js';

export interface HostilePagesOptions {
  readonly seed: number;
  readonly slices: number;
  readonly pages: number;
  readonly largestPage: number;
}

/** Slices of pages of records, by seed: the last slice is empty, pages have no record, one, a few or many, and keys stay within their slice. */
export function hostilePages({ seed, slices, pages, largestPage }: HostilePagesOptions): Json[][][] {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const texts = oddTexts();
  const odd = oddValues();
  return Array.from({ length: slices }, (_, slice) => {
    if (slices > 1 && slice === slices - 1) return [[]];
    let made = 0;
    const fresh = (): Json => {
      const id = `s${slice}-${(made += 1)}`;
      return {
        id,
        name: `${texts[below(texts.length)]} ${id}`,
        rank: random() < 0.2 ? null : below(1e9) / 7,
        tags: random() < 0.3 ? [] : [id, null],
      };
    };
    const record = (): Json => {
      const dice = random();
      if (dice < 0.06) return null;
      if (dice < 0.12) return ownOdd(odd[below(odd.length)] ?? null, slice);
      if (dice < 0.2 && made > 0) return { id: `s${slice}-${1 + below(made)}`, name: 'again' };
      return fresh();
    };
    const sizes = [0, 1, 2 + below(9), largestPage];
    return Array.from({ length: pages }, (_page, page) => {
      const size = page < sizes.length ? (sizes[page] ?? 0) : (sizes[below(3)] ?? 0);
      return Array.from({ length: size }, record);
    });
  });
}

/** Odd records with a key are made this slice's own: a key belongs to one slice. */
function ownOdd(raw: Json, slice: number): Json {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw) || !Object.hasOwn(raw, 'id')) return raw;
  const { id } = raw as { readonly id: Json };
  if (typeof id === 'number' && Number.isInteger(id)) return { ...raw, id: id + slice * 1_000_000 };
  return typeof id === 'string' && id.trim() !== '' ? { ...raw, id: `s${slice}-${id}` } : raw;
}
