import { random } from './random.js';

const base62 = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
// Real Discovery ids come from several ticketing systems: each has its own beginning, some use `-` and `_`, and case matters.
const prefixes = {
  event: ['vvG1zZ', 'G5v0Z', 'Z7r9jZ1A', '1AvfZb', 'vv17G', 'Z698xZq2Z', 'LvZ184'],
  venue: ['KovZpZA', 'KovZ917A', 'ZFr9jZ', 'Z698xZq2Za'],
  attraction: ['K8vZ917', 'Za5ju3rK'],
} as const;
/** Every so often an id differs from the one before only in the case of its letters. */
const twinEvery = 400;

export function spotifyId(seed: number, kind: string, index: number): string {
  return text(random(seed, 'spotify-id', kind, index).int, 22, base62);
}

export function ticketmasterId(seed: number, kind: keyof typeof prefixes, series: string, index: number): string {
  if (index % twinEvery === 1) return swapCase(ticketmasterId(seed, kind, series, index - 1), 4);
  const r = random(seed, 'ticketmaster-id', kind, series, index);
  const prefix = r.pick(prefixes[kind]);
  const alphabet = prefix.startsWith('Z698') || prefix.startsWith('LvZ') ? `${base62}-_` : base62;
  // The leading letter makes sure that a twin differs.
  return prefix + text(r.int, 1, base62.slice(10)) + text(r.int, kind === 'event' ? 8 : 7, alphabet);
}

function text(int: (n: number) => number, length: number, alphabet: string): string {
  let out = '';
  for (let i = 0; i < length; i++) out += alphabet[int(alphabet.length)];
  return out;
}

function swapCase(id: string, from: number): string {
  const swapped = [...id.slice(from)].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()));
  return id.slice(0, from) + swapped.join('');
}
