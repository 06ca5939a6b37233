import { RevisionConflictError, type JsonObject, type StateStore } from '@loadin/pipeline';
import { FatalError } from '@loadin/resilience';
import { isDeepStrictEqual } from 'node:util';
import { validatedCheckpoint } from './checkpoint-value.js';
import { lossOf, withFittingCursor } from './cursor-fields.js';
import type { StateStoreWithHistory } from './history.js';

export interface EditOptions {
  /** Also when the state is empty, goes backward, or there was none. Default false. */
  readonly force?: boolean;
  /** ISO 8601 UTC, for `updated_at`. */
  readonly now: string;
}

export interface EditedCheckpoint {
  readonly before: JsonObject | null;
  readonly after: JsonObject;
  /** Nothing was written: it was like this before. */
  readonly unchanged: boolean;
}

const HINT = 'Nothing was changed. Correct it, and do it again.';

/**
 * Puts what `change` makes of a checkpoint in its place, with the fields of its cursor fitting together. Throws `FatalError` when the result can't be a checkpoint, when
 * it is empty or goes backward and is not forced, and when a run has moved it meanwhile.
 */
export const editCheckpoint = (
  state: StateStore,
  key: string,
  change: (current: JsonObject) => JsonObject | Promise<JsonObject>,
  options: EditOptions,
): Promise<EditedCheckpoint> => replaceCheckpoint(state, key, async (current) => withFittingCursor(current, await change(current)), options);

async function replaceCheckpoint(
  state: StateStore,
  key: string,
  change: (current: JsonObject) => JsonObject | Promise<JsonObject>,
  { force = false, now }: EditOptions,
): Promise<EditedCheckpoint> {
  const where = `${state.uri}, ${key}`;
  const item = await state.get(key);
  if (item === undefined && !force)
    throw new FatalError('There is no such checkpoint', { where, hint: 'loadin state show lists them; --force makes one.' });
  const before = item?.value ?? null;
  const wanted = validatedCheckpoint(await change(before ?? {}), where, HINT);
  if (isDeepStrictEqual(wanted, before)) return { before, after: wanted, unchanged: true };
  const touched = wanted['updated_at'] === before?.['updated_at'] ? { ...wanted, updated_at: now } : wanted;
  if (!force) refuseLoss(before, touched, where);
  await put(state, key, touched, item?.revision ?? null, where);
  return { before, after: touched, unchanged: false };
}

/** A revision of the history is current again, as a new state. */
export async function restoreCheckpoint(state: StateStoreWithHistory, key: string, rev: number, options: EditOptions): Promise<EditedCheckpoint> {
  const states = await state.history(key);
  const found = states.find((one) => one.rev === rev);
  if (found === undefined) {
    const known = states.length === 0 ? 'It has none.' : `There are ${states[0]?.rev} to ${states.at(-1)?.rev}.`;
    throw new FatalError(`The checkpoint has no revision ${rev} in its history`, { where: `${state.uri}, ${key}`, hint: known });
  }
  return replaceCheckpoint(state, key, () => found.value, options);
}

/** The checkpoint says that nothing was ever synced: the next run begins at the beginning. */
export const resetCheckpoint = (state: StateStore, key: string, now: string): Promise<EditedCheckpoint> =>
  state.get(key).then((item) => {
    if (item === undefined)
      throw new FatalError('There is no such checkpoint', { where: `${state.uri}, ${key}`, hint: 'loadin state show lists them.' });
    return replaceCheckpoint(state, key, () => ({ last_sync_timestamp: null, record_count: 0, updated_at: now }), { force: true, now });
  });

/** `field=value` pairs; a value that is JSON is taken as such, any other as text. */
export function withFields(current: JsonObject, pairs: readonly string[]): JsonObject {
  const next: Record<string, JsonObject[string]> = { ...current };
  for (const pair of pairs) {
    const [, field, text = ''] = /^([A-Za-z][\w.-]*)=(.*)$/s.exec(pair) ?? [];
    if (field === undefined)
      throw new FatalError(`"${pair}" is not field=value`, { hint: 'For example: --set last_sync_timestamp=2024-01-15T10:30:00Z.' });
    next[field] = jsonOrText(text);
  }
  return next;
}

function jsonOrText(text: string): JsonObject[string] {
  try {
    return JSON.parse(text) as JsonObject[string];
  } catch {
    return text; // a time, most often
  }
}

function refuseLoss(before: JsonObject | null, after: JsonObject, where: string): void {
  const loss = lossOf(before, after);
  if (loss !== undefined) throw new FatalError(loss, { where, hint: 'Nothing was changed. If it is what you want, say --force.' });
}

async function put(state: StateStore, key: string, value: JsonObject, revision: string | null, where: string): Promise<void> {
  try {
    await state.put(key, value, revision);
  } catch (cause) {
    if (!(cause instanceof RevisionConflictError)) throw cause;
    throw new FatalError('The checkpoint has moved while it was edited', {
      where,
      hint: 'Nothing was changed. Look at it again, and edit what is there now.',
      cause,
    });
  }
}
