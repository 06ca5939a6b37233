import type { Logger } from '@loadin/observability';
import { judge } from './judge.js';
import { createTally, type Tally } from './tally.js';
import type { BatchAnswer, KinesisEvent, KinesisEventRecord, Verdict } from './types.js';

/** Bad records that get a line of their own per batch: a producer gone wrong must not fill the log with 10,000 of them. */
const maxLines = 20;

/** Judges every record of a batch: counts it, and names those that can't be used. The records themselves go nowhere yet. */
export function consume(event: KinesisEvent, logger: Logger): { answer: BatchAnswer; tally: Tally } {
  const tally = createTally();
  const batchItemFailures: BatchAnswer['batchItemFailures'] = [];
  for (const record of event.Records) {
    const verdict = judge(record.kinesis.data);
    tally.count(verdict);
    if (verdict.kind !== 'bad') continue;
    batchItemFailures.push({ itemIdentifier: record.kinesis.sequenceNumber });
    if (batchItemFailures.length <= maxLines) warn(record, verdict, logger);
  }
  const { length: failed } = batchItemFailures;
  if (failed > maxLines) logger.warn('More bad records in this batch are not named', { bad: failed - maxLines });
  logger.info('Batch consumed', { records: event.Records.length, failed, ...tally.totals() });
  return { answer: { batchItemFailures }, tally };
}

/** The record's content stays out of the log: it is on the stream under its sequence number. */
function warn({ eventID, kinesis }: KinesisEventRecord, verdict: Verdict & { kind: 'bad' }, logger: Logger): void {
  logger.warn('Bad record', {
    shard: eventID?.split(':')[0],
    sequence_number: kinesis.sequenceNumber,
    partition_key: kinesis.partitionKey,
    data_type: verdict.dataType,
    reasons: verdict.reasons,
  });
}
