import { oneLine, type Logger, type ObjectStore } from '@loadin/pipeline';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { StoredChanges } from './change-index.js';

const FORM = /^\d{4}-\d{2}-\d{2}$/;

export const changesKey = (streamId: string): string => `_loadin/changes/${streamId}.json.gz`;

/** What earlier runs left about a stream; `undefined`, with a warning, when it can't be read or is no such thing. */
export async function loadChanges(lake: ObjectStore, streamId: string, logger: Pick<Logger, 'warn'>): Promise<StoredChanges | undefined> {
  const key = changesKey(streamId);
  try {
    const body = await lake.get(key);
    return body === undefined ? undefined : checked(JSON.parse((await promisify(gunzip)(body)).toString('utf8')));
  } catch (error) {
    logger.warn(`What has changed lately is not known: ${lake.uri}/${key} can't be read (${oneLine(error)})`);
    return undefined;
  }
}

/** Stores what this run learnt. Of two runs at once the later one counts; one that can't store it is worth a warning. */
export async function storeChanges(lake: ObjectStore, streamId: string, changes: StoredChanges, logger: Logger): Promise<void> {
  const key = changesKey(streamId);
  try {
    const body = await promisify(gzip)(JSON.stringify(changes));
    await lake.put(key, body, { contentType: 'application/gzip' });
  } catch (error) {
    logger.warn(`What has changed could not be stored in ${lake.uri}/${key}: ${oneLine(error)}`);
  }
}

function checked(value: unknown): StoredChanges {
  const { version, days } = (value ?? {}) as Partial<StoredChanges>;
  if (version !== 1 || typeof days !== 'object' || days === null) throw new Error('it is not an index of changes of version 1');
  for (const [date, day] of Object.entries(days as Record<string, unknown>)) {
    const { records, changed = '' } = (day ?? {}) as Record<string, unknown>;
    if (!FORM.test(date) || typeof records !== 'object' || records === null || typeof changed !== 'string')
      throw new Error(`its day ${JSON.stringify(date)} is malformed`);
  }
  return value as StoredChanges;
}
