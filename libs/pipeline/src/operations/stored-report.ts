import { FatalError } from '@loadin/resilience';
import type { ObjectStore } from '../ports/object-store.js';
import { readReport, reportKey, type RunReport } from '../report/report.js';
import type { RunRecord } from '../runs/run-record.js';

/** The stored report of a run. Throws `FatalError` when something else lies in its place. */
export async function storedReport(lake: ObjectStore, { job, run_id: runId }: Pick<RunRecord, 'job' | 'run_id'>): Promise<RunReport | undefined> {
  try {
    const report = await readReport(lake, job, runId);
    if (report === undefined || Array.isArray(report.streams)) return report;
    throw new SyntaxError('it has no streams');
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new FatalError(`the report of run ${runId} is damaged: ${cause.message}`, {
      where: `${lake.uri}/${reportKey(job, runId)}`,
      hint: 'Bring an earlier version of the object back, if the bucket keeps versions.',
      cause,
    });
  }
}
