import type { S3Client } from '@aws-sdk/client-s3';
import { attemptsOf, toLoadinError } from '@loadin/aws';
import { silentLogger, silentMeter, type Logger, type Meter } from '@loadin/observability';
import { retry, type Clock } from '@loadin/resilience';
import type { UploadCallOptions } from './types.js';

/** What every call of an attempt needs. */
export interface CallContext {
  readonly client: S3Client;
  readonly bucket: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly meter: Meter;
  readonly logger: Logger;
}

export type CallBasics = Pick<CallContext, 'client' | 'bucket' | 'clock' | 'random'>;

export function callContext(basics: CallBasics, options: UploadCallOptions = {}): CallContext {
  const { signal = new AbortController().signal, meter = silentMeter, logger = silentLogger } = options;
  const { client, bucket, clock, random } = basics;
  return { client, bucket, clock, random, signal, meter, logger };
}

/** Rounds of the SDK's tries: damaged bodies, for one, are not repeated by the SDK. */
const ROUNDS = 3;

/**
 * Sends until it succeeds or the tries are spent. All requests of uploads may be repeated. Throws `LoadinError`s that name the object; `translate` turns
 * some of the SDK's errors into a result or an error of its own (`undefined`: it is none of them).
 */
export async function call<Output>(
  context: CallContext,
  { operation, key }: { readonly operation: string; readonly key: string },
  send: (options: { readonly abortSignal: AbortSignal }) => Promise<Output>,
  translate: (error: unknown) => Promise<Output | undefined> = async () => undefined,
): Promise<Output> {
  const { bucket, clock, random, signal, meter } = context;
  const count = (result: unknown): void => {
    meter.add('requests', attemptsOf(result));
    if (attemptsOf(result) > 1) meter.add('retries', attemptsOf(result) - 1);
  };
  const once = async (): Promise<Output> => {
    try {
      const output = await send({ abortSignal: signal });
      count(output);
      return output;
    } catch (error) {
      count(error);
      const translated = await translate(error);
      if (translated !== undefined) return translated;
      throw toLoadinError(error, { service: 'S3', operation, resource: `s3://${bucket}/${key}` });
    }
  };
  return retry(once, { attempts: ROUNDS, clock, random, signal, onRetry: () => meter.add('retries', 1) });
}
