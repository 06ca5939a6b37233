import assert from 'node:assert/strict';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import { refused } from './refusal.js';
import { type BucketUnderTest, bucketCheck, type S3Check, setVersioning, versionedCheck } from './s3-bucket.js';

const remove = ({ clients, name }: BucketUnderTest, Key: string, VersionId?: string) =>
  clients.s3.send(new DeleteObjectCommand({ Bucket: name, Key, VersionId }));
const versions = ({ clients, name }: BucketUnderTest, input = {}) => clients.s3.send(new ListObjectVersionsCommand({ Bucket: name, ...input }));

export const s3VersioningChecks: readonly S3Check[] = [
  bucketCheck('versioning-status', 'a bucket never versioned has no status; then it is what was set', async (bucket) => {
    const status = async () => (await bucket.clients.s3.send(new GetBucketVersioningCommand({ Bucket: bucket.name }))).Status;
    assert.equal(await status(), undefined);
    assert.equal((await bucket.put('a')).VersionId, undefined);
    await setVersioning(bucket, 'Enabled');
    assert.equal(await status(), 'Enabled');
    await setVersioning(bucket, 'Suspended');
    assert.equal(await status(), 'Suspended');
  }),
  versionedCheck('versions', 'every put makes a version of its own, and each can be read', async ({ put, text }) => {
    const [first, second] = [await put('a', 'one'), await put('a', 'two')];
    assert.ok(first.VersionId && second.VersionId && first.VersionId !== second.VersionId);
    assert.equal(await text('a'), 'two');
    assert.equal(await text('a', first.VersionId), 'one');
  }),
  versionedCheck('delete-marker', 'a delete hides the object behind a delete marker; deleting the marker brings it back', async (bucket) => {
    const { clients, name, put, text } = bucket;
    const { VersionId } = await put('a', 'one');
    const deleted = await remove(bucket, 'a');
    assert.ok(deleted.DeleteMarker && deleted.VersionId);
    await refused(text('a'), 'NoSuchKey', 404);
    assert.equal((await clients.s3.send(new ListObjectsV2Command({ Bucket: name }))).KeyCount, 0);
    assert.equal(await text('a', VersionId), 'one');
    assert.equal((await remove(bucket, 'a', deleted.VersionId)).DeleteMarker, true);
    assert.equal(await text('a'), 'one');
  }),
  versionedCheck('get-delete-marker', 'a delete marker can not be read, not even by its id', async (bucket) => {
    const { clients, name, put } = bucket;
    await put('a');
    const { VersionId } = await remove(bucket, 'a');
    await refused(clients.s3.send(new GetObjectCommand({ Bucket: name, Key: 'a', VersionId })), 'MethodNotAllowed', 405);
  }),
  versionedCheck('delete-version', 'a version deleted by its id is gone, and the one before it is the latest', async (bucket) => {
    const { clients, name, put, text } = bucket;
    await put('a', 'one');
    const { VersionId } = await put('a', 'two');
    await remove(bucket, 'a', VersionId);
    assert.equal(await text('a'), 'one');
    await refused(clients.s3.send(new GetObjectCommand({ Bucket: name, Key: 'a', VersionId })), 'NoSuchVersion', 404);
    await refused(clients.s3.send(new HeadObjectCommand({ Bucket: name, Key: 'a', VersionId })), 'NotFound', 404);
  }),
  versionedCheck('bad-version-id', 'an id that no version can have is refused', async ({ clients, name, put }) => {
    await put('a');
    await refused(clients.s3.send(new GetObjectCommand({ Bucket: name, Key: 'a', VersionId: 'no-id' })), 'InvalidArgument');
  }),
  versionedCheck('list-versions', 'versions and delete markers are listed, of each key the latest first', async (bucket) => {
    const { put } = bucket;
    const ids = [await put('a', '1'), await put('a', '22'), await put('b', '333')].map(({ VersionId }) => VersionId);
    const marker = await remove(bucket, 'a');
    const { Versions, DeleteMarkers } = await versions(bucket);
    assert.deepEqual(
      Versions?.map(({ Key, VersionId, IsLatest, Size }) => [Key, VersionId, IsLatest, Size]),
      [
        ['a', ids[1], false, 2],
        ['a', ids[0], false, 1],
        ['b', ids[2], true, 3],
      ],
    );
    assert.deepEqual(
      DeleteMarkers?.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest]),
      [['a', marker.VersionId, true]],
    );
  }),
  versionedCheck('list-versions-pages', 'a page of versions may end within a key', async (bucket) => {
    const { put } = bucket;
    for (const [key, count] of [
      ['a', 3],
      ['b', 2],
    ] as const)
      for (let i = 0; i < count; i += 1) await put(key, `${i}`);
    const seen: string[] = [];
    for (let [KeyMarker, VersionIdMarker]: (string | undefined)[] = []; ;) {
      const page = await versions(bucket, { MaxKeys: 2, KeyMarker, VersionIdMarker });
      seen.push(...(page.Versions ?? []).map(({ Key, VersionId }) => `${Key} ${VersionId}`));
      if (!page.IsTruncated) break;
      [KeyMarker, VersionIdMarker] = [page.NextKeyMarker, page.NextVersionIdMarker];
    }
    assert.deepEqual([seen.length, new Set(seen).size], [5, 5]);
  }),
  bucketCheck('null-version', 'what was there before versioning is the version null, and stays when versioning is on', async (bucket) => {
    const { put, text } = bucket;
    await put('a', 'before');
    await setVersioning(bucket, 'Enabled');
    await put('a', 'after');
    assert.equal(await text('a', 'null'), 'before');
    assert.equal(await text('a'), 'after');
  }),
  versionedCheck('suspended', 'while versioning is suspended puts replace the version null and keep the others', async (bucket) => {
    const { put, text } = bucket;
    const { VersionId } = await put('a', 'kept');
    await setVersioning(bucket, 'Suspended');
    await put('a', 'null one');
    await put('a', 'null two');
    assert.equal((await versions(bucket)).Versions?.length, 2);
    assert.equal(await text('a', 'null'), 'null two');
    assert.equal(await text('a', VersionId), 'kept');
  }),
  versionedCheck('batch-delete-versions', 'a batch makes delete markers, and removes versions by their ids', async (bucket) => {
    const { clients, name, put } = bucket;
    const { VersionId } = await put('a');
    const batch = (Objects: { Key: string; VersionId?: string }[]) =>
      clients.s3.send(new DeleteObjectsCommand({ Bucket: name, Delete: { Objects } }));
    const [marked] = (await batch([{ Key: 'a' }])).Deleted ?? [];
    assert.ok(marked?.DeleteMarker && marked.DeleteMarkerVersionId);
    await batch([
      { Key: 'a', VersionId },
      { Key: 'a', VersionId: marked?.DeleteMarkerVersionId },
    ]);
    const left = await versions(bucket);
    assert.deepEqual([left.Versions, left.DeleteMarkers], [undefined, undefined]);
  }),
  versionedCheck('copy-version', 'an older version may be copied back', async (bucket) => {
    const { clients, name, put, text } = bucket;
    const { VersionId } = await put('a', 'old');
    await put('a', 'new');
    const copied = await clients.s3.send(new CopyObjectCommand({ Bucket: name, Key: 'a', CopySource: `${name}/a?versionId=${VersionId}` }));
    assert.equal(copied.CopySourceVersionId, VersionId);
    assert.equal(await text('a'), 'old');
  }),
];
