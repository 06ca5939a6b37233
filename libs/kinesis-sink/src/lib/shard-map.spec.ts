import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { hashKeyOf, parseHashKey } from './hash-key.js';
import { sameShards, shardFor, shardMapOf, type ListedShard } from './shard-map.js';

const HASH_KEYS = 2n ** 128n;

/** Open shards that share all hash keys among them, cut at these places, in any order. */
const listOf = (cuts: readonly bigint[]): ListedShard[] => {
  const starts = [...new Set([0n, ...cuts])].sort((one, other) => (one < other ? -1 : 1));
  return starts.map((start, n) => listed(`shardId-${String(n).padStart(12, '0')}`, start, (starts[n + 1] ?? HASH_KEYS) - 1n));
};
const listed = (ShardId: string, first: bigint, last: bigint): ListedShard => ({
  ShardId,
  HashKeyRange: { StartingHashKey: String(first), EndingHashKey: String(last) },
  SequenceNumberRange: {},
});
const hashKeys = fc.bigInt({ min: 0n, max: HASH_KEYS - 1n });

describe('hashKeyOf', () => {
  it('is the MD5 of the partition key in UTF-8, as a number', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (key) => {
        const expected = BigInt(`0x${createHash('md5').update(key, 'utf8').digest('hex')}`);
        expect(hashKeyOf(key)).toBe(parseHashKey(String(expected)));
      }),
    );
  });
});

describe('parseHashKey', () => {
  it('compares as the numbers do', () => {
    fc.assert(
      fc.property(hashKeys, hashKeys, (one, other) => {
        expect((parseHashKey(String(one)) as string) < (parseHashKey(String(other)) as string)).toBe(one < other);
      }),
    );
  });

  it.each(['', '-1', '01', '1e3', '0x1', ' 1', String(HASH_KEYS)])('knows that "%s" is none', (text) => {
    expect(parseHashKey(text)).toBeUndefined();
  });
});

describe('shardFor', () => {
  it('finds the one shard with the hash key, however the list is sorted', () => {
    fc.assert(
      fc.property(fc.uniqueArray(hashKeys, { maxLength: 20 }), hashKeys, fc.infiniteStream(fc.nat()), (cuts, key, order) => {
        const list = listOf(cuts);
        const expected = list.find(
          ({ HashKeyRange: range }) => BigInt(range?.StartingHashKey ?? -1) <= key && key <= BigInt(range?.EndingHashKey ?? -1),
        );
        const shuffled = list.map((shard) => ({ shard, at: order.next().value as number })).sort((one, other) => one.at - other.at);
        expect(shardFor(shardMapOf(shuffled.map(({ shard }) => shard)), parseHashKey(String(key)) as string)).toBe(expected?.ShardId);
      }),
    );
  });

  it('leaves out shards that are closed, and knows that it does not know where a gap is', () => {
    const [low, high] = listOf([100n]);
    const closed = { ...low, SequenceNumberRange: { EndingSequenceNumber: '7' } } as ListedShard;
    const map = shardMapOf([closed, high as ListedShard]);
    expect(shardFor(map, parseHashKey('99') as string)).toBeUndefined();
    expect(shardFor(map, parseHashKey('100') as string)).toBe(high?.ShardId);
    expect(shardFor([], parseHashKey('1') as string)).toBeUndefined();
  });

  it('finds nothing in what is no list of shards', () => {
    expect(shardMapOf([{}, { ShardId: 'a' }, { ShardId: 'b', HashKeyRange: { StartingHashKey: '0', EndingHashKey: 'x' } }])).toEqual([]);
  });
});

describe('sameShards', () => {
  it('goes by the ids', () => {
    const map = shardMapOf(listOf([100n]));
    expect(sameShards(map, shardMapOf(listOf([100n])))).toBe(true);
    expect(sameShards(map, shardMapOf(listOf([])))).toBe(false);
    expect(sameShards(map, [map[0], { ...map[1], id: 'shardId-9' }] as typeof map)).toBe(false);
  });
});
