import { randomUUID } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { awsErrorCode } from '@loadin/aws';
import type { ObjectStore } from '@loadin/pipeline';
import { actionOf, RetryableError, StopError } from '@loadin/resilience';
import { PUT_CHECKSUM, settingsInput, type WriteSettings } from '../write-settings.js';
import { commitKey, encode, readCommit, type Veto } from './commit-record.js';
import { call, type CallContext } from './s3-calls.js';
import type { CommitRecord, UploadsOf } from './types.js';

/** What stands in the place of a commit record: one, a veto with the ETag that whoever replaces it must name, or nothing. */
export type CommitPlace =
  | { readonly record: CommitRecord; readonly veto?: undefined }
  | { readonly record?: undefined; readonly veto: Veto; readonly etag: string }
  | undefined;

/** Commit records. Each has one place, and every write to it is conditional: of all who would commit and all who would keep them from it, one is first. */
export interface CommitStore {
  read(of: UploadsOf, context: CallContext): Promise<CommitPlace>;
  /**
   * Puts the record where nothing is, or in place of the veto with this ETag. Answers with the record that counts: this one, or that of another attempt.
   * Throws `VetoedError` when another run has put a veto there since.
   */
  commit(record: CommitRecord, replaces: string | undefined, context: CallContext): Promise<CommitRecord>;
  /** From now on no attempt can commit that has begun by now. Answers with the record, when there is one already. */
  veto(of: UploadsOf, by: string, context: CallContext): Promise<CommitRecord | undefined>;
}

/** A veto is put again when somebody else was quicker: then it was an attempt that has committed, or another veto. */
const MOST_VETOES = 8;

export function createCommitStore(store: ObjectStore, { kms, tags }: WriteSettings): CommitStore {
  const settings = settingsInput({ kms, tags });
  const read: CommitStore['read'] = async (of, context) => {
    const stored = await getObject(commitKey(of), context);
    if (stored === undefined) return undefined;
    const { bytes, etag } = stored;
    const found = readCommit(bytes, uriOf(of, context));
    return 'vetoed_by' in found ? { veto: found, etag } : { record: found };
  };
  /** `false`: something else stands there. It may be the very same, whose answer was lost. */
  const put = async (of: UploadsOf, body: Uint8Array, replaces: string | undefined, context: CallContext): Promise<boolean> => {
    const key = commitKey(of);
    const options = { contentType: 'application/json', metadata: { 'run-id': of.runId } };
    if (replaces === undefined) return (await store.putIfAbsent(key, body, options)).created;
    const { contentType: ContentType, metadata: Metadata } = options;
    const input = {
      Bucket: context.bucket,
      Key: key,
      Body: body,
      ContentType,
      Metadata,
      ChecksumAlgorithm: PUT_CHECKSUM,
      ...settings,
      IfMatch: replaces,
    };
    return call(
      context,
      { operation: 'PutObject', key },
      async (sendOptions) => {
        await context.client.send(new PutObjectCommand(input), sendOptions);
        return true;
      },
      async (error) => (NOT_IT.has(awsErrorCode(error) ?? '') ? false : undefined),
    );
  };

  return {
    read,
    async commit(record, replaces, context) {
      const of = { job: record.job, runId: record.run_id, stream: record.stream };
      if (await put(of, encode(record), replaces, context)) return record;
      const found = await read(of, context);
      if (found?.record !== undefined) return found.record;
      if (found?.veto !== undefined) throw vetoed(found.veto, uriOf(of, context));
      throw new RetryableError('What stood in the place of this commit record disappeared while it was read', {
        where: uriOf(of, context),
        hint: 'Run it again.',
      });
    },
    async veto(of, by, context) {
      const mine: Veto = { version: 1, job: of.job, run_id: of.runId, stream: of.stream, vetoed_by: by, id: randomUUID() };
      let lost: unknown;
      for (let n = 0; n < MOST_VETOES; n += 1) {
        const found = await read(of, context);
        if (found?.record !== undefined) return found.record;
        if (found?.veto.id === mine.id) return undefined;
        try {
          if (await put(of, encode(mine), found?.etag, context)) return undefined;
        } catch (error) {
          // It may have been carried out: what stands there now decides.
          if (actionOf(error) !== 'retry') throw error;
          lost = error;
        }
      }
      throw (
        lost ??
        new RetryableError('The place of this commit record was changed by others again and again', {
          where: uriOf(of, context),
          hint: 'Run it again.',
        })
      );
    },
  };
}

/** `If-Match`: another object, one that is gone, or one that somebody else is writing (S3 User Guide, "Conditional writes"). */
const NOT_IT: ReadonlySet<string> = new Set(['PreconditionFailed', 'NoSuchKey', 'NotFound', 'ConditionalRequestConflict']);

const uriOf = (of: UploadsOf, { bucket }: CallContext): string => `s3://${bucket}/${commitKey(of)}`;

async function getObject(key: string, context: CallContext): Promise<{ readonly bytes: Uint8Array; readonly etag: string } | undefined> {
  const { client, bucket: Bucket } = context;
  const found = await call<{ readonly bytes: Uint8Array; readonly etag: string } | 'missing'>(
    context,
    { operation: 'GetObject', key },
    async (options) => {
      const { Body, ETag = '' } = await client.send(new GetObjectCommand({ Bucket, Key: key }), options);
      return { bytes: (await Body?.transformToByteArray()) ?? new Uint8Array(), etag: ETag };
    },
    async (error) => (awsErrorCode(error) === 'NoSuchKey' ? 'missing' : undefined),
  );
  return found === 'missing' ? undefined : found;
}

/** Another run goes on without this attempt. */
export class VetoedError extends StopError {
  constructor(
    message: string,
    details: ConstructorParameters<typeof StopError>[1],
    /** That run. */
    readonly by: string,
  ) {
    super(message, details);
  }
}

const vetoed = ({ vetoed_by: by, run_id: run }: Veto, where: string): VetoedError =>
  new VetoedError(
    `The run ${by} has gone before: it did not find a commit of the run ${run}, and reads what that one has read`,
    {
      reason: 'lease',
      where,
      hint: 'Nothing of this attempt was published. The same command begins anew, after what that run has delivered.',
    },
    by,
  );
