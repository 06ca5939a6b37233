import type { Digests } from '@loadin/bronze-writer';
import { createRecentRows } from './recent-rows.js';

/** Rows with a key of 4 bytes each, from `first` on. */
function rows(first: number, count: number): Digests {
  const text = Buffer.from(Array.from({ length: count }, (_, n) => `["${first + n}"]`).join(''));
  const ends = new Int32Array(count);
  for (let n = 0, at = 0; n < count; n += 1) ends[n] = at += `["${first + n}"]`.length;
  const digest = (salt: number): Uint8Array => {
    const bytes = Buffer.alloc(count * 16);
    for (let n = 0; n < count; n += 1) bytes.writeUInt32BE(first + n + salt, n * 16);
    return bytes;
  };
  return { count, keys: digest(0), hashes: digest(1), texts: text, ends };
}

const keysOf = (all: Iterable<Digests>): string[] =>
  [...all].flatMap(({ count, texts, ends }) => {
    const all = Buffer.from(texts).toString('latin1');
    return Array.from({ length: count }, (_, n) => all.slice(n === 0 ? 0 : ends[n - 1], ends[n]));
  });
const hashesOf = (all: Iterable<Digests>): number[] =>
  [...all].flatMap(({ count, hashes }) => {
    const bytes = Buffer.from(hashes);
    return Array.from({ length: count }, (_, n) => bytes.readUInt32BE(n * 16));
  });
const minute = (n: number): string => new Date(Date.parse('2024-03-01T00:00:00Z') + n * 60_000).toISOString();

describe('rows that the next load reads again', () => {
  it('are those of the look-back, and some that lie next to them', () => {
    const recent = createRecentRows({ kind: 'time', lookBack: 600_000 });
    // A chunk is some 16,000 rows: each of these calls makes one.
    for (let n = 0; n < 25; n += 1) recent.add(rows(n * 20_000, 20_000), minute(n));
    const keys = keysOf(recent.all());
    // The last at 00:24: from 00:14 less two seconds on.
    expect([keys.length, keys[0], keys.at(-1)]).toEqual([11 * 20_000, `["${14 * 20_000}"]`, `["${25 * 20_000 - 1}"]`]);
    recent.close();
  });

  it('are as they were also when they do not fit into memory', () => {
    const recent = createRecentRows({ kind: 'number', lookBack: 1e9 });
    for (let n = 0; n < 12; n += 1) recent.add(rows(n * 20_000, 20_000), String(n));
    const all = Array.from({ length: 240_000 }, (_, n) => n);
    expect(keysOf(recent.all()).join()).toBe(all.map((n) => `["${n}"]`).join());
    expect(hashesOf(recent.all()).join()).toBe(all.map((n) => n + 1).join());
    recent.close();
  });

  it('are no more where a slice of later rows has come to its end before the others', () => {
    const recent = createRecentRows({ kind: 'time', lookBack: 600_000 });
    for (let n = 0; n < 300; n += 1) {
      recent.add(rows(n * 300, 300), minute(n));
      if (n < 50) recent.add(rows(1_000_000 + n * 300, 300), minute(10_000 + n));
    }
    const keys = keysOf(recent.all());
    // The last ten minutes of the later one; and what came in the same chunk of 16,384 rows.
    expect(Array.from({ length: 11 * 300 }, (_, n) => `["${1_000_000 + 39 * 300 + n}"]`).filter((key) => !keys.includes(key))).toEqual([]);
    expect(keys.length).toBeLessThan(2 * 16_384);
    recent.close();
  });

  it('are all that the cursor can not place, whatever comes later', () => {
    const recent = createRecentRows({ kind: 'time', lookBack: 0 });
    recent.add(rows(0, 20_000), undefined);
    for (let n = 1; n < 10; n += 1) recent.add(rows(n * 20_000, 20_000), minute(n * 60));
    expect(keysOf(recent.all())).toHaveLength(40_000);
    recent.close();
  });

  it('reach back further where the cursor is a day or a time without a zone', () => {
    const recent = createRecentRows({ kind: 'time', lookBack: 600_000 });
    for (const [n, day] of ['2024-03-01', '2024-03-02', '2024-03-03', '2024-03-04'].entries()) recent.add(rows(n * 20_000, 20_000), day);
    expect(keysOf(recent.all())[0]).toBe('["40000"]');
    recent.close();
  });
});
