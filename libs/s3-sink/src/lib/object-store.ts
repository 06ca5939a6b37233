import { randomUUID } from 'node:crypto';
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { awsErrorCode, toLoadinError } from '@loadin/aws';
import type { ObjectStore, PutOptions } from '@loadin/pipeline';
import { actionOf, retry, RetryableError, systemClock, type Clock } from '@loadin/resilience';
import { putOnce } from './put-once.js';
import { PUT_CHECKSUM, settingsInput, type SettingsInput, type WriteSettings } from './write-settings.js';

export interface S3ObjectStoreOptions extends WriteSettings {
  /** Made with `awsClientOptions` of `@loadin/aws`, or as you like. */
  readonly client: S3Client;
  readonly bucket: string;
  /** A folder that all keys lie in; it isn't part of the keys that the store takes and gives. Default: the bucket's root. */
  readonly prefix?: string;
  /** For waits between repetitions. Default: the system's. */
  readonly clock?: Clock;
  /** Jitter of these waits. Default: `Math.random`. */
  readonly random?: () => number;
}

/** Names the put that wrote an object, so that a lost answer can be told from somebody else's object. */
const WRITE_ID = 'loadin-write-id';
/** Whole reads, the first included: the SDK does not repeat a download that breaks off in the middle. */
const READ_ATTEMPTS = 4;

/** Whole objects in a bucket. Every method throws `LoadinError`s that name the object. Throws `FatalError` for settings that S3 would refuse. */
export function createS3ObjectStore(options: S3ObjectStoreOptions): ObjectStore {
  const { client, bucket, prefix = '', clock = systemClock, random = Math.random } = options;
  const settings = settingsInput(options);
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  const uri = `s3://${bucket}${folder === '' ? '' : `/${folder.slice(0, -1)}`}`;
  const addressOf = (key: string) => ({ Bucket: bucket, Key: `${folder}${key}` });
  const asLoadin = (error: unknown, operation: string, key: string) => toLoadinError(error, { service: 'S3', operation, resource: `${uri}/${key}` });

  const wroteIt = async (key: string, writeId: string): Promise<boolean> => {
    try {
      return (await client.send(new HeadObjectCommand(addressOf(key)))).Metadata?.[WRITE_ID] === writeId;
    } catch (error) {
      if (isMissing(error)) return false;
      throw asLoadin(error, 'HeadObject', key);
    }
  };

  return {
    uri,
    async putIfAbsent(key, body, put) {
      const writeId = randomUUID();
      const input = { ...addressOf(key), ...inputOf(body, settings, put, { [WRITE_ID]: writeId }) };
      try {
        const { created, repeated } = await putOnce(client, input, { clock, random });
        return { created: created || (repeated && (await wroteIt(key, writeId))) };
      } catch (error) {
        const failure = asLoadin(error, 'PutObject', key);
        // No answer at all does not say that nothing was written. When that can't be asked either, the first error is the one to tell.
        if (actionOf(failure) === 'retry' && (await wroteIt(key, writeId).catch(() => false))) return { created: true };
        throw failure;
      }
    },
    async put(key, body, put) {
      try {
        await client.send(new PutObjectCommand({ ...addressOf(key), ...inputOf(body, settings, put) }));
      } catch (error) {
        throw asLoadin(error, 'PutObject', key);
      }
    },
    get: (key) =>
      retry(() => readObject(client, addressOf(key), (error) => asLoadin(error, 'GetObject', key)), {
        attempts: READ_ATTEMPTS,
        clock,
        random,
        classify: (error) => ({ retry: error instanceof BrokenDownload }),
      }),
    async *list(under) {
      try {
        for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: `${folder}${under}` })) {
          for (const { Key, Size } of page.Contents ?? []) if (Key !== undefined) yield { key: Key.slice(folder.length), size: Size ?? 0 };
        }
      } catch (error) {
        throw asLoadin(error, 'ListObjectsV2', under);
      }
    },
  };
}

class BrokenDownload extends RetryableError {}

async function readObject(
  client: S3Client,
  address: { Bucket: string; Key: string },
  wrap: (error: unknown) => Error,
): Promise<Uint8Array | undefined> {
  const answer = await client.send(new GetObjectCommand(address)).catch((error: unknown) => {
    if (awsErrorCode(error) === 'NoSuchKey') return undefined;
    throw wrap(error);
  });
  try {
    return answer && (await answer.Body?.transformToByteArray());
  } catch (cause) {
    throw new BrokenDownload('S3 GetObject: the download broke off or its checksum was wrong, again and again', {
      where: `s3://${address.Bucket}/${address.Key}`,
      hint: 'Check the network and run it again.',
      cause,
    });
  }
}

function inputOf(
  body: Uint8Array,
  settings: SettingsInput,
  options: PutOptions = {},
  metadata: Readonly<Record<string, string>> = {},
): Omit<PutObjectCommandInput, 'Bucket' | 'Key'> {
  return {
    Body: body,
    ContentType: options.contentType,
    ContentEncoding: options.contentEncoding,
    Metadata: { ...options.metadata, ...metadata },
    ChecksumAlgorithm: PUT_CHECKSUM,
    ...settings,
  };
}

/** HEAD has no body to carry a code: the SDK calls its 404 `NotFound`. */
const isMissing = (error: unknown): boolean => ['NotFound', 'NoSuchKey'].includes(awsErrorCode(error) ?? '');
