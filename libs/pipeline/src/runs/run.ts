import { inSpan } from '@loadin/observability';
import { beginRun, type PlanRunOptions } from '../phases/plan-run.js';
import { endRun } from '../phases/finish-run.js';
import { openPhase } from '../phases/phase-options.js';
import { runSlices, type SlicesOptions } from '../phases/run-slices.js';
import type { RunReport } from '../report/report.js';
import { noteReport } from '../report/note-report.js';

export interface RunOptions extends PlanRunOptions, SlicesOptions {}

/**
 * Runs a job once, or goes on with the run that this is a retry of: plans it, works on its slices, finishes it. Throws `FatalError` (nothing read yet: configuration,
 * missing bucket or table), `StopError` (another process is planning or finishing a run of the job, or this one is told to stop while it plans) and what the stores
 * throw until then; everything that happens later is in the report, also that it could not be stored.
 */
export async function runJob(options: RunOptions): Promise<RunReport> {
  return inSpan('loadin.run', { 'loadin.job': options.job.name }, async (span) => {
    const report = await run(options);
    noteReport(span, report);
    return report;
  });
}

async function run(options: RunOptions): Promise<RunReport> {
  const phase = openPhase(options);
  const begun = await beginRun(phase, options);
  if ('report' in begun) return begun.released.then(() => begun.report);
  const [outcomes] = await Promise.all([runSlices(begun, phase, options), begun.released]);
  const slices = new Map([...outcomes].map(([stream, outcome]) => [stream, outcome.slices]));
  return endRun(phase, begun.plan.run_id, { plan: begun.plan, found: begun.found, slices });
}
