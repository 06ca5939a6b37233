import { LoadinError } from '@loadin/resilience';
import { mapLimit } from '../map-limit.js';
import { parsePlan, planKey, PLANS, type Plan } from '../plan/plan.js';
import type { ObjectStore } from '../ports/object-store.js';
import { REPORTS } from '../report/report.js';
import { readRunReport, ReportDamagedError } from './run-report.js';
import type { ReplayWindow } from './window.js';

/** A run that the window asks for. Without its plan: those of a year of runs are too much to hold at once. */
export interface FoundRun {
  readonly run_id: string;
  readonly job: string;
  readonly scheduled_time: string;
  /** Why there is no plan to go by. */
  readonly missing?: string;
}

interface Names {
  readonly job: string;
  readonly runId: string;
}

/** Documents read at once. */
const CONCURRENCY = 8;

/**
 * The runs of a window by scheduled time, as the lake knows them: each has a plan. One that has a report and no plan is found as well, to be
 * named. Throws what the lake throws.
 */
export async function findRuns(lake: ObjectStore, window: ReplayWindow, job: string | undefined): Promise<FoundRun[]> {
  const plans = await namesUnder(lake, PLANS, job);
  const planned = new Set(plans.map(({ runId }) => runId));
  const reports = (await namesUnder(lake, REPORTS, job)).filter(({ runId }) => !planned.has(runId));
  const found = [
    ...(await mapLimit(plans, CONCURRENCY, (names) => withPlan(lake, names))),
    ...(await mapLimit(reports, CONCURRENCY, (names) => withoutPlan(lake, names))),
  ];
  const inWindow = found.filter((run) => run !== undefined).filter(({ scheduled_time: at }) => at === '' || (window.from <= at && at <= window.to));
  const order = ({ scheduled_time, run_id }: FoundRun): string => `${scheduled_time} ${run_id}`;
  return inWindow.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** The plan of a run that was found; `undefined` when it was deleted since. */
export async function planOf(lake: ObjectStore, { job, run_id }: FoundRun): Promise<Plan | undefined> {
  const key = planKey(job, run_id);
  const stored = await lake.get(key);
  return stored && parsePlan(stored, key);
}

async function namesUnder(lake: ObjectStore, prefix: string, job: string | undefined): Promise<Names[]> {
  const names: Names[] = [];
  for await (const { key } of lake.list(job === undefined ? prefix : `${prefix}${job}/`)) {
    const [, name, runId] = /^([^/]+)\/([^/]+)\.json$/.exec(key.slice(prefix.length)) ?? [];
    if (name !== undefined && runId !== undefined) names.push({ job: name, runId });
  }
  return names;
}

async function withPlan(lake: ObjectStore, { job, runId }: Names): Promise<FoundRun | undefined> {
  const key = planKey(job, runId);
  const run = { job, run_id: runId };
  const stored = await lake.get(key);
  if (stored === undefined) return undefined; // deleted since it was listed
  try {
    return { ...run, scheduled_time: parsePlan(stored, key).scheduled_time };
  } catch (error) {
    const reported = await readRunReport(lake, job, runId).catch(undefinedWhenDamaged);
    const what = error instanceof LoadinError ? error.message : 'it is no JSON document of Loadin';
    // Its time stands in the plan: one that can't be read is named whatever the window, unless its report tells the time.
    return { ...run, scheduled_time: reported?.scheduled_time ?? '', missing: `its plan can't be read: ${what} (${lake.uri}/${key})` };
  }
}

async function withoutPlan(lake: ObjectStore, { job, runId }: Names): Promise<FoundRun | undefined> {
  const missing = `its plan is not there (${lake.uri}/${planKey(job, runId)})`;
  try {
    const report = await readRunReport(lake, job, runId);
    return report && { job, run_id: runId, scheduled_time: report.scheduled_time, missing };
  } catch (error) {
    if (!(error instanceof ReportDamagedError)) throw error;
    return { job, run_id: runId, scheduled_time: '', missing: `${missing}, and its report can't be read` };
  }
}

/** A report that is damaged tells nothing; that the lake does not answer is another matter, and ends the replay. */
function undefinedWhenDamaged(error: unknown): undefined {
  if (!(error instanceof ReportDamagedError)) throw error;
}
