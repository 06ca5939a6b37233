import { CompleteMultipartUploadCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { awsErrorCode } from '@loadin/aws';
import type { LoadinError } from '@loadin/resilience';
import { DeadCommitError } from './commit-record.js';
import { forEachLimit } from './for-each-limit.js';
import { call, type CallContext } from './s3-calls.js';
import type { Completion, CommitRecord, RecordedObject } from './types.js';

type Outcome = 'completed' | 'existed';
type Standing = 'same' | 'missing' | { readonly difference: string };

/**
 * Makes the objects of a commit record visible. `tooOld` is the error for uploads that must not be completed any more: then it is only looked whether
 * all are there. After an error no further object is begun, and those under way end first.
 */
export async function completeObjects(
  context: CallContext,
  { objects }: CommitRecord,
  { limit, tooOld }: { readonly limit: number; readonly tooOld?: LoadinError },
): Promise<Completion> {
  const complete = async (object: RecordedObject): Promise<Outcome> => {
    if (tooOld === undefined) return completeObject(context, object);
    if ((await look(context, object)) !== 'same') throw tooOld;
    return 'existed';
  };
  let [bytes, existed] = [0, 0];
  await forEachLimit(objects, limit, async (object) => {
    context.signal.throwIfAborted();
    if ((await complete(object)) === 'existed') existed += 1;
    bytes += object.bytes;
  });
  return { objects: objects.length, bytes, existed };
}

/** Without a condition: the commit record has decided, and whoever completes it again brings about the same object. */
async function completeObject(context: CallContext, object: RecordedObject): Promise<Outcome> {
  const { client, bucket } = context;
  const { key, upload_id: UploadId, parts, bytes } = object;
  const Parts = parts.map(({ etag, sha256 }, index) => ({ PartNumber: index + 1, ETag: etag, ChecksumSHA256: sha256 }));
  const input = { Bucket: bucket, Key: key, UploadId, MultipartUpload: { Parts }, MpuObjectSize: bytes };
  return call(
    context,
    { operation: 'CompleteMultipartUpload', key },
    async (options): Promise<Outcome> => {
      const { ChecksumSHA256: made } = await client.send(new CompleteMultipartUploadCommand(input), options);
      if (made !== undefined && made !== object.checksum) throw other(context, object, `its checksum is ${made}, not ${object.checksum}`);
      return 'completed';
    },
    async (error) => {
      if (awsErrorCode(error) !== 'NoSuchUpload') return undefined;
      const found = await look(context, object);
      if (found === 'same') return 'existed';
      if (found === 'missing') throw lost(context, object, error);
      throw other(context, object, found.difference, error);
    },
  );
}

/** What stands in the place of an object of the record. */
async function look(context: CallContext, { key, bytes, checksum }: RecordedObject): Promise<Standing> {
  const { client, bucket } = context;
  return call(
    context,
    { operation: 'HeadObject', key },
    async (options): Promise<Standing> => {
      const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' }), options);
      if (head.ContentLength !== bytes) return { difference: `it has ${head.ContentLength} bytes, not ${bytes}` };
      return head.ChecksumSHA256 === checksum ? 'same' : { difference: `its checksum is ${head.ChecksumSHA256 ?? 'not known'}, not ${checksum}` };
    },
    async (error) => (['NotFound', 'NoSuchKey'].includes(awsErrorCode(error) ?? '') ? 'missing' : undefined),
  );
}

const lost = ({ bucket }: CallContext, { key }: RecordedObject, cause: unknown): DeadCommitError =>
  new DeadCommitError('An upload that was committed is gone, and its object is not there: the upload was aborted, or the object deleted', {
    where: `s3://${bucket}/${key}`,
    hint: 'Look for a lifecycle rule or a job that does so; then make a new run for the same time (--again) and remove what this one left visible.',
    cause,
  });

const other = ({ bucket }: CallContext, { key }: RecordedObject, difference: string, cause?: unknown): DeadCommitError =>
  new DeadCommitError(`The object is not the one that was committed: ${difference}`, {
    where: `s3://${bucket}/${key}`,
    hint: 'Somebody else writes to this place. Nothing was changed; move the object away and make a new run for the same time (--again).',
    cause,
  });
