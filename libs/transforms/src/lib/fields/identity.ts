import type { Parsed, Reason } from '../types.js';
import { isSourceId } from '../validation/formats.js';
import { kindOf } from '../validation/kind-of.js';
import { readText, type Json } from './read.js';

/** The `id` of a source's record, when it can be a key. */
export function sourceIdOf(raw: unknown): string | undefined {
  const id = typeof raw === 'object' && raw !== null ? (raw as Json)['id'] : undefined;
  return isSourceId(id) ? id : undefined;
}

/** The id of another entity of the same source, with the source's name before it; null when it is absent. */
export function readEntityId(reasons: Reason[], path: string, source: string, value: unknown): string | null {
  const id = readText(reasons, path, value);
  if (id === null) return null;
  if (isSourceId(id)) return `${source}_${id}`;
  reasons.push({ path, message: 'must be a text of 1 to 200 printable characters without spaces' });
  return null;
}

/** The record as an object with a usable id of the expected kind, or why it isn't one. A record that names another `type` is not this kind's. */
export function identify(raw: unknown, type: string): Parsed<Json & { id: string }> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return refuse('', `must be an object, is ${kindOf(raw)}`);
  const json = raw as Json;
  if (!isSourceId(json['id'])) return refuse('id', `must be a text of 1 to 200 printable characters without spaces, is ${described(json['id'])}`);
  const named = json['type'];
  if (named !== undefined && named !== null && named !== type) return refuse('type', `must be ${type}, is ${described(named)}`);
  return { ok: true, record: json as Json & { id: string } };
}

const refuse = (path: string, message: string): { ok: false; reasons: Reason[] } => ({ ok: false, reasons: [{ path, message }] });

const described = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : kindOf(value));
