import {
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  type Shard,
  type _Record,
} from '@aws-sdk/client-kinesis';
import { toLoadinError } from '@loadin/aws';
import type { StreamContext } from './context.js';

export interface ShardPage {
  readonly records: readonly _Record[];
  /** Milliseconds; 0: everything that there was has been read. */
  readonly behindMs: number;
  /** The shard is closed and read to its end. */
  readonly ended: boolean;
  /** Shards that go on where this one ended. */
  readonly children: readonly Pick<Shard, 'ShardId' | 'ParentShardId' | 'AdjacentParentShardId'>[];
}

export interface ShardCursor {
  readonly shardId: string;
  next(limit: number): Promise<ShardPage>;
}

export type StartingPosition = Pick<GetShardIteratorCommandInput, 'ShardIteratorType' | 'Timestamp'>;

/** GetRecords answers 5 times a second and shard; other readers share that. */
const WAIT_MS = 1_000;
const WAITS = 30;

/** Reads a shard page by page. An iterator lives for 5 minutes: one that has expired is made again, after the last record that was read. */
export function shardCursor(context: StreamContext & { readonly signal?: AbortSignal }, shardId: string, start: StartingPosition): ShardCursor {
  const { client, once, call, name, uri, clock, signal } = context;
  let iterator: string | undefined;
  let last: string | undefined;
  const open = async (): Promise<string | undefined> => {
    const from = last === undefined ? start : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, StartingSequenceNumber: last };
    const command = new GetShardIteratorCommand({ StreamName: name, ShardId: shardId, ...from });
    return (await call('GetShardIterator', () => client.send(command))).ShardIterator;
  };
  const read = (limit: number) => once.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: limit }), { abortSignal: signal });
  return {
    shardId,
    async next(limit) {
      for (;;) {
        iterator ??= await open();
        try {
          const page = await call('GetRecords', () => patiently(() => read(limit)));
          last = page.Records?.at(-1)?.SequenceNumber ?? last;
          iterator = page.NextShardIterator;
          const children = (page.ChildShards ?? []).map(({ ShardId, ParentShards = [] }) => ({
            ShardId,
            ParentShardId: ParentShards[0],
            AdjacentParentShardId: ParentShards[1],
          }));
          return { records: page.Records ?? [], behindMs: page.MillisBehindLatest ?? 0, ended: iterator === undefined, children };
        } catch (error) {
          if (!isExpired(error)) throw error;
          iterator = undefined;
        }
      }
    },
  };

  /** Others read the same shard, or Kinesis has a bad moment: it is asked again. */
  async function patiently<Answer>(send: () => Promise<Answer>): Promise<Answer> {
    for (let waits = 0; ; waits += 1) {
      try {
        return await send();
      } catch (error) {
        const { action } = toLoadinError(error, { service: 'Kinesis', operation: 'GetRecords', resource: uri });
        if (action !== 'retry' || waits === WAITS) throw error;
        await clock.sleep(WAIT_MS, signal);
      }
    }
  }
}

const isExpired = (error: unknown): boolean => error instanceof Error && error.cause instanceof ExpiredIteratorException;
