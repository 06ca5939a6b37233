import { GetShardIteratorCommand, GetRecordsCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, ListObjectsV2Command, ListObjectVersionsCommand, type ListObjectVersionsCommandOutput } from '@aws-sdk/client-s3';
import { BUCKET, type Storage } from '@loadin/specs';
import type { LakeObject, Listing, Shard, StreamRecord } from './evidence.js';
import type { Recorder } from './recorder.js';
import { STREAM } from './world.js';

/** Lists the bucket over and over, as a reader does, until it is stopped; once more then. */
export interface Reader {
  readonly listings: readonly Listing[];
  stop(): Promise<void>;
}

const PAUSE_MS = 100;

export function startReader({ s3 }: Pick<Storage, 's3'>, recorder: Recorder): Reader {
  const listings: Listing[] = [];
  const look = async (): Promise<void> => {
    const from = recorder.events.length;
    const objects: Listing['objects'][number][] = [];
    for (let token: string | undefined; ;) {
      const page = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, ContinuationToken: token }));
      for (const { Key = '', Size = 0, ETag = '' } of page.Contents ?? []) objects.push({ key: Key, size: Size, etag: ETag });
      token = page.NextContinuationToken;
      if (token === undefined) break;
    }
    listings.push({ from, until: recorder.events.length, at: Date.now(), objects });
  };
  const stopping = new AbortController();
  const looking = (async () => {
    while (!stopping.signal.aborted) {
      await look();
      await pause(PAUSE_MS, stopping.signal);
    }
  })();
  return {
    listings,
    async stop() {
      stopping.abort();
      await looking;
      await look();
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}

/** Every version of every object, in the order in which they came. */
export async function allVersions({ s3 }: Pick<Storage, 's3'>, recorder: Recorder): Promise<LakeObject[]> {
  const found: { readonly object: LakeObject; readonly latest: boolean }[] = [];
  for (let marker: ListObjectVersionsCommandOutput | undefined; ;) {
    const page: ListObjectVersionsCommandOutput = await s3.send(
      new ListObjectVersionsCommand({ Bucket: BUCKET, KeyMarker: marker?.NextKeyMarker, VersionIdMarker: marker?.NextVersionIdMarker }),
    );
    // Listed newest first.
    for (const { Key: key = '', VersionId: versionId = '', ETag: etag = '', IsLatest: latest = false } of page.Versions ?? []) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key, VersionId: versionId }));
      const body = Buffer.from((await Body?.transformToByteArray()) ?? []);
      found.push({ object: { key, versionId, etag, body, ...writerOf(recorder, versionId) }, latest });
    }
    for (const { Key: key = '', VersionId: versionId = '', IsLatest: latest = false } of page.DeleteMarkers ?? [])
      found.push({ object: { key, versionId, etag: '', body: undefined, ...writerOf(recorder, versionId) }, latest });
    if (!page.IsTruncated) break;
    marker = page;
  }
  return found.reverse().map(({ object }) => object);
}

function writerOf(recorder: Recorder, versionId: string): Pick<LakeObject, 'event' | 'attempt'> {
  const event = recorder.eventOfVersion(versionId);
  return { event: event?.number, attempt: event?.attempt };
}

/** What lies there: of each key the last version, where that is no delete marker. */
export function latestOf(versions: readonly LakeObject[]): ReadonlyMap<string, LakeObject> {
  const lake = new Map(versions.map((version) => [version.key, version]));
  for (const { key, body } of lake.values()) if (body === undefined) lake.delete(key);
  return lake;
}

export async function allShards({ kinesis }: Pick<Storage, 'kinesis'>, recorder: Recorder): Promise<Shard[]> {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: STREAM }));
  return Promise.all(
    Shards.map(async ({ ShardId: id = '', ParentShardId, AdjacentParentShardId }) => ({
      id,
      parents: [ParentShardId, AdjacentParentShardId].filter((parent) => parent !== undefined),
      records: await recordsOf(kinesis, id, recorder),
    })),
  );
}

async function recordsOf(kinesis: Storage['kinesis'], ShardId: string, recorder: Recorder): Promise<StreamRecord[]> {
  const found: StreamRecord[] = [];
  const { ShardIterator } = await kinesis.send(new GetShardIteratorCommand({ StreamName: STREAM, ShardId, ShardIteratorType: 'TRIM_HORIZON' }));
  for (let iterator = ShardIterator; iterator;) {
    const {
      Records = [],
      NextShardIterator,
      MillisBehindLatest,
    } = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 10_000 }));
    for (const { SequenceNumber: sequenceNumber = '', PartitionKey: partitionKey = '', Data } of Records) {
      const event = recorder.eventOfRecord(sequenceNumber);
      found.push({ sequenceNumber, partitionKey, data: Buffer.from(Data ?? []), event: event?.number, attempt: event?.attempt });
    }
    // 0: nothing is left. A page can be empty before that.
    iterator = MillisBehindLatest === 0 ? undefined : NextShardIterator;
  }
  return found;
}
