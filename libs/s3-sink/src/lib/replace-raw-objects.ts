import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { promisify } from 'node:util';
import { gunzip as gunzipWithCallback } from 'node:zlib';
import { attemptsOf, awsErrorCode, toLoadinError } from '@loadin/aws';
import { recordHash, type Batch, type JsonObject, type Replacing, type SinkOptions, type Standing, type WriteResult } from '@loadin/pipeline';
import { createBackoff, FatalError, RetryableError, type Clock } from '@loadin/resilience';
import { partOf, rawKeyPrefix } from './raw-key.js';
import { rawObject, type RawObject, type RawObjectOptions } from './raw-object.js';

export interface ReplaceOptions extends RawObjectOptions {
  readonly client: S3Client;
  readonly clock: Clock;
  readonly random: () => number;
}

const decompress = promisify(gunzipWithCallback);
/** Writes of one object, the first included: so often may somebody else write it in between. */
const MAX_ROUNDS = 6;

/** Raw objects are replaced on condition that the ETag is the one that was compared (`If-Match`), or that nothing is there (`If-None-Match: *`). */
export function replaceRawObjects(options: ReplaceOptions): Replacing {
  const { client, bucket, gzip, clock, random } = options;
  const backoff = createBackoff({ baseMs: 50, maxMs: 2_000, random });
  return {
    async parts(slice, { signal }) {
      const [ours, other] = gzip ? ['.json.gz', '.json'] : ['.json', '.json.gz'];
      const keys: string[] = [];
      try {
        for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: rawKeyPrefix(slice) }, { abortSignal: signal }))
          for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
      } catch (error) {
        throw toLoadinError(error, { service: 'S3', operation: 'ListObjectsV2', resource: `s3://${bucket}/${rawKeyPrefix(slice)}` });
      }
      const twin = keys.find((key) => partOf(key, slice, other) !== undefined);
      if (twin !== undefined) throw otherVariant(`s3://${bucket}/${twin}`, gzip);
      return keys
        .map((key) => partOf(key, slice, ours))
        .filter((part) => part !== undefined)
        .sort((a, b) => a - b);
    },
    compare: async (batch, sinkOptions) => look(client, await rawObject(batch, options), batch, sinkOptions),
    async replace(batch, compared, sinkOptions) {
      const { signal, meter, logger } = sinkOptions;
      signal.throwIfAborted();
      const object = await rawObject(batch, options);
      const again = () => look(client, object, batch, sinkOptions);
      // It was identical when it was compared; nobody says that it still is.
      let standing = compared.state === 'identical' ? await again() : compared;
      for (let round = 1, races = 0; round <= MAX_ROUNDS; round += 1) {
        if (standing.state === 'identical') return answer(object, { existed: true, races });
        if (standing.state === 'missing' && isEmpty(batch)) return { acks: object.acks, objects: [] };
        if (await putOver(client, object, standing.revision, sinkOptions)) {
          meter.add('bytes_written', object.body.byteLength);
          return answer(object, { existed: false, races, replaced: standing.revision });
        }
        const now = await again();
        if (now.state !== 'identical' && now.revision !== standing.revision) {
          races += 1;
          logger.warn('Somebody else wrote a raw object that was to be replaced; it is compared and replaced again', { object: object.uri });
        }
        standing = now;
        await clock.sleep(backoff(round), signal);
      }
      throw new RetryableError('A raw object could not be replaced: somebody else writes it all the time', {
        where: object.uri,
        hint: 'Look whether another replay of the same run is under way, and run this one again.',
      });
    },
  };
}

/** Its records would lie in the lake twice: under this name and under that of this sink. */
const otherVariant = (where: string, gzip: boolean): FatalError =>
  new FatalError(`The run has written its raw objects ${gzip ? 'without' : 'with'} compression; this sink writes them ${gzip ? 'with' : 'without'}`, {
    where,
    hint: 'Nothing was changed. Set gzip of the sink as it was when the run was made, and run this again.',
  });

const isEmpty = ({ records, rejected }: Batch): boolean => records.length === 0 && rejected === 0;

