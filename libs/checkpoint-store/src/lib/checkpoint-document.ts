import { createHash } from 'node:crypto';
import type { JsonObject, StateItem } from '@loadin/pipeline';
import { FatalError } from '@loadin/resilience';
import { isObject, parseObject } from './item.js';

/** The whole `checkpoints.json`: entity names to their checkpoints, in the order in which they were written. */
export type CheckpointDocument = JsonObject;

/** Our own field of an entity: names the put that wrote it. */
const WRITE_ID = '_write_id';
const FIX = 'Correct it, or restore an earlier version of the object (the bucket keeps them).';

export function parseDocument(text: string, where: string): CheckpointDocument {
  return parseObject(text, where, FIX);
}

/** Indented: people read and edit it. */
export function printDocument(document: CheckpointDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The document with one entity replaced; everything else stays as it is. */
export function withEntity(document: CheckpointDocument, entity: string, value: JsonObject, writeId: string): CheckpointDocument {
  return { ...document, [entity]: { ...value, [WRITE_ID]: writeId } };
}

/**
 * One entity as a state item. The revision stands for the entity's content, so that an edit by hand changes it and another entity's
 * progress doesn't. Throws `FatalError` when somebody has written something impossible.
 */
export function entityItem(document: CheckpointDocument, entity: string, where: string): (StateItem & { readonly writeId: unknown }) | undefined {
  if (!Object.hasOwn(document, entity)) return undefined;
  const stored = document[entity];
  const place = `${where}, entity "${entity}"`;
  if (!isObject(stored)) throw new FatalError('The checkpoint is not a JSON object', { where: place, hint: FIX });
  const { [WRITE_ID]: writeId, ...value } = stored;
  const revision = createHash('md5').update(JSON.stringify(stored)).digest('hex');
  return { value: validated(value, place), revision, writeId };
}

/** Edits by hand are welcome: times without a zone are UTC. What can't be a checkpoint is refused before anything is read by it. */
function validated(value: JsonObject, where: string): JsonObject {
  const checked: Record<string, JsonObject[string]> = { ...value };
  for (const field of ['last_sync_timestamp', 'updated_at']) {
    const time = value[field];
    if (time !== undefined && time !== null) checked[field] = utc(time, field, where);
  }
  const count = value['record_count'];
  if (count !== undefined && count !== null && !(Number.isSafeInteger(count) && (count as number) >= 0)) {
    throw new FatalError(`record_count is ${JSON.stringify(count)}; it must be a whole number from 0`, { where, hint: FIX });
  }
  return checked;
}

const ISO_TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?<zone>Z|[+-]\d\d:?\d\d)?)?$/;

function utc(time: unknown, field: string, where: string): string {
  const match = typeof time === 'string' ? ISO_TIME.exec(time) : null;
  const text =
    match && `${match[0].length === 10 ? `${match[0]}T00:00:00` : match[0].replace(' ', 'T')}${match.groups?.['zone'] === undefined ? 'Z' : ''}`;
  // Date.parse alone takes 30 February for 1 March.
  const day = text?.slice(0, 10) ?? '';
  if (text !== null && !Number.isNaN(Date.parse(text)) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)) return text;
  throw new FatalError(`${field} is ${JSON.stringify(time)}; it must be a time like 2024-01-15T10:30:00Z`, { where, hint: FIX });
}
