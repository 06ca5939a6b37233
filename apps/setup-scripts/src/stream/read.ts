import type { Shard, _Record } from '@aws-sdk/client-kinesis';
import { FatalError } from '@loadin/resilience';
import { shardsOf } from './describe.js';
import { foundStream, type StreamContext } from './context.js';
import { shardCursor, type ShardCursor, type StartingPosition } from './read-shard.js';
import { shardQueue } from './shard-queue.js';

export interface ReadOptions {
  /** `trim-horizon`: the oldest that there is. `latest`: only what comes from now on. Or a time, epoch milliseconds. */
  readonly from: 'trim-horizon' | 'latest' | number;
  /** So many records at most, of all shards together. Default: all. */
  readonly limit?: number;
  /** One shard alone. Default: all of them. */
  readonly shard?: string;
  /** Records with this partition key alone. */
  readonly key?: string;
  /** Waits for more, until the signal is aborted, or so many records were read. */
  readonly follow?: boolean;
  readonly json?: boolean;
}

const MOST_PER_CALL = 1_000;
/** Once a second and shard: a fifth of what GetRecords allows all readers together. */
const POLL_MS = 1_000;

const POSITIONS = {
  'trim-horizon': { ShardIteratorType: 'TRIM_HORIZON' },
  latest: { ShardIteratorType: 'LATEST' },
} as const satisfies Record<string, StartingPosition>;

const positionOf = (from: ReadOptions['from']): StartingPosition =>
  typeof from === 'number' ? { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(from) } : POSITIONS[from];

/** Prints records as they lie in the shards, each shard in its order, a split shard before those that follow it; changes nothing. */
export async function read(context: StreamContext, options: ReadOptions): Promise<void> {
  const { output, clock } = context;
  const signal = options.follow === true ? context.interruption?.() : undefined;
  await foundStream(context);
  const queue = shardQueue(await wantedShards(context, options));
  const cursors = new Map<string, ShardCursor>();
  const caughtUp = new Set<string>();
  let left = options.limit ?? Infinity;
  let printed = 0;
  const cursorOf = (shardId: string): ShardCursor => {
    // What follows a shard that was read to its end is read whole.
    const cursor =
      cursors.get(shardId) ?? shardCursor({ ...context, signal }, shardId, started ? POSITIONS['trim-horizon'] : positionOf(options.from));
    cursors.set(shardId, cursor);
    return cursor;
  };
  let started = false;
  const round = async (): Promise<boolean> => {
    let more = false;
    for (const shardId of queue.ready().filter((id) => options.follow === true || !caughtUp.has(id))) {
      if (left === 0) return false;
      const page = await cursorOf(shardId).next(MOST_PER_CALL);
      for (const record of page.records.filter(({ PartitionKey }) => options.key === undefined || PartitionKey === options.key).slice(0, left)) {
        output.print(options.json === true ? jsonOf(shardId, record) : lineOf(shardId, record));
        [printed, left] = [printed + 1, left - 1];
      }
      if (page.ended) queue.end(shardId, page.children);
      else if (page.behindMs === 0) caughtUp.add(shardId);
      more ||= page.ended ? page.children.length > 0 : page.behindMs > 0;
    }
    started = true;
    return more;
  };
  try {
    for (;;) {
      const more = await round();
      if (left === 0 || (!more && options.follow !== true)) break;
      if (!more) await clock.sleep(POLL_MS, signal);
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
  output.complain(`${printed} ${printed === 1 ? 'record' : 'records'}`);
}

/** Who wants only what comes needs no shard that is closed. */
async function wantedShards(context: StreamContext, { from, shard }: ReadOptions): Promise<Shard[]> {
  const all = await shardsOf(context);
  const open = from === 'latest' ? all.filter(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined) : all;
  if (shard === undefined) return open;
  const named = all.filter(({ ShardId }) => ShardId === shard);
  if (named.length > 0) return named;
  throw new FatalError(`${context.name} has no shard ${shard}`, {
    where: context.uri,
    hint: `It has: ${all.map(({ ShardId }) => ShardId).join(', ')}.`,
  });
}

const lineOf = (shardId: string, { SequenceNumber, PartitionKey, ApproximateArrivalTimestamp: at, Data }: _Record): string =>
  `${at?.toISOString() ?? ''}  ${shardId}  ${SequenceNumber}  ${PartitionKey}  ${textOf(Data)}`;

const jsonOf = (shardId: string, { SequenceNumber, PartitionKey, ApproximateArrivalTimestamp: at, Data }: _Record): string =>
  JSON.stringify({
    shard: shardId,
    sequence_number: SequenceNumber,
    partition_key: PartitionKey,
    arrived_at: at?.toISOString(),
    data: valueOf(Data),
  });

/** What is no text is shown as Base64. */
function textOf(data: Uint8Array = new Uint8Array()): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(data).replaceAll('\n', '\\n');
  } catch {
    return `base64:${Buffer.from(data).toString('base64')}`;
  }
}

function valueOf(data: Uint8Array | undefined): unknown {
  const text = textOf(data);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
