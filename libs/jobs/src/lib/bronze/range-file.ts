import { toLoadinError } from '@loadin/aws';
import type { RangeFile } from '@loadin/bronze-writer';
import { RetryableError } from '@loadin/pipeline';
import { retry } from '@loadin/resilience';
import type { BronzeContext } from './types.js';

/** A download that breaks off is asked for again. */
const ATTEMPTS = 4;

/** An object of the lake that is read in parts; `undefined` when there is none. */
export async function openObject(
  { client, bucket, clock, random }: Pick<BronzeContext, 'client' | 'bucket' | 'clock' | 'random'>,
  key: string,
  signal: AbortSignal,
): Promise<RangeFile | undefined> {
  const { GetObjectCommand, HeadObjectCommand } = await import('./s3-commands.js');
  const resource = `s3://${bucket}/${key}`;
  const bytes = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal }).then(
    ({ ContentLength = 0 }) => ContentLength,
    (error: unknown) => {
      if ((error as Error).name === 'NotFound') return undefined;
      throw toLoadinError(error, { service: 'S3', operation: 'HeadObject', resource });
    },
  );
  if (bytes === undefined) return undefined;
  const read = async (start: number, end: number): Promise<Uint8Array> => {
    try {
      const command = new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=${start}-${end - 1}` });
      const { Body } = await client.send(command, { abortSignal: signal });
      const part = (await Body?.transformToByteArray()) ?? new Uint8Array();
      if (part.length === end - start) return part;
    } catch (error) {
      throw toLoadinError(error, { service: 'S3', operation: 'GetObject', resource });
    }
    throw new RetryableError('S3 GetObject: the download broke off', { where: resource, hint: 'Check the network and run it again.' });
  };
  return { bytes, read: (start, end) => retry(() => read(start, end), { attempts: ATTEMPTS, signal, clock, random }) };
}

/** The whole of a small object; `undefined` when there is none. */
export async function readObject(context: Parameters<typeof openObject>[0], key: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
  const file = await openObject(context, key, signal);
  return file && file.read(0, file.bytes);
}
