import assert from 'node:assert/strict';
import { ListObjectsCommand, ListObjectsV2Command, type ListObjectsV2CommandInput, type ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { refused } from './refusal.js';
import { type BucketUnderTest, bucketCheck, type S3Check } from './s3-bucket.js';

async function filled({ put }: BucketUnderTest, keys: readonly string[]): Promise<void> {
  for (let i = 0; i < keys.length; i += 100) await Promise.all(keys.slice(i, i + 100).map((key) => put(key, '')));
}

const list = ({ clients, name }: BucketUnderTest, input: Partial<ListObjectsV2CommandInput> = {}): Promise<ListObjectsV2CommandOutput> =>
  clients.s3.send(new ListObjectsV2Command({ Bucket: name, ...input }));

const keys = ({ Contents }: Pick<ListObjectsV2CommandOutput, 'Contents'>): (string | undefined)[] => (Contents ?? []).map(({ Key }) => Key);
const prefixes = ({ CommonPrefixes }: Pick<ListObjectsV2CommandOutput, 'CommonPrefixes'>): (string | undefined)[] =>
  (CommonPrefixes ?? []).map(({ Prefix }) => Prefix);

/** All pages of a listing. */
async function pages(bucket: BucketUnderTest, input: Partial<ListObjectsV2CommandInput>): Promise<ListObjectsV2CommandOutput[]> {
  const all: ListObjectsV2CommandOutput[] = [];
  for (let token: string | undefined; ;) {
    const page = await list(bucket, { ...input, ContinuationToken: token });
    all.push(page);
    token = page.NextContinuationToken;
    assert.equal(page.IsTruncated, token !== undefined);
    if (token === undefined) return all;
  }
}

const TREE = ['a.txt', 'raw/1', 'raw/2', 'raw/deep/3', 'tmp/4', 'z.txt'];

export const s3ListingChecks: readonly S3Check[] = [
  bucketCheck('list-empty', 'an empty bucket lists nothing', async (bucket) => {
    const page = await list(bucket);
    assert.deepEqual([page.KeyCount, page.IsTruncated, page.Contents, page.Name], [0, false, undefined, bucket.name]);
  }),
  bucketCheck('list-2500', '2,500 keys come in pages of 1,000, each key once and in order', async (bucket) => {
    const expected = Array.from({ length: 2500 }, (_, i) => `data/${String(i).padStart(5, '0')}`);
    await filled(bucket, expected);
    const all = await pages(bucket, {});
    assert.deepEqual(
      all.map(({ KeyCount }) => KeyCount),
      [1000, 1000, 500],
    );
    assert.deepEqual(all.flatMap(keys), expected);
  }),
  bucketCheck('list-order', 'keys are ordered by their UTF-8 bytes', async (bucket) => {
    const expected = ['A', 'Z', 'a', 'a!', 'a/b', 'a0', 'b', 'é', '\uffee', '\u{1f3b8}'];
    await filled(bucket, [...expected].reverse());
    assert.deepEqual(keys(await list(bucket)), expected);
  }),
  bucketCheck('list-prefix', 'a prefix selects the keys that begin with it', async (bucket) => {
    await filled(bucket, TREE);
    assert.deepEqual(keys(await list(bucket, { Prefix: 'raw/' })), ['raw/1', 'raw/2', 'raw/deep/3']);
    assert.deepEqual(keys(await list(bucket, { Prefix: 'ra' })), ['raw/1', 'raw/2', 'raw/deep/3']);
    assert.deepEqual(keys(await list(bucket, { Prefix: 'nothing' })), []);
  }),
  bucketCheck('list-delimiter', 'a delimiter rolls keys up to common prefixes', async (bucket) => {
    await filled(bucket, TREE);
    const top = await list(bucket, { Delimiter: '/' });
    assert.deepEqual([keys(top), prefixes(top), top.KeyCount], [['a.txt', 'z.txt'], ['raw/', 'tmp/'], 4]);
    const raw = await list(bucket, { Delimiter: '/', Prefix: 'raw/' });
    assert.deepEqual([keys(raw), prefixes(raw)], [['raw/1', 'raw/2'], ['raw/deep/']]);
  }),
  bucketCheck('list-delimiter-of-two', 'a delimiter may have several characters', async (bucket) => {
    await filled(bucket, ['a--b', 'a-b', 'c--d--e']);
    const page = await list(bucket, { Delimiter: '--' });
    assert.deepEqual([keys(page), prefixes(page)], [['a-b'], ['a--', 'c--']]);
  }),
  bucketCheck('list-delimiter-pages', 'pages may end with a common prefix, and none comes twice', async (bucket) => {
    await filled(bucket, ['a/1', 'a/2', 'b', 'c/1', 'c/2', 'c/3', 'd']);
    const all = await pages(bucket, { Delimiter: '/', MaxKeys: 1 });
    assert.deepEqual(
      all.flatMap((page) => [...keys(page), ...prefixes(page)]),
      ['a/', 'b', 'c/', 'd'],
    );
  }),
  bucketCheck('list-start-after', 'start-after begins behind a key, whether it exists or not', async (bucket) => {
    await filled(bucket, TREE);
    const page = await list(bucket, { StartAfter: 'raw/2' });
    assert.deepEqual([keys(page), page.StartAfter], [['raw/deep/3', 'tmp/4', 'z.txt'], 'raw/2']);
    assert.deepEqual(keys(await list(bucket, { StartAfter: 'raw/15' })), ['raw/2', 'raw/deep/3', 'tmp/4', 'z.txt']);
    const paged = await pages(bucket, { StartAfter: 'a.txt', MaxKeys: 2 });
    assert.deepEqual(paged.flatMap(keys), TREE.slice(1));
  }),
  bucketCheck('list-max-keys', 'max-keys 0 gives nothing, more than 1,000 counts as 1,000', async (bucket) => {
    await filled(bucket, TREE);
    const none = await list(bucket, { MaxKeys: 0 });
    assert.deepEqual([none.KeyCount, none.IsTruncated], [0, false]);
    assert.equal((await list(bucket, { MaxKeys: 5000 })).MaxKeys, 1000);
    await refused(list(bucket, { MaxKeys: -1 }), 'InvalidArgument');
  }),
  bucketCheck('list-bad-token', 'a continuation token that nobody gave is refused', async (bucket) => {
    await refused(list(bucket, { ContinuationToken: 'no token' }), 'InvalidArgument');
  }),
  bucketCheck('list-encoding-type', 'encoding-type=url gives percent-encoded names', async (bucket) => {
    await filled(bucket, ['dir ä/a&b c', 'x+y']);
    const page = await list(bucket, { EncodingType: 'url' });
    assert.equal(page.EncodingType, 'url');
    assert.deepEqual(
      keys(page).map((key) => decodeURIComponent((key ?? '').replace(/\+/g, ' '))),
      ['dir ä/a&b c', 'x+y'],
    );
    assert.ok(keys(page).every((key) => /^[\x21-\x7e]+$/.test(key ?? '') && !/[&]/.test(key ?? '')));
  }),
  bucketCheck('list-content', 'a listing gives size, ETag, class and time, and the owner when asked', async (bucket) => {
    const { ETag } = await bucket.put('a', 'hello');
    const [plain] = (await list(bucket)).Contents ?? [];
    assert.deepEqual([plain?.Size, plain?.ETag, plain?.StorageClass, plain?.Owner], [5, ETag, 'STANDARD', undefined]);
    assert.ok(Math.abs((plain?.LastModified?.getTime() ?? 0) - Date.now()) < 120_000);
    const [owned] = (await list(bucket, { FetchOwner: true })).Contents ?? [];
    assert.ok(owned?.Owner?.ID);
  }),
  bucketCheck('list-v1', 'the older listing pages by marker', async (bucket) => {
    await filled(bucket, TREE);
    const { clients, name } = bucket;
    const first = await clients.s3.send(new ListObjectsCommand({ Bucket: name, MaxKeys: 4 }));
    assert.deepEqual([keys(first), first.IsTruncated], [TREE.slice(0, 4), true]);
    const rest = await clients.s3.send(new ListObjectsCommand({ Bucket: name, Marker: keys(first)[3] }));
    assert.deepEqual([keys(rest), rest.IsTruncated], [TREE.slice(4), false]);
  }),
  bucketCheck('list-v1-next-marker', 'with a delimiter the older listing names the next marker, which may be a common prefix', async (bucket) => {
    await filled(bucket, TREE);
    const { clients, name } = bucket;
    const seen: (string | undefined)[] = [];
    for (let Marker: string | undefined; ;) {
      const page = await clients.s3.send(new ListObjectsCommand({ Bucket: name, Delimiter: '/', MaxKeys: 1, Marker }));
      seen.push(...keys(page), ...prefixes(page));
      Marker = page.NextMarker;
      if (!page.IsTruncated) break;
    }
    assert.deepEqual(seen, ['a.txt', 'raw/', 'tmp/', 'z.txt']);
  }),
];
