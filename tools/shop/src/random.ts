/** Numbers from 0 to 1, without 1; the same ones for the same row, whatever was made before it. */
export type Random = () => number;

/** The random numbers of one row of one table (mulberry32 over a mixed start). */
export function rowRandom(seed: number, table: number, row: number): Random {
  let state = mixed(mixed(mixed(seed) ^ table) ^ row);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function mixed(number: number): number {
  const first = Math.imul(number ^ (number >>> 16), 0x45d9f3b);
  const second = Math.imul(first ^ (first >>> 16), 0x45d9f3b);
  return (second ^ (second >>> 16)) | 0;
}

export const between = (random: Random, least: number, most: number): number => least + Math.floor(random() * (most - least + 1));

export const pick = <T>(random: Random, values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;

export const chance = (random: Random, share: number): boolean => random() < share;

export function hex(random: Random, digits: number): string {
  let text = '';
  while (text.length < digits)
    text += Math.floor(random() * 65_536)
      .toString(16)
      .padStart(4, '0');
  return text.slice(0, digits);
}
