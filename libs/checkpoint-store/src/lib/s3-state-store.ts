import { randomUUID } from 'node:crypto';
import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { toLoadinError } from '@loadin/aws';
import { RevisionConflictError, type JsonObject, type StateItem, type StateStore } from '@loadin/pipeline';
import { createBackoff, RetryableError, systemClock, type Clock } from '@loadin/resilience';
import { entityItem, parseDocument, printDocument, withEntity, type CheckpointDocument } from './checkpoint-document.js';
import { entityOf, keyOf, streamOfKey } from './checkpoint-key.js';
import { itemText, parseObject } from './item.js';
import { readText, writeText, type StateBucket } from './s3-object.js';

export interface S3StateStoreOptions {
  /** Made with `awsClientOptions` of `@loadin/aws`, or as you like. */
  readonly client: S3Client;
  readonly bucket: string;
  /** The object with the checkpoints, e.g. `logs/pipeline/ingestion/checkpoints.json`. */
  readonly key: string;
  /** The job whose entities have bare names (`customers`) in it. Default: `bronze`. */
  readonly documentJob?: string;
  /** Gives checkpoints as they are stored, also those that somebody has made impossible: for whoever is about to correct them. Default false: they are refused. */
  readonly asStored?: boolean;
  /** For waits between repetitions. Default: the system's. */
  readonly clock?: Clock;
  /** Jitter of these waits. Default: `Math.random`. */
  readonly random?: () => number;
}

/** Every round somebody's write succeeds, so this is how many others may finish at the same moment. */
const MAX_ROUNDS = 50;
const ITEMS = '_loadin/state/';
const REPAIR = 'Restore an earlier version of the object, or delete it to start this state anew.';

/**
 * State in a bucket. Items `checkpoint/{job}/{stream}` are entities of one JSON document, which people may read and edit; every other item is
 * an object of its own, `_loadin/state/{key}.json`. All writes are conditional (`If-None-Match`, `If-Match`) and carry an id that
 * tells our own write whose answer was lost from somebody else's.
 */
export function createS3StateStore(options: S3StateStoreOptions): StateStore {
  const { client, bucket, key: documentKey, documentJob = 'bronze', asStored = false, clock = systemClock, random = Math.random } = options;
  const place: StateBucket = { client, bucket, clock, random };
  const document = createDocument(place, documentKey, asStored);
  const items = createItems(place);
  return {
    uri: `s3://${bucket}/${documentKey}`,
    get(key) {
      const entity = entityOf(key, documentJob);
      return entity === undefined ? items.get(key) : document.get(entity);
    },
    put(key, value, expected) {
      const entity = entityOf(key, documentJob);
      return entity === undefined
        ? items.put(key, value, expected)
        : document.put(entity, value, { expected, stream: streamOfKey(key, documentJob) });
    },
    async *list(prefix) {
      for await (const { entity, stream, ...item } of document.list()) {
        // As its writer called it, unless somebody has written a name there that is another entity's.
        const named = keyOf(stream ?? entity, documentJob);
        const key = entityOf(named, documentJob) === entity ? named : keyOf(entity, documentJob);
        if (key.startsWith(prefix)) yield { key, ...item };
      }
      yield* items.list(prefix);
    },
  };
}

/** For `withCheckpointHistory`: several keys mean the same entity of the document, and have one history. */
export const s3HistoryName =
  (documentJob = 'bronze') =>
  (key: string): string => {
    const entity = entityOf(key, documentJob);
    return entity === undefined ? key : keyOf(entity, documentJob);
  };

/** Short: what is waited for is one small write of somebody else. */
const backoffOf = ({ random }: StateBucket) => createBackoff({ baseMs: 20, maxMs: 1_000, random });

