import type { Stores } from '../stores.js';
import { findLetters } from './find-letters.js';
import { settle } from './settlement.js';
import type { LetterSelection } from './types.js';

/** Settles the letters that match without delivering them: they are not listed and not retried any more. Their objects stay. Gives how many there were. */
export async function discardLetters(stores: Stores, selection: LetterSelection): Promise<number> {
  let [count, key, lines] = [0, '', [] as number[]];
  const flush = async (): Promise<void> => {
    if (lines.length > 0) await settle(stores.state, key, { discarded: lines });
    lines = [];
  };
  for await (const letter of findLetters(stores, selection)) {
    if (letter.key !== key) await flush();
    key = letter.key;
    lines.push(letter.line);
    count += 1;
  }
  await flush();
  return count;
}
