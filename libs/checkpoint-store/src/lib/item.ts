import type { JsonObject } from '@loadin/pipeline';
import { FatalError } from '@loadin/resilience';

/** DynamoDB would take 400 KB; the port promises 100, so that every store can hold every item. */
const LARGEST_ITEM_BYTES = 100 * 1024;

/** The value as JSON text; throws `FatalError` when it is too large for a state item. */
export function itemText(key: string, value: JsonObject, store: string): string {
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  if (bytes <= LARGEST_ITEM_BYTES) return text;
  throw new FatalError(`State item "${key}" has ${bytes} bytes; at most ${LARGEST_ITEM_BYTES} are allowed`, {
    where: store,
    hint: 'Large sets belong into objects of the lake; keep their name in the state.',
  });
}

/** A JSON object from text; throws `FatalError` saying where it lies when it is something else. */
export function parseObject(text: string, where: string, hint: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, '')); // some editors put a byte order mark before what they save
  } catch (cause) {
    throw new FatalError(`Stored state is not JSON: ${(cause as Error).message}`, { where, hint, cause });
  }
  if (isObject(value)) return value;
  throw new FatalError('Stored state is not a JSON object', { where, hint });
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
