import type { RunReport, StreamReport } from '@loadin/pipeline';
import { quantitiesOf, RUN_ITSELF, type Quantities } from '../../plan/quantities.js';
import { exactly } from '../../plan/range.js';

/** What one run has used. */
export interface RunVolumes {
  readonly job: string;
  readonly started: number;
  readonly seconds: number;
  readonly records: number;
  readonly slices: number;
  readonly calls: readonly (readonly [source: string, calls: number])[];
  readonly raw: { readonly objects: number; readonly bytes: number };
  readonly bronze: { readonly objects: number; readonly bytes: number };
  readonly stream: { readonly records: number; readonly bytes: number; readonly perSecond: number };
  readonly quantities: readonly Quantities[];
}

export function volumesOf({ job, started_at, duration_ms, streams }: RunReport): RunVolumes {
  const all = streams.map(ofStream);
  return {
    job,
    started: Date.parse(started_at),
    seconds: duration_ms / 1000,
    records: total(streams, ({ ledger }) => ledger.accepted),
    slices: total(streams, ({ slices }) => slices.finished),
    calls: streams.map(({ source, effort }) => [source, effort.source_requests ?? 0]),
    raw: objectsOf(streams.filter(({ loader }) => loader === undefined)),
    bronze: objectsOf(streams.filter(({ loader }) => loader !== undefined)),
    stream: {
      records: total(all, ({ records }) => records),
      bytes: total(all, ({ bytes }) => bytes),
      perSecond: all.reduce((most, { perSecond }) => Math.max(most, perSecond), 0),
    },
    quantities: [RUN_ITSELF, ...streams.map(requestsOf)],
  };
}

const total = <One>(all: readonly One[], of: (one: One) => number): number => all.reduce((sum, one) => sum + of(one), 0);

const objectsOf = (streams: readonly StreamReport[]): { objects: number; bytes: number } => ({
  objects: total(streams, ({ objects }) => objects.length),
  bytes: total(streams, ({ objects }) => total(objects, ({ bytes }) => bytes)),
});

/** Sinks count what they have written in one number: what is not in raw objects went to the stream. */
function ofStream({ ledger, effort, objects, duration_ms, loader }: StreamReport): { records: number; bytes: number; perSecond: number } {
  const records = loader === undefined ? (ledger.sinks['kinesis']?.delivered ?? 0) : 0;
  const inRaw = total(objects, ({ bytes, existed }) => (existed ? 0 : bytes));
  return {
    records,
    bytes: records === 0 ? 0 : Math.max(0, effort.bytes_written - inRaw),
    perSecond: duration_ms === 0 ? 0 : records / (duration_ms / 1000),
  };
}

function requestsOf({ data_type: dataType, ledger, effort, slices, objects, loader, duration_ms }: StreamReport): Quantities {
  const calls = exactly(effort.source_requests ?? ledger.pages);
  const before = {
    ...{ run_id: '', scheduled_time: '', pages: ledger.pages, records: ledger.accepted, bytes_read: effort.bytes_read, duration_ms },
    ...{ objects: objects.length, bytes_written: total(objects, ({ bytes }) => bytes) },
  };
  const sinks = loader === undefined ? Object.keys(ledger.sinks) : ['s3_bronze'];
  return quantitiesOf({ calls, records: exactly(ledger.accepted), basis: '' }, { dataType, slices: slices.finished, sinks, before });
}
