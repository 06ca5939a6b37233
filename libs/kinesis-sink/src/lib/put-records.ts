import { PutRecordsCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { attemptsOf, meaningOf, toLoadinError, type AwsOperation } from '@loadin/aws';
import type { Meter } from '@loadin/observability';
import { FatalError } from '@loadin/resilience';
import type { Encoded } from './encode-record.js';

/** Kinesis's answer for one record of a request. */
export type Outcome = { readonly status: 'accepted' } | { readonly status: 'refused'; readonly code: string; readonly message: string };

export interface PutRecordsOptions {
  readonly client: KinesisClient;
  readonly streamName: string;
  readonly signal: AbortSignal;
  readonly meter: Meter;
}

/**
 * One request. A successful answer may still refuse any of its records: the outcomes say which, by index. Throws a `LoadinError` when the
 * whole request failed, or when a record was refused for a reason that no repetition changes (the stream's encryption key).
 */
export async function putRecords(records: readonly Encoded[], { client, streamName, signal, meter }: PutRecordsOptions): Promise<Outcome[]> {
  const subject: AwsOperation = { service: 'Kinesis', operation: 'PutRecords', resource: `kinesis://${streamName}` };
  const count = (result: unknown): void => {
    const attempts = attemptsOf(result);
    meter.add('requests', attempts);
    if (attempts > 1) meter.add('retries', attempts - 1);
  };
  const command = new PutRecordsCommand({ StreamName: streamName, Records: records.map(({ key, data }) => ({ PartitionKey: key, Data: data })) });
  const answer = await client.send(command, { abortSignal: signal }).catch((error: unknown) => {
    count(error);
    throw toLoadinError(error, subject);
  });
  count(answer);
  const entries = answer.Records ?? [];
  if (entries.length !== records.length) {
    throw new FatalError(`Kinesis PutRecords: ${entries.length} answers for ${records.length} records`, {
      where: subject.resource,
      hint: 'Check the endpoint: this is not how Kinesis answers.',
    });
  }
  return entries.map(({ ErrorCode: code, ErrorMessage: message = '' }): Outcome => {
    if (!code) return { status: 'accepted' };
    if (meaningOf([code])?.action === 'fatal') throw toLoadinError({ name: code, message }, subject);
    return { status: 'refused', code, message };
  });
}
