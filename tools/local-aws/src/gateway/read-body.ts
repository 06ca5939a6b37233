import type { Readable } from 'node:stream';
import { AwsError } from '../service.js';

/** The whole body in memory. Throws `AwsError` 413 when it is longer than `limit` bytes. */
export async function readBody(stream: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new AwsError('RequestEntityTooLarge', `The body is longer than ${limit} bytes.`, 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