function createDocument(place: StateBucket, documentKey: string, asStored: boolean) {
  const where = `s3://${place.bucket}/${documentKey}`;
  const backoff = backoffOf(place);
  const read = async (): Promise<{ content: CheckpointDocument; etag: string | null }> => {
    const stored = await readText(place, documentKey);
    return stored ? { content: parseDocument(stored.text, where), etag: stored.etag } : { content: {}, etag: null };
  };
  return {
    async get(entity: string): Promise<StateItem | undefined> {
      const item = entityItem((await read()).content, entity, where, asStored);
      return item && { value: item.value, revision: item.revision };
    },
    async put(
      entity: string,
      value: JsonObject,
      { expected, stream }: { readonly expected: string | null; readonly stream: string | undefined },
    ): Promise<string> {
      itemText(entity, value, where);
      const writeId = randomUUID();
      let unanswered: Error | undefined;
      for (let round = 1; round <= MAX_ROUNDS; round += 1) {
        const { content, etag } = await read();
        const current = entityItem(content, entity, where, asStored);
        if (current?.writeId === writeId) return current.revision;
        if (unanswered) throw unanswered;
        if ((current?.revision ?? null) !== expected)
          throw new RevisionConflictError(`The checkpoint of "${entity}" was changed by somebody else`, { where });
        const next = withEntity(content, entity, value, { writeId, stream });
        const outcome = await writeText(place, documentKey, printDocument(next), etag);
        if (outcome.status === 'written') return revisionOf(next, entity, where);
        if (outcome.status === 'unknown') unanswered = outcome.error;
        // Refused: most often another entity moved in between. Ours decides, so look again.
        else await place.clock.sleep(backoff(round));
      }
      throw new RetryableError(`The checkpoint of "${entity}" could not be written: others change the document all the time`, {
        where,
        hint: 'Run it again.',
      });
    },
    async *list(): AsyncIterable<StateItem & { readonly entity: string; readonly stream: string | undefined }> {
      const { content } = await read();
      for (const entity of Object.keys(content)) {
        const item = entityItem(content, entity, where, asStored);
        if (item) yield { entity, stream: item.stream, value: item.value, revision: item.revision };
      }
    },
  };
}

function revisionOf(document: CheckpointDocument, entity: string, where: string): string {
  // Through the text, since that is what a reader will see (`undefined` members are not in it).
  return entityItem(parseDocument(printDocument(document), where), entity, where)?.revision ?? '';
}

function createItems(place: StateBucket) {
  const backoff = backoffOf(place);
  const objectKey = (key: string): string => `${ITEMS}${key}.json`;
  const uriOf = (key: string): string => `s3://${place.bucket}/${objectKey(key)}`;
  const read = async (key: string): Promise<(StateItem & { readonly writeId: unknown }) | undefined> => {
    const stored = await readText(place, objectKey(key));
    if (!stored) return undefined;
    const { write_id: writeId, value } = parseObject(stored.text, uriOf(key), REPAIR);
    return { value: parseObject(JSON.stringify(value ?? null), uriOf(key), REPAIR), revision: stored.etag, writeId };
  };
  return {
    async get(key: string): Promise<StateItem | undefined> {
      const item = await read(key);
      return item && { value: item.value, revision: item.revision };
    },
    async put(key: string, value: JsonObject, expected: string | null): Promise<string> {
      itemText(key, value, uriOf(key));
      const writeId = randomUUID();
      const text = `${JSON.stringify({ write_id: writeId, value })}\n`;
      for (let round = 1; round <= MAX_ROUNDS; round += 1) {
        const outcome = await writeText(place, objectKey(key), text, expected);
        if (outcome.status === 'written') return outcome.etag;
        const current = await read(key);
        if (current?.writeId === writeId) return current.revision;
        if (outcome.status === 'unknown') throw outcome.error;
        if ((current?.revision ?? null) !== expected)
          throw new RevisionConflictError(`State item "${key}" was changed by somebody else`, { where: uriOf(key) });
        // Refused, but nothing has changed: S3 answers 409 while another write of this key is under way.
        await place.clock.sleep(backoff(round));
      }
      throw new RetryableError(`State item "${key}" could not be written: others write it all the time`, {
        where: uriOf(key),
        hint: 'Run it again.',
      });
    },
    async *list(prefix: string): AsyncIterable<StateItem & { readonly key: string }> {
      const keys: string[] = [];
      try {
        for await (const page of paginateListObjectsV2({ client: place.client }, { Bucket: place.bucket, Prefix: `${ITEMS}${prefix}` })) {
          for (const { Key } of page.Contents ?? []) if (Key?.endsWith('.json')) keys.push(Key.slice(ITEMS.length, -'.json'.length));
        }
      } catch (error) {
        throw toLoadinError(error, { service: 'S3', operation: 'ListObjectsV2', resource: `s3://${place.bucket}/${ITEMS}` });
      }
      for (const key of keys) {
        const item = await read(key);
        if (item) yield { key, value: item.value, revision: item.revision };
      }
    },
  };
}
