import { KinesisClient } from '@aws-sdk/client-kinesis';
import { startLocalLambda } from '@loadin/local-lambda';
import { drainStream, type DrainResult } from './drain.js';
import { consumerZip } from './workspace.js';

export interface Consumed extends DrainResult {
  /** Records the consumer counted, by data type: from the metrics that it writes. */
  readonly byType: Readonly<Record<string, number>>;
}

/** Runs the consumer's zip in a local Lambda over everything that is new on the stream. */
export async function consume(client: KinesisClient, streamName: string, positionsFile: string): Promise<Consumed> {
  const lambda = await startLocalLambda({ zip: consumerZip(), functionName: 'kinesis-consumer', timeoutMs: 60_000, memoryMB: 512 });
  const byType: Record<string, number> = {};
  try {
    const drained = await drainStream({
      client,
      streamName,
      positionsFile,
      invoke: async (event) => {
        const { payload, functionError, logs } = await lambda.invoke(event);
        if (functionError !== undefined) throw new Error(`The consumer failed: ${JSON.stringify(payload)}`);
        for (const line of logs) addMetrics(line, byType);
        return payload as { batchItemFailures: { itemIdentifier: string }[] };
      },
    });
    return { ...drained, byType };
  } finally {
    await lambda.stop();
  }
}

/** Adds up the `RecordsConsumed` metrics of one log line, if it is one (CloudWatch embedded metric format). */
function addMetrics(line: string, byType: Record<string, number>): void {
  if (!line.startsWith('{')) return;
  const entry = JSON.parse(line) as { RecordsConsumed?: number; DataType?: string };
  if (entry.RecordsConsumed === undefined || entry.DataType === undefined) return;
  byType[entry.DataType] = (byType[entry.DataType] ?? 0) + entry.RecordsConsumed;
}
