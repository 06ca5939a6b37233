import { LoadinError } from '@loadin/resilience';
import type { ObjectStore } from '../ports/object-store.js';
import { readReport, reportKey, type RunReport } from '../report/report.js';

/** The report of a run that is to be replayed. Throws `ReportDamagedError`, and what the lake throws. */
export async function readRunReport(lake: ObjectStore, job: string, runId: string): Promise<RunReport | undefined> {
  try {
    return await readReport(lake, job, runId);
  } catch (error) {
    throw error instanceof SyntaxError ? new ReportDamagedError(`${lake.uri}/${reportKey(job, runId)}`, error) : error;
  }
}

export class ReportDamagedError extends LoadinError {
  readonly action = 'fatal';
  constructor(where: string, cause: unknown) {
    super("this report of a run can't be read", { where, hint: 'Bring an earlier version of the object back, if the bucket keeps versions.', cause });
  }
}
