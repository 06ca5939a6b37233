import { emf, PIPELINE_METRICS as NAMES, type EmfLine, type Metric } from '@loadin/observability';
import type { RunReport, StreamReport } from '@loadin/pipeline';

/** Age in seconds of what was read last, by stream id. */
export type Freshness = ReadonlyMap<string, number>;

export interface RunMetricsOptions {
  readonly report: RunReport;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  /** Default: nothing is known. */
  readonly freshness?: Freshness;
  /** Percent of a day's calls, by source. Default: nothing is known. */
  readonly quotaUsed?: ReadonlyMap<string, number>;
}

/**
 * What a run tells CloudWatch: a line for each set of dimensions. Records are counted by the attempt that completes the run, whose report has those of all attempts: each is counted once,
 * however often the run was stopped. Nothing for a dry run or one that was complete before.
 */
export function runMetrics({ report, timestamp, freshness = new Map(), quotaUsed = new Map() }: RunMetricsOptions): EmfLine[] {
  if (report.dry_run || report.already_complete) return [];
  const properties = { run_id: report.run_id, job: report.job, scheduled_time: report.scheduled_time };
  const line = (dimensions: Readonly<Record<string, string>>, metrics: readonly Metric[]): EmfLine[] =>
    metrics.length === 0 ? [] : [emf({ metrics, dimensions, timestamp, properties })];
  const sources = [...new Set(report.streams.map(({ source }) => source))];
  const sinks = [...new Set(report.streams.flatMap(({ ledger }) => Object.keys(ledger.sinks)))];
  return [
    ...report.streams.flatMap((stream) =>
      line({ DataType: stream.data_type, Source: stream.source }, ofStream(stream, report.status === 'complete')),
    ),
    ...[...freshness].flatMap(([id, value]) => line(dimensionsOf(id), [{ name: NAMES.freshness, value, unit: 'Seconds' }])),
    ...sources.flatMap((source) => line({ Source: source }, ofSource(source, report, quotaUsed.get(source)))),
    ...sinks.flatMap((sink) => line({ Sink: sink }, ofSink(sink, report))),
    ...line({ Job: report.job }, ofJob(report)),
  ];
}

/** `ticketmaster.events` */
function dimensionsOf(streamId: string): { DataType: string; Source: string } {
  const dot = streamId.indexOf('.');
  return { DataType: streamId.slice(dot + 1), Source: streamId.slice(0, dot) };
}

const total = (streams: readonly StreamReport[], of: (stream: StreamReport) => number): number =>
  streams.reduce((sum, stream) => sum + of(stream), 0);
const deadLettersOf = ({ ledger }: StreamReport): number => Object.values(ledger.sinks).reduce((sum, sink) => sum + sink.dead_lettered, 0);

function ofStream(stream: StreamReport, complete: boolean): Metric[] {
  return [
    ...(complete
      ? [
          { name: NAMES.recordsIngested, value: stream.ledger.accepted },
          { name: NAMES.recordsRejected, value: stream.ledger.rejected },
        ]
      : []),
    { name: NAMES.deadLetters, value: deadLettersOf(stream) },
    { name: NAMES.processingTime, value: stream.duration_ms, unit: 'Milliseconds' },
  ];
}

/** A call that was repeated has failed once; a stream that ended with an error, at least once more. */
function ofSource(source: string, { streams }: RunReport, quota: number | undefined): Metric[] {
  const own = streams.filter((stream) => stream.source === source);
  const errors = total(own, ({ effort, error }) => (effort.source_retries ?? 0) + (error === undefined ? 0 : 1));
  return [
    { name: NAMES.apiErrors, value: errors },
    ...(quota === undefined ? [] : [{ name: NAMES.quotaUsed, value: quota, unit: 'Percent' as const }]),
  ];
}

/** Of what was to be put there, what is there. */
function ofSink(sink: string, { streams }: RunReport): Metric[] {
  const ledgers = streams.flatMap(({ ledger }) => ledger.sinks[sink] ?? []);
  const delivered = ledgers.reduce((sum, ledger) => sum + ledger.delivered, 0);
  const all = ledgers.reduce((sum, ledger) => sum + ledger.delivered + ledger.dead_lettered + ledger.pending, 0);
  return all === 0 ? [] : [{ name: NAMES.uploadSuccess, value: (delivered / all) * 100, unit: 'Percent' }];
}

const ofJob = ({ status, streams }: RunReport): Metric[] => [
  { name: NAMES.runsCompleted, value: Number(status === 'complete') },
  { name: NAMES.runsFailed, value: Number(status === 'failed') },
  { name: NAMES.runsStopped, value: Number(status === 'stopped') },
  { name: NAMES.deadLetters, value: total(streams, deadLettersOf) },
];
