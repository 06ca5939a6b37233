import { createHash } from 'node:crypto';
import type { SeenBlock } from './spooled-rows.js';
import { bucketOf, createSpooledRows } from './spooled-rows.js';

/** Rows whose text says which they are. */
function seen(first: number, count: number): SeenBlock {
  const texts = Array.from({ length: count }, (_, n) => `row ${first + n}\t${'x'.repeat((first + n) % 50)}`);
  const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
  const [starts, ends] = [new Int32Array(count), new Int32Array(count)];
  texts.forEach((text, n) => {
    starts[n] = n === 0 ? 0 : (ends[n - 1] ?? 0) + 1;
    ends[n] = (starts[n] ?? 0) + text.length;
  });
  const keys = Buffer.concat(texts.map((text) => createHash('md5').update(text).digest()));
  const hashes = Buffer.concat(texts.map((text) => createHash('md5').update(`${text}!`).digest()));
  return { block: { bytes, count, starts, ends }, digests: { count, keys, hashes, texts: new Uint8Array(0), ends: new Int32Array(0) } };
}

describe('rows that wait on the disk', () => {
  it.each([1, 3, 300])('come back as they were, each in the bucket of its key: %d buckets', (buckets) => {
    const spooled = createSpooledRows(buckets);
    const expected = new Map<string, number>();
    for (let n = 0; n < 20; n += 1) {
      const block = seen(n * 1000, 1000);
      spooled.add(block);
      for (let row = 0; row < 1000; row += 1)
        expected.set(
          Buffer.from(block.block.bytes.subarray(block.block.starts[row], block.block.ends[row])).toString(),
          bucketOf(block.digests, row, buckets),
        );
    }
    const found = new Map<string, number>();
    // One expectation of each row would take seconds.
    const wrong: string[] = [];
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      for (const { block, digests } of spooled.bucket(bucket)) {
        for (let row = 0; row < block.count; row += 1) {
          const text = Buffer.from(block.bytes.subarray(block.starts[row], block.ends[row])).toString();
          if (
            !createHash('md5')
              .update(`${text}!`)
              .digest()
              .equals(digests.hashes.subarray(row * 16, row * 16 + 16))
          )
            wrong.push(text);
          found.set(text, bucket);
        }
      }
    }
    expect(wrong).toEqual([]);
    const lines = (rows: Map<string, number>): string =>
      Array.from(rows, ([text, bucket]) => `${bucket} ${text}`)
        .sort()
        .join('\n');
    expect(lines(found) === lines(expected)).toBe(true);
    expect(new Set(found.values()).size).toBe(buckets);
    spooled.close();
  });

  it('are in buckets in the order of their digests', () => {
    const { digests } = seen(0, 1000);
    const order = Array.from({ length: 1000 }, (_, row) => row).sort((a, b) =>
      Buffer.compare(Buffer.from(digests.keys.subarray(a * 16, a * 16 + 16)), Buffer.from(digests.keys.subarray(b * 16, b * 16 + 16))),
    );
    const buckets = order.map((row) => bucketOf(digests, row, 7));
    expect(buckets).toEqual([...buckets].sort((a, b) => a - b));
    expect([buckets[0], buckets.at(-1)]).toEqual([0, 6]);
  });
});
