import { setTimeout as wait } from 'node:timers/promises';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { createKinesisSink, type KinesisSink } from '@loadin/kinesis-sink';
import { createMeter, silentLogger } from '@loadin/observability';
import type { Batch } from '@loadin/pipeline';
import { startAws } from '../aws/aws-server.js';
import { startChild, withChild, type Child } from '../child.js';
import type { Figure } from '../report.js';
import { batchOf, clientOf, createStream, recordsOf, type OtherWriterSettings, type OtherWriterState } from './stream.js';

const streamName = 'throttled';
const shards = 4;
const shardTakes = 1_000; // records a second
const warmUpMs = 4_000; // the second's worth that the shards have saved up is used
const measuredMs = 24_000; // three rounds of the other writer over all shards

const startOther = (settings: OtherWriterSettings): Child<OtherWriterState> =>
  startChild<OtherWriterState>(new URL('./other-writer.child.js', import.meta.url).pathname, { args: [JSON.stringify(settings)] });

/** How much of what four shards take arrives while another writer takes a part of one after the other, and how much is sent more than once for it. */
export function measureThrottled(): Promise<Figure[]> {
  return withChild(startAws(), async ({ url }) => {
    const client = clientOf(url);
    const hashKeys = await createStream(client, streamName, shards);
    const other = startOther({ url, streamName, shards: hashKeys });
    try {
      return await withChild(other, () => measureBeside(other, client));
    } finally {
      client.destroy();
    }
  });
}

async function measureBeside(other: Child<OtherWriterState>, client: KinesisClient): Promise<Figure[]> {
  const sent = countSent(client);
  const sink = createKinesisSink({ client, streamName });
  const stop = new AbortController();
  const writing = writeUntil(stop.signal, sink);
  const others = follow(other, stop.signal);
  await wait(warmUpMs);
  const [start, cpu, theirs, ours, sentBefore] = [performance.now(), process.cpuUsage(), others.accepted, sink.stats(), sent()];
  await wait(measuredMs);
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const end = sink.stats();
  const requests = end.requests - ours.requests;
  const sentMeanwhile = sent() - sentBefore;
  const [accepted, acceptedOfOther] = [end.accepted - ours.accepted, others.accepted - theirs];
  stop.abort();
  await writing;
  const { accepted: all } = sink.stats();
  return [
    { what: 'throttled: our sink', measured: accepted / seconds, unit: 'records/s' },
    { what: '  another writer', measured: acceptedOfOther / seconds, unit: 'records/s' },
    {
      what: '  of what the shards take',
      measured: ((accepted + acceptedOfOther) * 100) / (shards * shardTakes * seconds),
      unit: '%',
      digits: 1,
      atLeast: 90,
    },
    { what: '  sent more than once', measured: ((sent() - all) * 100) / all, unit: '%', digits: 2, atMost: 3 },
    { what: '  records in a request', measured: sentMeanwhile / requests, unit: '' },
    { what: '  processor time', measured: (user + system) / accepted, unit: 's a million', digits: 2 },
  ];
}

/** Batches of 5,000, as many at a time as the sink lets in; those that were begun are written to their end. */
async function writeUntil(stop: AbortSignal, sink: KinesisSink): Promise<void> {
  const batches = Array.from({ length: 12 }, (_, n) => batchOf(recordsOf(5_000, n * 5_000)));
  let next = 0;
  const writer = async (): Promise<void> => {
    while (!stop.aborted) {
      const batch = batches[(next += 1) % batches.length] as Batch;
      const { acks } = await sink.write(batch, { signal: new AbortController().signal, meter: createMeter(), logger: silentLogger });
      if (!acks.every(({ status }) => status === 'delivered')) throw new Error('a record was not delivered');
    }
  };
  await Promise.all([writer(), writer(), writer(), writer()]);
}

/** Records in all requests of the client, seen beside the sink. */
function countSent(client: KinesisClient): () => number {
  let sent = 0;
  client.middlewareStack.add(
    (next) => (args) => {
      const { Records } = args.input as { readonly Records?: readonly unknown[] };
      sent += Records?.length ?? 0;
      return next(args);
    },
    { step: 'initialize', name: 'countSent' },
  );
  return () => sent;
}

/** The newest state of the other writer. */
function follow(other: Child<OtherWriterState>, stop: AbortSignal): { readonly accepted: number } {
  const state = { accepted: 0 };
  const read = async (): Promise<void> => {
    while (!stop.aborted) ({ accepted: state.accepted } = await other.next());
  };
  void read();
  return state;
}
