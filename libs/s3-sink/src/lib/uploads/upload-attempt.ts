import { randomUUID } from 'node:crypto';
import { inSpan } from '@loadin/observability';
import type { JsonObject } from '@loadin/pipeline';
import { FatalError, StopError } from '@loadin/resilience';
import { commitKey } from './commit-record.js';
import { VetoedError, type CommitStore } from './commit-store.js';
import { forEachLimit } from './for-each-limit.js';
import type { CommitRecord, RecordedObject, UploadAttempt, UploadsOf } from './types.js';
import { ABORTS_IN_FLIGHT, abortUpload, uploadObject, type UploadContext, type UploadName } from './upload-object.js';

export interface AttemptOptions extends Omit<UploadContext, 'metadata' | 'onLeftBehind'> {
  readonly commits: CommitStore;
  /** ETag of the veto that its commit may replace. Default: nothing stands there. */
  readonly replaces?: string;
}

/** `deciding`: the commit record was sent, and it is not known whether it is there: nothing may be aborted. */
type State = 'open' | 'deciding' | 'won' | 'lost' | 'aborted';

export function createUploadAttempt(of: UploadsOf, { commits, replaces, ...options }: AttemptOptions): UploadAttempt {
  const where = `s3://${options.bucket}/${commitKey(of)}`;
  const started_at = new Date(options.clock.now()).toISOString();
  const cancel = new AbortController();
  const objects = new Map<string, RecordedObject>();
  const underWay = new Map<string, Promise<unknown>>();
  const leftBehind: UploadName[] = [];
  let state: State = 'open';
  let record: CommitRecord | undefined;

  const context: UploadContext = {
    ...options,
    signal: AbortSignal.any([options.signal, cancel.signal]),
    metadata: { 'run-id': of.runId, stream: of.stream },
    onLeftBehind: (upload) => leftBehind.push(upload),
  };
  const mustBeOpen = (what: string): void => {
    if (state !== 'open') throw misuse(`${what} after commit or abort`, where);
  };
  const abortAll = async (): Promise<number> => {
    const uploads = [...leftBehind.splice(0), ...[...objects.values()].map((object) => ({ key: object.key, uploadId: object.upload_id }))];
    objects.clear();
    await forEachLimit(uploads, ABORTS_IN_FLIGHT, async (upload) => {
      if (!(await abortUpload(context, upload))) leftBehind.push(upload);
    });
    return leftBehind.length;
  };
  const decide = async (mine: CommitRecord): Promise<CommitRecord> => {
    try {
      const attributes = { 'loadin.run_id': mine.run_id, 'loadin.stream': mine.stream, 'loadin.objects': mine.objects.length };
      return await inSpan('loadin.commit', attributes, () => commits.commit(mine, replaces, context));
    } catch (error) {
      // A veto: nothing of this attempt can be committed any more.
      if (error instanceof VetoedError) {
        state = 'lost';
        await abortAll();
      }
      throw error;
    }
  };

  return {
    async upload(objectKey, body, objectOptions = {}) {
      mustBeOpen('An object was uploaded');
      if (objects.has(objectKey) || underWay.has(objectKey)) throw misuse('An object was uploaded twice', `s3://${options.bucket}/${objectKey}`);
      // It is known to be under way before the body is asked for anything.
      const uploading = Promise.resolve().then(async () => {
        const object = await uploadObject(context, objectKey, body, objectOptions);
        objects.set(objectKey, object);
        return object;
      });
      underWay.set(objectKey, uploading);
      return uploading.finally(() => underWay.delete(objectKey));
    },
    async commit(details) {
      if (state !== 'deciding') mustBeOpen('The output was committed');
      if (underWay.size > 0) throw misuse(`The output was committed while ${underWay.size} objects were being uploaded`, where);
      options.signal.throwIfAborted();
      record ??= { ...identity(of), attempt: randomUUID(), bucket: options.bucket, started_at, ...contentOf(objects, details) };
      state = 'deciding';
      const decided = await decide(record);
      const won = decided.attempt === record.attempt;
      state = won ? 'won' : 'lost';
      if (!won) await abortAll();
      return { won, record: decided };
    },
    async abort() {
      if (state === 'deciding' || state === 'won') return 0;
      if (state === 'open') state = 'aborted';
      cancel.abort(new StopError('The uploads of this attempt were given up', { reason: 'cancelled', where }));
      await Promise.allSettled(underWay.values());
      return abortAll();
    },
  };
}

const identity = ({ job, runId, stream }: UploadsOf) => ({ version: 1 as const, job, run_id: runId, stream });

function contentOf(objects: ReadonlyMap<string, RecordedObject>, details: JsonObject | undefined): Pick<CommitRecord, 'objects' | 'details'> {
  const sorted = [...objects.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  return { objects: sorted, ...(details && { details }) };
}

const misuse = (message: string, where: string): FatalError =>
  new FatalError(message, { where, hint: 'This is a fault of the program that writes: begin another attempt for other output.' });
