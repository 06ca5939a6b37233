import type { NamedPlan } from '@loadin/jobs';
import { parseScheduledTime, type EarlyStop, type RunReport, type SliceReport } from '@loadin/pipeline';
import type { IngestionEvent } from './event.js';

/** What an invocation answers: a few KB, at most 100 KB (Step Functions takes 256 KB); everything else is in the stored report. */
export interface IngestionAnswer {
  readonly status: RunReport['status'];
  readonly reason?: RunReport['reason'];
  readonly resume_after?: string;
  readonly job: string;
  /** `null`: it was stopped before that was known; so is the time of a manual run. */
  readonly run_id: string | null;
  readonly scheduled_time: string | null;
  readonly already_complete: boolean;
  /** By stream. */
  readonly counts: Readonly<Record<string, StreamCounts>>;
  /** So many streams are complete and not in `counts`, where all of them would be too much for an answer. */
  readonly counts_left_out?: number;
  readonly problems: readonly string[];
  /** `s3://…` of the whole report; `null` while none is stored. */
  readonly report: string | null;
}

/** What the phase `plan` answers. */
export interface PlanAnswer {
  /** `planned`, or that of a run that there was before. */
  readonly status: 'planned' | RunReport['status'];
  readonly reason?: RunReport['reason'];
  readonly resume_after?: string;
  readonly job: string;
  readonly run_id: string | null;
  readonly scheduled_time: string | null;
  readonly already_complete: boolean;
  /** Lists of events, one for each slice, as Step Functions' Distributed Map reads them: one list after the other, each in any order. Empty when the run is complete, or was not planned. */
  readonly waves: readonly { readonly slices: number; readonly bucket: string; readonly key: string }[];
  readonly problems: readonly string[];
}

/** What the phase `slice` answers. */
export interface SliceAnswer extends SliceCounts {
  readonly status: RunReport['status'];
  readonly reason?: RunReport['reason'];
  readonly resume_after?: string;
  readonly job: string;
  readonly run_id: string;
  readonly stream: string;
  readonly slice: number;
  readonly name: string | null;
  readonly problems: readonly string[];
}

interface StreamCounts extends SliceCounts {
  readonly status: string;
}

interface SliceCounts {
  readonly read: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly deduplicated: number;
  /** By sink. */
  readonly delivered: Readonly<Record<string, number>>;
  readonly dead_lettered: number;
}

const MOST_PROBLEMS = 20;
const LONGEST_PROBLEM = 500;
/** Problems may take 30 KB more. */
const MOST_BYTES_OF_COUNTS = 65_000;

const shortened = (text: string): string => (text.length > LONGEST_PROBLEM ? `${text.slice(0, LONGEST_PROBLEM)}…` : text);

export function answerOf(report: RunReport): IngestionAnswer {
  const { counts, left } = countsThatFit(report.streams.map(({ stream, status, ledger }) => [stream, { status, ...countsOf(ledger) }]));
  return {
    status: report.status,
    ...(report.reason !== undefined && { reason: report.reason }),
    ...(report.resume_after !== undefined && { resume_after: report.resume_after }),
    job: report.job,
    run_id: report.run_id,
    scheduled_time: report.scheduled_time,
    already_complete: report.already_complete,
    counts,
    ...(left > 0 && { counts_left_out: left }),
    problems: report.problems.slice(0, MOST_PROBLEMS).map(shortened),
    report: report.report_uri,
  };
}

/** Of several hundred streams those that are complete are left out first. */
function countsThatFit(all: readonly (readonly [string, StreamCounts])[]): { counts: Readonly<Record<string, StreamCounts>>; left: number } {
  const sizeOf = (entry: readonly [string, StreamCounts]): number => Buffer.byteLength(JSON.stringify(entry));
  const isComplete = ([, { status }]: readonly [string, StreamCounts]): boolean => status === 'complete';
  let room = MOST_BYTES_OF_COUNTS;
  const fitting = new Set<string>();
  for (const entry of [...all.filter((one) => !isComplete(one)), ...all.filter(isComplete)]) {
    room -= sizeOf(entry);
    if (room < 0) break;
    fitting.add(entry[0]);
  }
  return { counts: Object.fromEntries(all.filter(([stream]) => fitting.has(stream))), left: all.length - fitting.size };
}

const countsOf = ({ read, accepted, rejected, deduplicated, sinks }: SliceReport['ledger']): SliceCounts => ({
  ...{ read, accepted, rejected, deduplicated },
  delivered: Object.fromEntries(Object.entries(sinks).map(([sink, { delivered }]) => [sink, delivered])),
  dead_lettered: Object.values(sinks).reduce((sum, sink) => sum + sink.dead_lettered, 0),
});

export function planAnswer({ job, run_id, scheduled_time, report, lists }: NamedPlan): PlanAnswer {
  return {
    status: report?.status ?? 'planned',
    job,
    run_id,
    scheduled_time,
    already_complete: report !== undefined,
    waves: lists,
    problems: report?.problems.slice(0, MOST_PROBLEMS).map(shortened) ?? [],
  };
}

export function sliceAnswer(job: string, report: SliceReport): SliceAnswer {
  const { status, reason, resume_after, run_id, stream, slice, name, ledger, error } = report;
  return {
    status,
    ...(reason !== undefined && { reason }),
    ...(resume_after !== undefined && { resume_after }),
    ...{ job, run_id, stream, slice, name },
    ...countsOf(ledger),
    problems: error === undefined ? [] : [shortened(error.message)],
  };
}

const NOTHING: SliceCounts = { read: 0, accepted: 0, rejected: 0, deduplicated: 0, delivered: {}, dead_lettered: 0 };

/** The answer of a phase that was stopped before it did anything: it has all fields of that phase, so that whoever reads them need not ask. */
export function stoppedAnswer(event: IngestionEvent, job: string, { problems, ...stop }: EarlyStop): IngestionAnswer | PlanAnswer | SliceAnswer {
  const { phase = 'run', run_id = null, stream = '', slice = 0 } = event;
  if (phase === 'slice') return { ...stop, job, run_id: run_id ?? '', stream, slice, name: null, ...NOTHING, problems };
  const at = event.scheduled_time ?? event.time;
  const run = { ...stop, job, run_id, scheduled_time: at === undefined ? null : parseScheduledTime(at), already_complete: false };
  return phase === 'plan' ? { ...run, waves: [], problems } : { ...run, counts: {}, problems, report: null };
}
