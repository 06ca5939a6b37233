import { FatalError } from '@loadin/resilience';
import type { RunReport } from '../../report/report.js';
import { RUNS, type RunRecord } from '../../runs/run-record.js';
import { findRunByName } from '../find-run.js';
import { readPlan } from '../show-run.js';
import { storedReport } from '../stored-report.js';
import type { Stores } from '../stores.js';
import { expectedStreams } from './expected-objects.js';
import type { VerifiedRun, VerifiedStream, VerifyContext } from './types.js';
import { verifyStream } from './verify-stream.js';

/** Which runs are to be verified; without `run` and `stream` the last one that has a report. */
export interface VerifySelection {
  /** This one, by id; or by its job, with `time`. */
  readonly run?: string;
  /** With `run`: its scheduled time. */
  readonly time?: string;
  /** The part of this stream in the last runs that have a report of it. */
  readonly stream?: string;
  /** With `stream`: so many runs. Default 1. */
  readonly last?: number;
}

/** Run by run, as they are verified. Throws `FatalError` when there is nothing to verify. */
export async function* verifyRuns(stores: Stores, selection: VerifySelection, context: VerifyContext): AsyncGenerator<VerifiedRun> {
  for await (const report of reportsOf(stores, selection)) yield await verifyRun(stores, report, selection.stream, context);
}

async function verifyRun(stores: Stores, report: RunReport, only: string | undefined, context: VerifyContext): Promise<VerifiedRun> {
  const plan = await readPlan(stores.lake, report.job, report.run_id);
  const streams: VerifiedStream[] = [];
  for (const expected of await expectedStreams(stores, report, only)) {
    const second = plan?.streams.find(({ id }) => id === expected.stream.stream)?.second;
    streams.push(await verifyStream({ lake: stores.lake, report, expected, second }, context));
  }
  const { run_id, job, scheduled_time } = report;
  return { run_id, job, scheduled_time, streams, differences: streams.reduce((sum, { differences }) => sum + differences.length, 0) };
}

async function* reportsOf(stores: Stores, { run, time, stream: wanted, last = 1 }: VerifySelection): AsyncGenerator<RunReport> {
  const { lake, state } = stores;
  if (run !== undefined) {
    const record = await findRunByName(state, run, time);
    const report = await storedReport(lake, record);
    if (report === undefined)
      throw new FatalError(`Run ${record.run_id} has no report yet: its first attempt is under way, or was killed`, {
        hint: `Run it to its end: loadin run ${record.job} --at ${record.scheduled_time}.`,
      });
    yield report;
    return;
  }
  let found = 0;
  for (const record of await recordsByTime(stores)) {
    const report = await storedReport(lake, record);
    if (report === undefined || (wanted !== undefined && !report.streams.some(({ stream }) => stream === wanted))) continue;
    yield report;
    found += 1;
    if (found === last) return;
  }
  if (found === 0)
    throw new FatalError(wanted === undefined ? 'There is no run with a report yet' : `No run has a report of the stream "${wanted}"`, {
      where: state.uri,
      hint: 'These are there: loadin runs list.',
    });
}

/** The latest first. What is kept of each is small, so that years of runs fit. */
async function recordsByTime({ state }: Stores): Promise<Pick<RunRecord, 'job' | 'run_id' | 'scheduled_time'>[]> {
  const records: Pick<RunRecord, 'job' | 'run_id' | 'scheduled_time'>[] = [];
  for await (const { value } of state.list(RUNS)) {
    const { job, run_id, scheduled_time } = value as unknown as RunRecord;
    records.push({ job, run_id, scheduled_time });
  }
  return records.sort((a, b) => (a.scheduled_time < b.scheduled_time ? 1 : -1));
}
