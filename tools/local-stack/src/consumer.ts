import { KinesisClient } from '@aws-sdk/client-kinesis';
import { startLocalLambda } from '@loadin/local-lambda';
import { drainStream, type DrainResult } from './drain.js';
import { consumerZip } from './workspace.js';

export interface Consumed extends DrainResult {
  /** Records the consumer counted, by data type: from the metrics that it writes. */
  readonly byType: Readonly<Record<string, number>>;
  /** Records that `loadin-setup` put on the stream to try it. */
  readonly testRecords: number;
}

/** Runs the consumer's zip in a local Lambda over everything that is new on the stream. */
export async function consume(client: KinesisClient, streamName: string, positionsFile: string): Promise<Consumed> {
  const lambda = await startLocalLambda({ zip: consumerZip(), functionName: 'kinesis-consumer', timeoutMs: 60_000, memoryMB: 512 });
  const counts: MutableCounts = { byType: {}, testRecords: 0 };
  try {
    const drained = await drainStream({
      client,
      streamName,
      positionsFile,
      invoke: async (event) => {
        const { payload, functionError, logs } = await lambda.invoke(event);
        if (functionError !== undefined) throw new Error(`The consumer failed: ${JSON.stringify(payload)}`);
        for (const line of logs) addMetrics(line, counts);
        return payload as { batchItemFailures: { itemIdentifier: string }[] };
      },
    });
    return { ...drained, ...counts };
  } finally {
    await lambda.stop();
  }
}

interface MutableCounts {
  readonly byType: Record<string, number>;
  testRecords: number;
}

/** Adds up the metrics of one log line, if it is one (CloudWatch embedded metric format). */
function addMetrics(line: string, counts: MutableCounts): void {
  if (!line.startsWith('{')) return;
  const { RecordsConsumed = 0, TestRecords = 0, DataType = 'unknown' } = JSON.parse(line) as Metrics;
  if (RecordsConsumed > 0) counts.byType[DataType] = (counts.byType[DataType] ?? 0) + RecordsConsumed;
  counts.testRecords += TestRecords;
}

interface Metrics {
  readonly RecordsConsumed?: number;
  readonly TestRecords?: number;
  readonly DataType?: string;
}
