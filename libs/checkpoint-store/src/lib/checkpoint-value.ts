import type { JsonObject } from '@loadin/pipeline';
import { FatalError } from '@loadin/resilience';

/** The key part of a cursor: records of the very time `last_sync_timestamp` are read from after this key on; without it all of that time are read again. */
export const CURSOR_KEY = 'cursor_key';

/** A checkpoint as people may write it: times without a zone are UTC. Throws `FatalError` for what can't be one. Fields that nobody knows stay. */
export function validatedCheckpoint(value: JsonObject, where: string, hint: string): JsonObject {
  const checked: Record<string, JsonObject[string]> = { ...value };
  for (const field of ['last_sync_timestamp', 'updated_at']) {
    const time = value[field];
    if (time !== undefined && time !== null) checked[field] = utc(time, field, where, hint);
  }
  const count = value['record_count'];
  if (count !== undefined && count !== null && !(Number.isSafeInteger(count) && (count as number) >= 0)) {
    throw new FatalError(`record_count is ${JSON.stringify(count)}; it must be a whole number from 0`, { where, hint });
  }
  refuseCursor(value, where, hint);
  return checked;
}

/** What kind of cursor it must be only its stream knows, when a run begins; here, that it is one at all. */
function refuseCursor({ cursor, [CURSOR_KEY]: key }: JsonObject, where: string, hint: string): void {
  const isPart = (value: unknown): boolean => (typeof value === 'string' && value !== '') || Number.isSafeInteger(value);
  if (cursor !== undefined && cursor !== null && !isPart(cursor))
    throw new FatalError(`cursor is ${JSON.stringify(cursor)}; it must be text, as the source writes it`, { where, hint });
  if (key !== undefined && key !== null && ![key].flat().every(isPart))
    throw new FatalError(`${CURSOR_KEY} is ${JSON.stringify(key)}; it must be a list of texts`, { where, hint });
}

const ISO_TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?<zone>Z|[+-]\d\d:?\d\d)?)?$/;

function utc(time: unknown, field: string, where: string, hint: string): string {
  const match = typeof time === 'string' ? ISO_TIME.exec(time) : null;
  const text =
    match && `${match[0].length === 10 ? `${match[0]}T00:00:00` : match[0].replace(' ', 'T')}${match.groups?.['zone'] === undefined ? 'Z' : ''}`;
  // Date.parse alone takes 30 February for 1 March.
  const day = text?.slice(0, 10) ?? '';
  if (text !== null && !Number.isNaN(Date.parse(text)) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)) return text;
  throw new FatalError(`${field} is ${JSON.stringify(time)}; it must be a time like 2024-01-15T10:30:00Z`, { where, hint });
}
