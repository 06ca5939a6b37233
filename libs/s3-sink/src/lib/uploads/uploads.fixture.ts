import { GetObjectCommand, ListMultipartUploadsCommand, type S3Client } from '@aws-sdk/client-s3';
import { createManualClock } from '@loadin/testing';
import type { LocalS3 } from '../local-s3.fixture.js';
import { COMMITS } from './commit-record.js';
import { createPendingUploads } from './pending-uploads.js';
import type { CommitRecord, PendingUploads, PendingUploadsOptions, UploadsOf } from './types.js';

export const MIB = 1024 ** 2;
export const OF: UploadsOf = { job: 'bronze', runId: 'b2a1c0de-0000-5000-8000-000000000001', stream: 'orders' };
export const RECORD_KEY = `${COMMITS}bronze/${OF.runId}/orders.json`;
export const DONE_KEY = `${COMMITS}bronze/${OF.runId}/orders.done.json`;

export const START = Date.UTC(2024, 10, 8, 12);
export const KEYS = ['data/bronze/orders/a.parquet', 'data/bronze/orders/b.parquet'] as const;

/** Uploads into a new bucket, in parts of 5 MiB, by a clock of the test. */
export async function uploadsInto(s3: LocalS3, options: Partial<PendingUploadsOptions> = {}): Promise<{ bucket: string; uploads: PendingUploads }> {
  const bucket = await s3.bucket();
  return { bucket, uploads: createPendingUploads({ client: s3.client, bucket, clock: createManualClock(START), partBytes: 5 * MIB, ...options }) };
}

/** What a call does, around what it would do. */
export type Around = (operation: string, send: () => Promise<unknown>) => Promise<unknown>;

/** The client, seen through `around`: every call of it passes there. */
export function throughClient(client: S3Client, around: Around): S3Client {
  const send = (command: Parameters<S3Client['send']>[0], ...rest: never[]) =>
    around(command.constructor.name.replace(/Command$/, ''), () => client.send(command, ...rest) as unknown as Promise<unknown>);
  return Object.create(client, { send: { value: send } }) as S3Client;
}

/** `[key, upload id]` of all pending uploads. */
export async function pendingUploads({ client }: LocalS3, bucket: string): Promise<[string, string][]> {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  return Uploads.map(({ Key = '', UploadId = '' }) => [Key, UploadId]);
}

export async function bytesOf({ client }: LocalS3, bucket: string, key: string): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

/** `bytes` bytes that tell their place, in chunks that share one buffer, as writers do that use theirs again. */
export async function* chunks(bytes: number, seed = 0, chunkBytes = 96 * 1024): AsyncGenerator<Uint8Array> {
  const shared = Buffer.alloc(chunkBytes);
  for (let at = 0; at < bytes; at += chunkBytes) {
    const length = Math.min(chunkBytes, bytes - at);
    shared.fill(`${seed}/${at};`);
    yield shared.subarray(0, length);
  }
}

/** The same bytes, whole. */
export async function wholeOf(bytes: number, seed = 0): Promise<Buffer> {
  const copies: Buffer[] = [];
  for await (const chunk of chunks(bytes, seed)) copies.push(Buffer.from(chunk));
  return Buffer.concat(copies);
}

/** Two objects of 1,000 bytes, committed and not yet visible. */
export async function commitTwo(uploads: PendingUploads): Promise<CommitRecord> {
  const attempt = uploads.attempt(OF);
  for (const [index, key] of KEYS.entries()) await attempt.upload(key, chunks(1_000, index));
  return (await attempt.commit()).record;
}

export const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => error,
  );