function answer(
  { acks, uri, body, records, checksum }: RawObject,
  { existed, races, replaced = null }: { existed: boolean; races: number; replaced?: string | null },
): WriteResult {
  const object = { uri, bytes: body.byteLength, records, existed, checksum, ...(replaced !== null && { replaced }), ...(races > 0 && { races }) };
  return { acks, objects: [object] };
}

/** `false`: what is there is not what was compared any more, or another write of it is under way. */
async function putOver(client: S3Client, { input, uri }: RawObject, revision: string | null, { signal, meter }: SinkOptions): Promise<boolean> {
  const condition = revision === null ? { IfNoneMatch: '*' } : { IfMatch: revision };
  const count = (result: unknown): void => {
    meter.add('requests', attemptsOf(result));
    if (attemptsOf(result) > 1) meter.add('retries', attemptsOf(result) - 1);
  };
  try {
    count(await client.send(new PutObjectCommand({ ...input, ...condition }), { abortSignal: signal }));
    return true;
  } catch (error) {
    count(error);
    // `If-Match` of an object that is gone is answered with NoSuchKey.
    if (['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'].includes(awsErrorCode(error) ?? '') || statusOf(error) === 412)
      return false;
    throw toLoadinError(error, { service: 'S3', operation: 'PutObject', resource: uri });
  }
}

const statusOf = (error: unknown): number | undefined => (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

/** Compares by ETag where that is the MD5 of the bytes, else by content. */
async function look(client: S3Client, object: RawObject, batch: Batch, { signal, meter }: SinkOptions): Promise<Standing> {
  const { bucket: Bucket, key: Key, uri, checksum } = object;
  const call = async <Answer>(operation: string, send: () => Promise<Answer>): Promise<Answer | undefined> => {
    meter.add('requests', 1);
    return send().catch((error: unknown) => {
      if (['NotFound', 'NoSuchKey'].includes(awsErrorCode(error) ?? '')) return undefined;
      throw toLoadinError(error, { service: 'S3', operation, resource: uri });
    });
  };
  const head = await call('HeadObject', () => client.send(new HeadObjectCommand({ Bucket, Key }), { abortSignal: signal }));
  if (head === undefined) return { state: 'missing', revision: null, checksum };
  if (head.ETag?.replaceAll('"', '') === object.md5) return { state: 'identical', revision: head.ETag, checksum };
  const got = await call('GetObject', async () => {
    const { ETag, Body } = await client.send(new GetObjectCommand({ Bucket, Key }), { abortSignal: signal });
    return { etag: ETag ?? '', bytes: Buffer.from((await Body?.transformToByteArray()) ?? []) };
  });
  if (got === undefined) return { state: 'missing', revision: null, checksum };
  const stored = object.gzip ? await decompress(got.bytes).catch(() => got.bytes) : got.bytes;
  if (stored.equals(object.content)) return { state: 'identical', revision: got.etag, checksum };
  const envelope = parseEnvelope(stored);
  if (envelope === undefined) return { state: 'damaged', revision: got.etag, checksum };
  if (envelope.runId !== batch.runId)
    throw new FatalError(
      `The raw object in this place was ${envelope.runId === undefined ? 'not written by Loadin' : `written by run ${envelope.runId}, not by ${batch.runId}`}`,
      {
        where: uri,
        hint: 'Nothing was changed. Move the object away if it is wrong, and run this again.',
      },
    );
  return { state: 'different', revision: got.etag, checksum, hashes: envelope.records.map(recordHash) };
}

interface Envelope {
  /** `undefined`: it is JSON, whole, and of somebody else. */
  readonly runId: string | undefined;
  readonly records: readonly JsonObject[];
}

/** What an object holds; `undefined` when it is damaged. */
function parseEnvelope(bytes: Buffer): Envelope | undefined {
  try {
    const { ingestion_result: result, records } = JSON.parse(bytes.toString('utf8')) as {
      ingestion_result?: { run_id?: unknown };
      records?: unknown;
    };
    const ours =
      typeof result?.run_id === 'string' && Array.isArray(records) && records.every((record) => typeof record === 'object' && record !== null);
    return ours ? { runId: result.run_id as string, records: records as JsonObject[] } : { runId: undefined, records: [] };
  } catch {
    return undefined; // cut off, empty or no JSON: the caller says so
  }
}
