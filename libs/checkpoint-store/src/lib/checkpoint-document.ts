import { createHash } from 'node:crypto';
import type { JsonObject, StateItem } from '@loadin/pipeline';
import { FatalError } from '@loadin/resilience';
import { CURSOR_KEY, validatedCheckpoint } from './checkpoint-value.js';
import { isObject, parseObject } from './item.js';

/** The whole `checkpoints.json`: entity names to their checkpoints, in the order in which they were written. */
export type CheckpointDocument = JsonObject;

/** Our own field of an entity: names the put that wrote it. */
const WRITE_ID = '_write_id';
/** Our own field of an entity whose cursor has a key part: the time that the key belongs to. Who edits the time by hand does not edit this. */
const CURSOR_AT = '_cursor_at';
/** Our own field of an entity whose name lacks the source: the stream that it is of. */
const STREAM = '_stream';
const FIX = 'Correct it, or restore an earlier version of the object (the bucket keeps them).';

export function parseDocument(text: string, where: string): CheckpointDocument {
  return parseObject(text, where, FIX);
}

/** Indented: people read and edit it. */
export function printDocument(document: CheckpointDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The document with one entity replaced; everything else stays as it is. `stream`: whose it is, where the entity's name does not say it all. */
export function withEntity(
  document: CheckpointDocument,
  entity: string,
  value: JsonObject,
  { writeId, stream = streamOf(document, entity) }: { readonly writeId: string; readonly stream?: string },
): CheckpointDocument {
  const { [CURSOR_KEY]: key = null, last_sync_timestamp: time = null } = value;
  const ours = { ...(key !== null && { [CURSOR_AT]: time }), ...(stream !== undefined && { [STREAM]: stream }), [WRITE_ID]: writeId };
  return { ...document, [entity]: { ...value, ...ours } };
}

/** The stream that an entity is of, as its last writer named it; `undefined` where somebody has written it by hand. */
function streamOf(document: CheckpointDocument, entity: string): string | undefined {
  const stored = Object.hasOwn(document, entity) ? document[entity] : undefined;
  return isObject(stored) ? textOf(stored[STREAM]) : undefined;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/**
 * One entity as a state item. The revision stands for the entity's content, so that an edit by hand changes it and another entity's
 * progress doesn't. Throws `FatalError` when somebody has written something impossible; not what a checkpoint can't say, where it is to be corrected (`asStored`).
 */
export function entityItem(
  document: CheckpointDocument,
  entity: string,
  where: string,
  asStored = false,
): (StateItem & { readonly writeId: unknown; readonly stream: string | undefined }) | undefined {
  if (!Object.hasOwn(document, entity)) return undefined;
  const stored = document[entity];
  const place = `${where}, entity "${entity}"`;
  if (!isObject(stored)) throw new FatalError('The checkpoint is not a JSON object', { where: place, hint: FIX });
  const { [WRITE_ID]: writeId, [CURSOR_AT]: cursorAt, [STREAM]: stream, ...rest } = stored;
  const { [CURSOR_KEY]: key, ...withoutKey } = rest;
  // The key is of another time than the one that stands there now: all records of this time are read again.
  const value = key === undefined || cursorAt === rest['last_sync_timestamp'] ? rest : withoutKey;
  const revision = createHash('md5').update(JSON.stringify(stored)).digest('hex');
  return { value: asStored ? value : validatedCheckpoint(value, place, FIX), revision, writeId, stream: textOf(stream) };
}
