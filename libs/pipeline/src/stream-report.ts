import { LoadinError } from '@loadin/resilience';
import { DEFAULT_MAX_REJECTED, type JobStream } from './job.js';
import { addLedgers, imbalances, type Ledger } from './ledger.js';
import type { StreamPlan } from './plan.js';
import type { ObjectStore } from './ports/object-store.js';
import type { Dataset, ReportedError, StreamReport } from './report.js';

/** The report of a stream that has done nothing yet. */
export function emptyStreamReport(jobStream: JobStream, streamPlan: StreamPlan, status: StreamReport['status']): StreamReport {
  return {
    stream: streamPlan.id,
    source: streamPlan.source,
    data_type: streamPlan.data_type,
    status,
    ledger: addLedgers(
      [],
      jobStream.sinks.map((sink) => sink.name),
    ),
    effort: { requests: 0, retries: 0, waits: 0, wait_ms: 0, bytes_read: 0, bytes_written: 0, source_requests: 0 },
    duration_ms: 0,
    slices: { planned: streamPlan.slices.length, finished: 0 },
    groups_from_landing: 0,
    objects: [],
    notes: [],
    checkpoint: null,
    inputs: [],
    outputs: [],
  };
}

export function reportedError(error: unknown): ReportedError {
  if (!(error instanceof Error)) return { name: 'Error', action: 'fatal', unexpected: true, message: String(error) };
  const { name, message } = error;
  if (!(error instanceof LoadinError)) return { name, action: 'fatal', unexpected: true, message };
  const { action, where, hint } = error;
  return { name, action, message, ...(where !== undefined && { where }), ...(hint !== undefined && { hint }) };
}

/** Sentences for everything that makes a stream's result less than promised. */
export function problemsOf(jobStream: JobStream, report: StreamReport, ledger: Ledger): string[] {
  const { stream } = report;
  const problems = imbalances(ledger).map((sentence) => `${stream}: the ledger does not balance: ${sentence}`);
  if (report.error !== undefined) problems.push(`${stream}: ${report.error.message}`);
  for (const note of report.notes) if (note.kind === 'truncated') problems.push(`${stream}: ${note.message}`);
  const limit = jobStream.maxRejected ?? DEFAULT_MAX_REJECTED;
  const lettered = Object.values(ledger.sinks).reduce((most, sink) => Math.max(most, sink.dead_lettered), 0);
  const lost = ledger.rejected + lettered;
  if (ledger.read > 0 && lost / ledger.read > limit) {
    problems.push(
      `${stream}: ${lost} of ${ledger.read} records were rejected or dead-lettered (${percent(lost / ledger.read)}); max_rejected allows ${percent(limit)}`,
    );
  }
  return problems;
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

export function datasets(jobStream: JobStream, streamPlan: StreamPlan, lake: ObjectStore): { inputs: Dataset[]; outputs: Dataset[] } {
  const { source, data_type } = streamPlan;
  return {
    inputs: [
      { namespace: source, name: data_type },
      { namespace: lake.uri, name: `landing/${source}/${data_type}` },
    ],
    outputs: jobStream.sinks.map((sink) => ({ namespace: sink.name, name: `${source}.${data_type}`, schema_version: jobStream.schemaVersion })),
  };
}
