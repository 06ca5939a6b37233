import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Difference } from '@loadin/pipeline';
import { forEachLimit } from '../uploads/for-each-limit.js';
import type { CallContext } from '../uploads/s3-calls.js';
import type { CommitRecord, Leftovers, RecordedObject } from '../uploads/types.js';
import { keysUnder, readObject } from './read-object.js';
import type { Verification } from './types.js';

/** Rehashes the objects of a commit record part by part as they stream by, so that the largest takes no more memory than the smallest. */
export async function verifyCommitted(
  context: CallContext,
  { objects }: CommitRecord,
  { extras, concurrency }: { readonly extras: Leftovers | undefined; readonly concurrency: number },
): Promise<Verification> {
  const found = new Map<string, Found>();
  await forEachLimit(objects, concurrency, async (object) => {
    const read = await readObject(context, object.key, (body, length) => compare(body, length, object));
    if (read === 'missing') found.set(object.key, { kind: 'missing', bytes: 0, message: 'it is not there' });
    else if (read === 'damaged')
      found.set(object.key, { kind: 'content', bytes: 0, message: 'its bytes do not have the checksum that S3 keeps for it' });
    else found.set(object.key, { kind: 'content', ...read });
  });
  const differences = objects.flatMap(({ key }): Difference[] => {
    const { kind = 'content', message } = found.get(key) ?? {};
    return message === undefined ? [] : [{ where: `s3://${context.bucket}/${key}`, kind, message }];
  });
  const committed = new Set(objects.map(({ key }) => key));
  for await (const key of extras === undefined ? [] : keysUnder(context, extras.prefix)) {
    if (committed.has(key) || !extras?.isOurs(key)) continue;
    const message = 'it has the name of an object of this run, and the commit record does not have it';
    differences.push({ where: `s3://${context.bucket}/${key}`, kind: 'unreported', message });
  }
  const there = [...found.values()].filter(({ kind }) => kind !== 'missing');
  return { objects: there.length, bytes: there.reduce((sum, { bytes }) => sum + bytes, 0), differences };
}

interface Compared {
  readonly bytes: number;
  /** How it differs. */
  readonly message?: string;
}

type Found = Compared & { readonly kind: 'missing' | 'content' };

/** SHA-256 of each stretch of the object that was a part, held against the recorded one. */
async function compare(body: Readable, length: number, { bytes, parts }: RecordedObject): Promise<Compared> {
  if (length !== bytes) {
    body.destroy();
    return { bytes: length, message: `it has ${length} bytes, committed were ${bytes}` };
  }
  const wrong: number[] = [];
  let [part, left, hash]: [number, number, Hash] = [0, parts[0]?.bytes ?? 0, createHash('sha256')];
  for await (const chunk of body as AsyncIterable<Buffer>) {
    for (let rest = chunk; rest.length > 0;) {
      const taken = rest.subarray(0, left);
      hash.update(taken);
      left -= taken.length;
      rest = rest.subarray(taken.length);
      if (left > 0) continue;
      if (hash.digest('base64') !== parts[part]?.sha256) wrong.push(part + 1);
      part += 1;
      [left, hash] = [parts[part]?.bytes ?? Infinity, createHash('sha256')];
    }
  }
  return wrong.length === 0 ? { bytes: length } : { bytes: length, message: differenceIn(wrong, parts.length) };
}

function differenceIn(wrong: readonly number[], parts: number): string {
  if (parts === 1) return 'its bytes are others than were committed (SHA-256)';
  const more = wrong.length > 5 ? ` and ${wrong.length - 5} more` : '';
  return `of its ${parts} parts these are others than were committed (SHA-256): ${wrong.slice(0, 5).join(', ')}${more}`;
}
