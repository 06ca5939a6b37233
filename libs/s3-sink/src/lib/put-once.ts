import { PutObjectCommand, type PutObjectCommandInput, type S3Client } from '@aws-sdk/client-s3';
import { attemptsOf, awsErrorCode } from '@loadin/aws';
import type { Meter } from '@loadin/observability';
import { silentMeter } from '@loadin/observability';
import { retry, type Clock } from '@loadin/resilience';

export interface PutOnceOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal?: AbortSignal;
  readonly meter?: Meter;
}

export interface PutOnceResult {
  /** This call wrote the object; otherwise there was one, and it stays. */
  readonly created: boolean;
  /** The SDK had to send the request more than once: what is there although nothing was created may be our own, whose answer was lost. */
  readonly repeated: boolean;
}

/** 409 ConditionalRequestConflict: another conditional write or a delete of this key was under way; S3 asks to send it again. */
const CONFLICT_ATTEMPTS = 6;

/** Writes an object only when its key is free (`If-None-Match: *`). Throws the SDK's errors as they are. */
export async function putOnce(client: S3Client, input: PutObjectCommandInput, options: PutOnceOptions): Promise<PutOnceResult> {
  const { clock, random, signal, meter = silentMeter } = options;
  let repeated = false;
  const count = (result: unknown): void => {
    const attempts = attemptsOf(result);
    repeated ||= attempts > 1;
    meter.add('requests', attempts);
    if (attempts > 1) meter.add('retries', attempts - 1);
  };
  return retry(
    async (): Promise<PutOnceResult> => {
      try {
        count(await client.send(new PutObjectCommand({ ...input, IfNoneMatch: '*' }), { abortSignal: signal }));
        return { created: true, repeated };
      } catch (error) {
        count(error);
        if (!isPreconditionFailed(error)) throw error;
        return { created: false, repeated };
      }
    },
    {
      attempts: CONFLICT_ATTEMPTS,
      clock,
      random,
      signal,
      classify: (error) => ({ retry: awsErrorCode(error) === 'ConditionalRequestConflict' }),
      onRetry: () => meter.add('retries', 1),
    },
  );
}

function isPreconditionFailed(error: unknown): boolean {
  return awsErrorCode(error) === 'PreconditionFailed' || (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 412;
}
