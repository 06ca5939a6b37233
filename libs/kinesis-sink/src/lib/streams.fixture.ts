import { ListShardsCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { createMeter } from '@loadin/observability';
import type { SinkOptions } from '@loadin/pipeline';
import { createManualClock, createRandom, createRecordingLogger } from '@loadin/testing';
import { createKinesisSink } from './kinesis-sink.js';
import { startLocalKinesis, type LocalKinesis } from './local-kinesis.fixture.js';
import type { KinesisSinkOptions } from './options.js';

interface Watched extends SinkOptions {
  readonly meter: ReturnType<typeof createMeter>;
  readonly logger: ReturnType<typeof createRecordingLogger>;
}

export const options = (): Watched => ({ signal: new AbortController().signal, meter: createMeter(), logger: createRecordingLogger() });

/** What a test does with a call before it goes out, or instead. */
type Around = (input: object, call: () => Promise<unknown>) => Promise<unknown>;

export const failing = (name: string, status = 400): Error =>
  Object.assign(new Error(`no (${name})`), { name, $metadata: { httpStatusCode: status, attempts: 1 } });

/** Streams whose shards take more than any test writes, and sinks to them. */
export async function openStreams() {
  const local: LocalKinesis = await startLocalKinesis({ recordsPerShardSecond: 1_000_000, bytesPerShardSecond: 1_000_000_000 });
  return {
    ...local,
    sinkTo: (streamName: string, more: Partial<KinesisSinkOptions> = {}) =>
      createKinesisSink({ client: local.client, streamName, clock: createManualClock(0), random: createRandom(1), ...more }),
    openShards: async (stream: string): Promise<string[]> =>
      ((await local.client.send(new ListShardsCommand({ StreamName: stream, ShardFilter: { Type: 'AT_LATEST' } }))).Shards ?? []).map((shard) =>
        String(shard.ShardId),
      ),
    /** A client whose calls of one operation a test stands around; the answers are of the server unless the test gives others. */
    clientAround(operation: string, around: Around): KinesisClient {
      const client = local.newClient(1);
      client.middlewareStack.add(
        (next, { commandName }) =>
          (async (args) => (commandName === `${operation}Command` ? around(args.input, () => next(args)) : next(args))) as typeof next,
        { step: 'initialize', name: 'around' },
      );
      return client;
    },
  };
}

export type Streams = Awaited<ReturnType<typeof openStreams>>;
