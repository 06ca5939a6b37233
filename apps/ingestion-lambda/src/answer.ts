import type { RunReport } from '@loadin/pipeline';

/** What an invocation answers: a few KB, at most 100 KB (Step Functions takes 256 KB); everything else is in the stored report. */
export interface IngestionAnswer {
  readonly status: RunReport['status'];
  readonly reason?: RunReport['reason'];
  readonly resume_after?: string;
  readonly job: string;
  readonly run_id: string;
  readonly scheduled_time: string;
  readonly already_complete: boolean;
  /** By stream. */
  readonly counts: Readonly<Record<string, StreamCounts>>;
  readonly problems: readonly string[];
  /** `s3://…` of the whole report. */
  readonly report: string | null;
}

interface StreamCounts {
  readonly status: string;
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

const shortened = (text: string): string => (text.length > LONGEST_PROBLEM ? `${text.slice(0, LONGEST_PROBLEM)}…` : text);

export function answerOf(report: RunReport): IngestionAnswer {
  const counts = report.streams.map(({ stream, status, ledger }): [string, StreamCounts] => [
    stream,
    {
      status,
      read: ledger.read,
      accepted: ledger.accepted,
      rejected: ledger.rejected,
      deduplicated: ledger.deduplicated,
      delivered: Object.fromEntries(Object.entries(ledger.sinks).map(([sink, { delivered }]) => [sink, delivered])),
      dead_lettered: Object.values(ledger.sinks).reduce((sum, sink) => sum + sink.dead_lettered, 0),
    },
  ]);
  return {
    status: report.status,
    ...(report.reason !== undefined && { reason: report.reason }),
    ...(report.resume_after !== undefined && { resume_after: report.resume_after }),
    job: report.job,
    run_id: report.run_id,
    scheduled_time: report.scheduled_time,
    already_complete: report.already_complete,
    counts: Object.fromEntries(counts),
    problems: report.problems.slice(0, MOST_PROBLEMS).map(shortened),
    report: report.report_uri,
  };
}
