/**
 * S3 sorts keys by their UTF-8 bytes. That is the order of code points; JavaScript compares UTF-16 units, in which the surrogates
 * (of the characters beyond U+FFFF) lie below U+E000.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

const rank = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

/** The index of the first of the sorted `keys` for which `isPast` holds (it must hold for all that follow). */
export function firstIndex(keys: readonly string[], isPast: (key: string) => boolean, from = 0): number {
  let low = from;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isPast(keys[middle] as string)) high = middle;
    else low = middle + 1;
  }
  return low;
}
