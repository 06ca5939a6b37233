import { FatalError } from '@loadin/resilience';
import type { ObjectStore } from '../ports/object-store.js';
import type { WrittenObject } from '../ports/sink.js';
import type { SinkProgress, SliceProgress } from './progress.js';

/** Of 300 bytes each: an item is to stay under 100 KB, and a table may have an object for every day of ten years. */
const MOST_IN_AN_ITEM = 100;

export interface ListOf {
  readonly job: string;
  readonly runId: string;
  readonly stream: string;
  readonly slice: number;
}

const listKey = ({ job, runId, stream, slice }: ListOf): string => `_loadin/objects/${job}/${runId}/${stream}/${String(slice).padStart(5, '0')}.json`;

/** The progress as its item takes it: many objects are listed in the lake. Every attempt that ends lists the same ones. */
export async function keepObjects(lake: ObjectStore, of: ListOf, progress: SinkProgress): Promise<SinkProgress> {
  if (progress.objects.length <= MOST_IN_AN_ITEM) return progress;
  const key = listKey(of);
  await lake.put(key, Buffer.from(`${JSON.stringify({ version: 1, objects: progress.objects })}\n`), { contentType: 'application/json' });
  return { ...progress, objects: [], objects_key: key };
}

/** The progress with the objects that are listed elsewhere. Throws `FatalError` when a list is gone, and what the lake throws. */
export async function withObjects(lake: ObjectStore, progress: SliceProgress): Promise<SliceProgress> {
  const listed = Object.entries(progress.sinks).filter(([, { objects_key: key }]) => key !== undefined);
  if (listed.length === 0) return progress;
  const sinks: Record<string, SinkProgress> = { ...progress.sinks };
  for (const [name, sink] of listed) sinks[name] = { ...sink, objects: await readList(lake, sink.objects_key ?? '') };
  return { ...progress, sinks };
}

async function readList(lake: ObjectStore, key: string): Promise<readonly WrittenObject[]> {
  const stored = await lake.get(key);
  if (stored === undefined)
    throw new FatalError('the list of the objects that were written is gone', {
      where: `${lake.uri}/${key}`,
      hint: 'Bring an earlier version of it back, if the bucket keeps versions; what was written is there all the same.',
    });
  return (JSON.parse(Buffer.from(stored).toString('utf8')) as { readonly objects: readonly WrittenObject[] }).objects;
}
