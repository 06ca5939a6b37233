import { addLedgers } from '../report/ledger.js';
import { mapLimit } from '../map-limit.js';
import { parsePlan, planKey, type Plan, type StreamPlan } from '../plan/plan.js';
import type { ObjectStore } from '../ports/object-store.js';
import { withObjects } from '../slices/listed-objects.js';
import { readProgress, type SliceProgress } from '../slices/progress.js';
import { reportKey, type RunReport } from '../report/report.js';
import type { RunRecord } from '../runs/run-record.js';
import type { RunDetails, RunStreamDetails } from './run-types.js';
import { storedReport } from './stored-report.js';
import type { Stores } from './stores.js';

/** State items read at once. */
const CONCURRENCY = 8;

/** What is known of a run: by its report, or, while an attempt is under way or was killed, by the progress that it has saved. */
export async function showRun({ lake, state }: Stores, run: RunRecord): Promise<RunDetails> {
  const report = await storedReport(lake, run);
  const plan = await readPlan(lake, run.job, run.run_id);
  const uris = {
    plan_uri: plan === undefined ? null : `${lake.uri}/${planKey(run.job, run.run_id)}`,
    report_uri: report === undefined ? null : `${lake.uri}/${reportKey(run.job, run.run_id)}`,
  };
  // A report that is there while the run is under way is that of an earlier attempt.
  if (report !== undefined && run.status !== 'running') return { run, source: 'report', ...fromReport(report), ...uris };
  const nothing = { problems: [], stopped: null, duration_ms: null, time: null, ...uris };
  if (plan === undefined) return { run, source: 'none', streams: [], ...nothing };
  const streams: RunStreamDetails[] = [];
  for (const stream of plan.streams) streams.push(await fromProgress({ lake, state }, run.run_id, stream));
  return { run, source: 'progress', streams, ...nothing };
}

export async function readPlan(lake: ObjectStore, job: string, runId: string): Promise<Plan | undefined> {
  const stored = await lake.get(planKey(job, runId));
  return stored && parsePlan(stored, planKey(job, runId));
}

function fromReport({ streams, problems, status, reason, resume_after, duration_ms, time }: RunReport) {
  return {
    streams: streams.map(({ stream, source, data_type, status: streamStatus, slices, ledger, objects, notes, error, ...by }): RunStreamDetails => ({
      ...{ stream, source, data_type, status: streamStatus, slices, ledger, objects, notes },
      ...(error !== undefined && { error }),
      ...(by.loader !== undefined && { loader: by.loader, duration_ms: by.duration_ms, checkpoint: by.checkpoint }),
    })),
    problems,
    stopped: status === 'stopped' ? { reason, resume_after } : null,
    duration_ms,
    time: time ?? null,
  };
}

async function fromProgress({ lake, state }: Stores, runId: string, { id, source, data_type, slices }: StreamPlan): Promise<RunStreamDetails> {
  const progress: SliceProgress[] = await mapLimit(slices, CONCURRENCY, async ({ ordinal }) =>
    withObjects(lake, await readProgress(state, runId, id, ordinal)),
  );
  const sinkNames = [...new Set(progress.flatMap(({ sinks }) => Object.keys(sinks)))];
  return {
    stream: id,
    source,
    data_type,
    status: 'under_way',
    slices: { planned: slices.length, finished: progress.filter(({ finished }) => finished !== undefined).length },
    ledger: addLedgers(
      progress.flatMap(({ ledger }) => ledger ?? []),
      sinkNames,
    ),
    objects: progress.flatMap(({ sinks }) => Object.values(sinks).flatMap(({ objects }) => objects)),
    notes: progress.flatMap(({ finished }) => finished?.notes ?? []),
  };
}
