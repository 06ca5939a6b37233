import { ListMultipartUploadsCommand, type ListMultipartUploadsCommandInput, type ListMultipartUploadsCommandOutput } from '@aws-sdk/client-s3';
import { FatalError, systemClock } from '@loadin/resilience';
import { createS3ObjectStore } from '../object-store.js';
import { verifyCommitted } from '../verify/verify-committed.js';
import { settingsInput } from '../write-settings.js';
import { ageProblem, commitKey, doneKey, doneRecord, encode, readDoneRecord } from './commit-record.js';
import { createCommitStore } from './commit-store.js';
import { completeObjects } from './complete-objects.js';
import { forEachLimit } from './for-each-limit.js';
import { partSizes } from './part-sizes.js';
import { call, callContext, type CallContext } from './s3-calls.js';
import { createSlots } from './slots.js';
import type { CommitRecord, Completion, PendingUploads, PendingUploadsOptions, UploadsOf } from './types.js';
import { createUploadAttempt } from './upload-attempt.js';
import { ABORTS_IN_FLIGHT, abortUpload, type UploadName } from './upload-object.js';

/**
 * Output of many objects that appears by commit: every object is a pending multipart upload, a commit record that is put on condition decides which attempt's
 * uploads are the output, and only then are they completed, by whoever comes. Throws `FatalError` for settings that S3 would refuse.
 */
export function createPendingUploads(options: PendingUploadsOptions): PendingUploads {
  const {
    client,
    bucket,
    partBytes = 8 * 1024 ** 2,
    maxPartsInFlight = 4,
    maxCompletionsInFlight = 8,
    clock = systemClock,
    random = Math.random,
  } = options;
  const { kms, tags } = options;
  const settings = settingsInput(options);
  partSizes(partBytes);
  const basics = { client, bucket, clock, random };
  // Records are small and read soon: the storage class is for data.
  const store = createS3ObjectStore({ client, bucket, clock, random, kms, tags });
  const uriOf = (key: string): string => `s3://${bucket}/${key}`;

  const commits = createCommitStore(store, { kms, tags });
  const read = async (of: UploadsOf): Promise<CommitRecord | undefined> => (await commits.read(of, callContext(basics)))?.record;
  const mustBeOfThisBucket = (record: CommitRecord): void => {
    if (record.bucket === bucket) return;
    throw new FatalError(`The commit record is of the bucket ${record.bucket}, not of ${bucket}`, {
      where: uriOf(commitKey(ofRecord(record))),
      hint: 'Use that bucket.',
    });
  };
  const complete = async (record: CommitRecord, context: CallContext): Promise<Completion> => {
    const of = ofRecord(record);
    mustBeOfThisBucket(record);
    const completion = await completeObjects(context, record, {
      limit: maxCompletionsInFlight,
      tooOld: ageProblem(record, clock.now(), uriOf(commitKey(of))),
    });
    await store.put(doneKey(of), encode(doneRecord(record)), { contentType: 'application/json', metadata: { 'run-id': record.run_id } });
    return completion;
  };

  return {
    attempt: (of, { veto, ...callOptions } = {}) => {
      const attempt = { ...callContext(basics, callOptions), commits, settings, partBytes, slots: createSlots(maxPartsInFlight) };
      return createUploadAttempt(of, { ...attempt, ...(veto !== undefined && { replaces: veto }) });
    },
    record: read,
    veto: (of, by, callOptions) => commits.veto(of, by, callContext(basics, callOptions)),
    complete: (record, callOptions) => complete(record, callContext(basics, callOptions)),
    async recover(of, callOptions) {
      const done = await store.get(doneKey(of));
      if (done !== undefined) return { state: 'done', done: readDoneRecord(done, uriOf(doneKey(of))) };
      const found = await commits.read(of, callContext(basics, callOptions));
      if (found === undefined) return { state: 'none' };
      if (found.record === undefined) return { state: 'none', veto: found.etag };
      return { state: 'completed', record: found.record, ...(await complete(found.record, callContext(basics, callOptions))) };
    },
    async verify(record, { signal, concurrency = 4, extras } = {}) {
      mustBeOfThisBucket(record);
      return verifyCommitted(callContext(basics, { signal }), record, { extras, concurrency });
    },
    async abortLeftovers(record, { prefix, isOurs }, callOptions) {
      const context = callContext(basics, callOptions);
      const of = ofRecord(record);
      // Only a record that is there for good makes all other uploads useless.
      if ((await read(of))?.attempt !== record.attempt)
        throw new FatalError('This is not the stored commit record: nothing may be aborted for it', {
          where: uriOf(commitKey(of)),
          hint: 'Read it with record().',
        });
      const kept = new Set(record.objects.map(({ upload_id }) => upload_id));
      const leftovers: UploadName[] = [];
      for await (const upload of pendingUnder(context, prefix)) if (!kept.has(upload.uploadId) && isOurs(upload.key)) leftovers.push(upload);
      let aborted = 0;
      await forEachLimit(leftovers, ABORTS_IN_FLIGHT, async (upload) => {
        context.signal.throwIfAborted();
        if (await abortUpload(context, upload)) aborted += 1;
      });
      return aborted;
    },
  };
}

const ofRecord = ({ job, run_id, stream }: CommitRecord): UploadsOf => ({ job, runId: run_id, stream });

async function* pendingUnder(context: CallContext, prefix: string): AsyncGenerator<UploadName> {
  const { client, bucket } = context;
  let next: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
  while (next !== undefined) {
    const input: ListMultipartUploadsCommandInput = { Bucket: bucket, Prefix: prefix, ...next };
    const page: ListMultipartUploadsCommandOutput = await call(context, { operation: 'ListMultipartUploads', key: prefix }, (options) =>
      client.send(new ListMultipartUploadsCommand(input), options),
    );
    for (const { Key, UploadId } of page.Uploads ?? []) if (Key !== undefined && UploadId !== undefined) yield { key: Key, uploadId: UploadId };
    next = page.IsTruncated === true ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : undefined;
  }
}
