import { PutRecordsCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { attemptsOf, meaningOf, toLoadinError, type AwsOperation } from '@loadin/aws';
import type { Meter } from '@loadin/observability';
import { FatalError, type LoadinError } from '@loadin/resilience';
import { dataOf, type Encoded } from './encode-record.js';

/** Kinesis's answer for one record of a request; `shardId` where it names the shard. */
export type Outcome =
  | { readonly status: 'accepted'; readonly shardId: string | undefined }
  | { readonly status: 'refused'; readonly shardId: string | undefined; readonly code: string; readonly message: string; readonly what: RefusalKind };

/**
 * `throttled`: the shard is full · `failed`: a fault that passes · `fatal`: nothing but a change of the stream helps (its encryption key) · `unknown`: a
 * code that is none of AWS's.
 */
export type RefusalKind = 'throttled' | 'failed' | 'fatal' | 'unknown';

/** `repeated`: the SDK has sent the request more than once, so that its records can be in the stream more than once. */
export interface Answer {
  readonly outcomes: readonly Outcome[];
  readonly repeated: boolean;
}

export interface PutRecordsOptions {
  readonly client: KinesisClient;
  readonly streamName: string;
  readonly signal: AbortSignal;
  readonly meter: Meter;
}

/** One request. A successful answer may still refuse any of its records: the outcomes say which, by index. Throws a `LoadinError` when the whole request failed. */
export async function putRecords(records: readonly Encoded[], { client, streamName, signal, meter }: PutRecordsOptions): Promise<Answer> {
  const count = (result: unknown): number => {
    const attempts = attemptsOf(result);
    meter.add('requests', attempts);
    if (attempts > 1) meter.add('retries', attempts - 1);
    return attempts;
  };
  const command = new PutRecordsCommand({ StreamName: streamName, Records: records.map(entryOf) });
  const answer = await client.send(command, { abortSignal: signal }).catch((error: unknown) => {
    count(error);
    throw toLoadinError(error, subjectOf(streamName));
  });
  const repeated = count(answer) > 1;
  const entries = answer.Records ?? [];
  if (entries.length !== records.length) {
    throw new FatalError(`Kinesis PutRecords: ${entries.length} answers for ${records.length} records`, {
      where: subjectOf(streamName).resource,
      hint: 'Check the endpoint: this is not how Kinesis answers.',
    });
  }
  return { outcomes: outcomesOf(entries), repeated };
}

/** What a fatal refusal means, for people. */
export const refusalError = (code: string, message: string, streamName: string): LoadinError =>
  toLoadinError({ name: code, message }, subjectOf(streamName));

/** Whether Kinesis can have taken records of a request that failed: not when it answered that the request was wrong or too much. */
export function canHaveBeenTaken({ cause }: LoadinError): boolean {
  const status = (cause as { readonly $metadata?: { readonly httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode ?? 0;
  return attemptsOf(cause) > 1 || !(status >= 400 && status < 500);
}

const subjectOf = (streamName: string): AwsOperation => ({ service: 'Kinesis', operation: 'PutRecords', resource: `kinesis://${streamName}` });

function entryOf(record: Encoded) {
  const { key, explicit } = record;
  const entry = { PartitionKey: key, Data: dataOf(record) };
  return explicit === undefined ? entry : { ...entry, ExplicitHashKey: explicit.decimal };
}

interface ResultEntry {
  readonly ShardId?: string | undefined;
  readonly ErrorCode?: string | undefined;
  readonly ErrorMessage?: string | undefined;
}

/** Neighbours that the same shard has accepted share their outcome: there are hundreds in an answer. */
function outcomesOf(entries: readonly ResultEntry[]): Outcome[] {
  let last: Outcome | undefined;
  return entries.map((entry) => {
    if (last?.status !== 'accepted' || entry.ErrorCode || last.shardId !== entry.ShardId) last = outcomeOf(entry);
    return last;
  });
}

function outcomeOf({ ErrorCode: code, ErrorMessage: message = '', ShardId: shardId }: ResultEntry): Outcome {
  if (!code) return { status: 'accepted', shardId };
  // "ErrorMessage provides more detailed information about the exception including the account ID, stream name, and shard ID" (PutRecords).
  return { status: 'refused', code, message, shardId: /\bshardId-\d+\b/.exec(message)?.[0], what: kindOf(code) };
}

function kindOf(code: string): RefusalKind {
  if (THROTTLED.has(code)) return 'throttled';
  const action = meaningOf([code])?.action;
  if (action === 'retry') return 'failed';
  return action === 'fatal' ? 'fatal' : 'unknown';
}

const THROTTLED = new Set(['ProvisionedThroughputExceededException', 'ThrottlingException', 'KMSThrottlingException']);
