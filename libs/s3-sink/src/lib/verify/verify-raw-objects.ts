import { buffer } from 'node:stream/consumers';
import { checkRawObject, type Difference, type WrittenObject } from '@loadin/pipeline';
import { rawKey } from '../raw-key.js';
import { MAX_OBJECT_BYTES } from '../raw-object.js';
import { forEachLimit } from '../uploads/for-each-limit.js';
import { callContext, type CallBasics, type CallContext } from '../uploads/s3-calls.js';
import { keysUnder, readObject } from './read-object.js';
import type { RawManifest, RawVerification, VerifyOptions } from './types.js';

interface Found {
  readonly there: boolean;
  readonly bytes: number;
  readonly records: number;
  readonly differences: readonly Difference[];
}

/** Recounts and rehashes raw objects. What one object must look like is known to `@loadin/pipeline` alone (`checkRawObject`), which `loadin verify` uses too. */
export async function verifyRawObjects(
  basics: CallBasics,
  manifest: RawManifest,
  { signal, concurrency = 2 }: VerifyOptions = {},
): Promise<RawVerification> {
  const context = callContext(basics, { signal });
  const expected = new Map(manifest.objects.map((object) => [object.uri, object]));
  const uris = [...expected.keys(), ...(await extraObjects(context, manifest, expected))];
  const found = new Map<string, Found>();
  await forEachLimit(uris, concurrency, async (uri) => {
    found.set(uri, await verifyObject(context, uri, expected.get(uri), manifest));
  });
  const inOrder = uris.flatMap((uri) => found.get(uri) ?? []);
  return {
    objects: inOrder.filter(({ there }) => there).length,
    records: inOrder.reduce((sum, { records }) => sum + records, 0),
    bytes: inOrder.reduce((sum, { bytes }) => sum + bytes, 0),
    differences: inOrder.flatMap(({ differences }) => differences),
  };
}

async function verifyObject(context: CallContext, where: string, expected: WrittenObject | undefined, manifest: RawManifest): Promise<Found> {
  const differs = (kind: Difference['kind'], message: string, bytes = 0): Found => {
    return { there: kind !== 'missing', bytes, records: 0, differences: [{ where, kind, message }] };
  };
  const root = `s3://${context.bucket}/`;
  if (!where.startsWith(root)) return differs('missing', `it can't be looked at: it lies in another bucket than ${context.bucket}`);
  const read = await readObject(context, where.slice(root.length), async (body, length) => {
    if (length <= MAX_OBJECT_BYTES) return { length, bytes: await buffer(body) };
    body.destroy(); // no raw object: not worth the memory
    return { length, bytes: undefined };
  });
  if (read === 'missing') return differs('missing', 'it is not there');
  if (read === 'damaged') return differs('content', 'its bytes do not have the checksum that S3 keeps for it');
  if (read.bytes === undefined) return differs('content', `it has ${read.length} bytes; a raw object has at most ${MAX_OBJECT_BYTES}`, read.length);
  const { runId: run_id, source, dataType: data_type } = manifest;
  const { records, differences } = checkRawObject(where, read.bytes, expected, { run_id, source, data_type });
  const unreported: Difference[] =
    expected === undefined
      ? [{ where, kind: 'unreported', message: 'it lies among the objects of this run, and the manifest does not have it' }]
      : [];
  return { there: true, bytes: read.length, records: records.length, differences: [...unreported, ...differences] };
}

/** What lies under the names of the stream's second beside what the manifest has. */
async function extraObjects(
  context: CallContext,
  { source, dataType, second }: RawManifest,
  expected: ReadonlyMap<string, WrittenObject>,
): Promise<string[]> {
  if (second === undefined) return [];
  const extra: string[] = [];
  for await (const key of keysUnder(context, rawKey({ source, dataType, second, sliceOrdinal: 0, part: 0 }, ''))) {
    const uri = `s3://${context.bucket}/${key}`;
    if (!expected.has(uri)) extra.push(uri);
  }
  return extra;
}
