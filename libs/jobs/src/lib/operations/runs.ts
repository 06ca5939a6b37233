import type { Environment } from '@loadin/config';
import { findRunByName, listRuns, showRun, type ListRunsOptions, type RunDetails, type RunSummary } from '@loadin/pipeline';
import { lakeOfRun } from './both-lakes.js';
import { withStores } from './with-stores.js';

export interface RunsOptions extends ListRunsOptions {
  readonly environment: Environment;
}

/** The latest runs by scheduled time. */
export const listJobRuns = ({ environment, ...options }: RunsOptions): Promise<{ readonly uri: string; readonly runs: readonly RunSummary[] }> =>
  withStores(environment, async (stores) => ({ uri: stores.state.uri, runs: await listRuns(stores, options) }));

export interface ShowRunOptions {
  readonly environment: Environment;
  /** A run id; or a job, with `time`. */
  readonly run: string;
  /** Scheduled time, ISO 8601 with a zone. */
  readonly time?: string;
}

/** A run, by its id or by job and time. Throws `FatalError` when there is no such run. */
export const showJobRun = ({ environment, run, time }: ShowRunOptions): Promise<RunDetails> =>
  withStores(environment, async ({ state, lakes }) => {
    const record = await findRunByName(state, run, time);
    return showRun({ state, lake: await lakeOfRun(lakes, record) }, record);
  });
