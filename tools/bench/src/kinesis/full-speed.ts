import { PutRecordsCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { createKinesisSink } from '@loadin/kinesis-sink';
import { createMeter, silentLogger } from '@loadin/observability';
import type { BatchRecord } from '@loadin/pipeline';
import { startAws, UNLIMITED } from '../aws/aws-server.js';
import { withChild } from '../child.js';
import type { Figure } from '../report.js';
import { interleaved, median, medianRatio } from '../rounds.js';
import { batchOf, clientOf, createStream, recordsOf, streamDataOf } from './stream.js';

const rounds = 11;
const recordsInRound = 40_000;
const inFlight = 4;

type Write = (records: readonly BatchRecord[]) => Promise<void>;

/** Requests of 500, so many at a time, and no look at anything but whether all were accepted. */
function bareLoop(client: KinesisClient, streamName: string): Write {
  return async (records) => {
    const batch = batchOf([]);
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < records.length) {
        const Records = records.slice(next, (next += 500)).map((record) => ({ PartitionKey: record.id, Data: streamDataOf(record, batch) }));
        const { FailedRecordCount: failed } = await client.send(new PutRecordsCommand({ StreamName: streamName, Records }));
        if (failed !== 0) throw new Error(`${failed} records were refused by a server that refuses none`);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, lane));
  };
}

/** Batches of 5,000, two at a time. The pace is kept, though at so high a rate that it holds nothing up. */
function ourSink(client: KinesisClient, streamName: string): Write {
  const sink = createKinesisSink({ client, streamName, concurrency: inFlight, shardRecordsPerSecond: 1e7, shardBytesPerSecond: 1e10 });
  return async (records) => {
    let next = 0;
    const writer = async (): Promise<void> => {
      while (next < records.length) {
        const batch = batchOf(records.slice(next, (next += 5_000)));
        const { acks } = await sink.write(batch, { signal: new AbortController().signal, meter: createMeter(), logger: silentLogger });
        if (!acks.every(({ status }) => status === 'delivered')) throw new Error('a record was not delivered');
      }
    };
    await Promise.all([writer(), writer()]);
  };
}

/** Processor time and records a second of the sink, held against a bare loop, on shards that take everything. */
export function measureFullSpeed(): Promise<Figure[]> {
  return withChild(startAws({ shardLimits: UNLIMITED }), async ({ url }) => {
    const client = clientOf(url);
    await createStream(client, 'full-speed', 4);
    const records = recordsOf(recordsInRound);
    const seconds: Record<'bare' | 'ours', number[]> = { bare: [], ours: [] };
    const cpuOf = (name: 'bare' | 'ours', write: Write) => async (): Promise<number> => {
      const [start, cpu] = [performance.now(), process.cpuUsage()];
      await write(records);
      const { user, system } = process.cpuUsage(cpu);
      seconds[name].push((performance.now() - start) / 1_000);
      return (user + system) / recordsInRound; // microseconds a record: seconds a million
    };
    const measured = await interleaved(
      { bare: cpuOf('bare', bareLoop(client, 'full-speed')), ours: cpuOf('ours', ourSink(client, 'full-speed')) },
      { rounds, warmUps: 4 },
    );
    client.destroy();
    const perSecond = (name: 'bare' | 'ours'): number => recordsInRound / median(seconds[name]);
    return [
      { what: 'full speed: bare loop', measured: perSecond('bare'), unit: 'records/s' },
      { what: 'full speed: our sink', measured: perSecond('ours'), unit: 'records/s' },
      { what: '  processor time, bare loop', measured: median(measured.bare), unit: 's a million', digits: 2 },
      { what: '  processor time, our sink', measured: median(measured.ours), unit: 's a million', digits: 2 },
      { what: '  of the bare loop', measured: medianRatio(measured.ours, measured.bare), unit: '×', digits: 2, atMost: 1.3 },
    ];
  });
}
