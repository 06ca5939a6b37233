import { createTracedWork } from '@loadin/tracing';
import { consume } from './consume.js';
import { assertKinesisEvent } from './kinesis-event.js';
import { createLogger } from './logger.js';
import { metricLines } from './metrics.js';
import type { BatchAnswer } from './types.js';

const logger = createLogger(process.env['LOG_LEVEL']);
const traced = createTracedWork({ env: process.env, serviceName: 'loadin-consumer', logger });

/** The part of Lambda's context that is used. */
export interface InvocationContext {
  readonly awsRequestId?: string;
  getRemainingTimeInMillis?(): number;
}

/**
 * Consumes one batch of the stream: decodes, validates and counts every record, and answers which ones failed.
 * @throws NotAKinesisEventError when the event is something else; Lambda then delivers the whole batch again
 */
export async function handler(event: unknown, context?: InvocationContext): Promise<BatchAnswer> {
  const attributes = { 'faas.invocation_id': context?.awsRequestId, 'messaging.system': 'aws_kinesis' };
  const leftMs = (): number => context?.getRemainingTimeInMillis?.() ?? Infinity;
  const work = { name: 'loadin.consume', attributes, kind: 'consumer' as const, calledBy: process.env['_X_AMZN_TRACE_ID'], leftMs };
  return traced(work, async (span) => {
    assertKinesisEvent(event);
    const { answer, tally } = consume(event, logger.child({ request_id: context?.awsRequestId }));
    for (const line of metricLines(tally.metrics(), Date.now())) process.stdout.write(`${line}\n`);
    span.set({ 'messaging.batch.message_count': event.Records.length, 'loadin.failed': answer.batchItemFailures.length });
    return answer;
  });
}
