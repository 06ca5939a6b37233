import { hash } from 'node:crypto';
import { RevisionConflictError } from '../errors.js';
import type { JsonObject } from '../ports/json.js';
import type { StateStore } from '../ports/state-store.js';

/** Which slice of a run delivers a record that belongs to none by itself. */
export interface Claims {
  /**
   * Claims for a slice those of the keys that no slice has, and gives those that are its own. Durable when it returns, so that whoever asks
   * later, in another attempt or on another machine, gets the same answer.
   */
  claim(slice: number, keys: readonly string[]): Promise<ReadonlySet<string>>;
}

/** A key as it is stored: 96 bits of its MD5. Two of 100,000 keys are alike by chance once in 10¹⁹ runs. */
const tokenOf = (key: string): string => hash('md5', key, 'base64url').slice(0, TOKEN);
const TOKEN = 16;
/** Claims an item holds: 48 KB of the 100 that an item may have. */
const CAPACITY = 3000;

/** Tokens by slice, one after the other; `full`: nothing is added any more, the next item goes on. */
interface ClaimItem {
  readonly slices: Readonly<Record<string, string>>;
  readonly full?: true;
}

/**
 * Claims are kept in a chain of items `claimed/{run id}/{stream}/{0, 1, 2 …}`. Only the last one grows, by compare-and-set, and it is closed by the same
 * write that fills it: two slices that claim a key at the same moment meet at that item, and one of them finds the other's claim.
 * Nothing is read or written until the first claim.
 */
export function createClaims(state: StateStore, runId: string, streamId: string): Claims {
  const owners = new Map<string, number>();
  let number = 0;
  /** The last item as it was last seen; `undefined`: to be read. */
  let last: { readonly slices: ClaimItem['slices']; readonly count: number; readonly revision: string | null } | undefined;
  const keyOf = (): string => `claimed/${runId}/${streamId}/${number}`;

  const absorb = ({ slices }: ClaimItem): number => {
    let count = 0;
    for (const [slice, tokens] of Object.entries(slices)) {
      count += tokens.length / TOKEN;
      for (let at = 0; at < tokens.length; at += TOKEN) owners.set(tokens.slice(at, at + TOKEN), Number(slice));
    }
    return count;
  };
  const readLast = async (): Promise<NonNullable<typeof last>> => {
    for (;;) {
      const item = await state.get(keyOf());
      const value = (item?.value ?? { slices: {} }) as unknown as ClaimItem;
      const count = absorb(value);
      if (!value.full) return { slices: value.slices, count, revision: item?.revision ?? null };
      number += 1;
    }
  };
  /** One write with as many of the tokens as the last item takes. */
  const add = async (slice: number, tokens: readonly string[]): Promise<void> => {
    last ??= await readLast();
    const free = tokens.filter((token) => !owners.has(token)).slice(0, CAPACITY - last.count);
    if (free.length === 0) return;
    const count = last.count + free.length;
    const slices = { ...last.slices, [slice]: `${last.slices[slice] ?? ''}${free.join('')}` };
    const full = count >= CAPACITY;
    const before = last;
    last = undefined;
    try {
      const revision = await state.put(keyOf(), { slices, ...(full && { full }) } as unknown as JsonObject, before.revision);
      for (const token of free) owners.set(token, slice);
      if (full) number += 1;
      else last = { slices, count, revision };
    } catch (error) {
      // Somebody else claimed something in between: look again.
      if (!(error instanceof RevisionConflictError)) throw error;
    }
  };

  const claim = async (slice: number, keys: readonly string[]): Promise<ReadonlySet<string>> => {
    const tokens = new Map(keys.map((key) => [tokenOf(key), key]));
    const unowned = (): string[] => [...tokens.keys()].filter((token) => !owners.has(token));
    for (let missing = unowned(); missing.length > 0; missing = unowned()) await add(slice, missing);
    return new Set([...tokens].flatMap(([token, key]) => (owners.get(token) === slice ? [key] : [])));
  };

  // The slices of one process take turns, so that they don't run into each other's writes.
  let turn: Promise<unknown> = Promise.resolve();
  return {
    claim(slice, keys) {
      const result = turn.then(() => claim(slice, keys));
      turn = result.catch(() => undefined); // whoever asked hears of it; the next in line goes on
      return result;
    },
  };
}
