import { createManualClock, createMemoryObjectStore, createMemorySink, createMemoryStateStore, type MemorySinkOptions } from '@loadin/testing';
import { runJob, type JobStream, type RunOptions, type RunReport, type Stream } from '../index.js';
import { toArtist } from './list-stream.fixture.js';

export const AT = '2024-11-08T02:00:00Z';

/** One world of stores and sinks, in which several attempts can be made. */
export function createWorld(
  options: {
    sinks?: MemorySinkOptions[];
    state?: Parameters<typeof createMemoryStateStore>[0];
    lake?: Parameters<typeof createMemoryObjectStore>[0];
  } = {},
) {
  const lake = createMemoryObjectStore(options.lake);
  const state = createMemoryStateStore(options.state);
  const sinks = (options.sinks ?? [{ name: 's3_raw' }, { name: 'kinesis', limits: { maxRecords: 4, maxBytes: 1_000_000 } }]).map(createMemorySink);
  const clock = createManualClock(Date.parse('2024-11-08T02:00:05Z'));
  const run = (streams: Stream | (Stream | JobStream)[], more: Partial<RunOptions> = {}): Promise<RunReport> => {
    const jobStreams = [streams]
      .flat()
      .map((entry): JobStream => ('stream' in entry ? entry : { stream: entry, transform: toArtist, sinks, schemaVersion: '1' }));
    return runJob({ job: { name: 'daily', streams: jobStreams }, lake, state, clock, at: AT, ...more });
  };
  return { lake, state, sinks, clock, run, ids: (sink: number) => sinks[sink]?.records.map((record) => record.id) ?? [] };
}

export const firstStream = (report: RunReport) => {
  const [stream] = report.streams;
  if (stream === undefined) throw new Error('the report has no stream');
  return stream;
};
