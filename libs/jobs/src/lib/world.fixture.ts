import { loadEnvironment, readSettings, type Environment } from '@loadin/config';
import type { JsonObject } from '@loadin/pipeline';
import { BUCKET, startServers, type ServersOptions } from '@loadin/specs';
import { createManualClock } from '@loadin/testing';
import { join } from 'node:path';
import { connect } from './connect.js';
import { openState } from './stores.js';
import { runNamedJob, type RunNamedJobOptions } from './run-named-job.js';

/** The simulated world begins here; the job's clock says so too. */
export const BASE_DATE = '2026-03-01';
export const AT = '2026-03-01T02:00:00Z';

const NO_LIMITS = { spotify: { callsPerWindow: 1e6 }, ticketmaster: { perSecond: 1e6, perDay: 1e6 } };

/** Real servers with everything created, sources without rate limits, and a clock on which waiting takes no time. */
export async function startWorld({ jobs, shards = 4 }: Pick<ServersOptions, 'shards'> & { readonly jobs: string }) {
  const servers = await startServers({ jobs, shards, upstreams: { baseDate: BASE_DATE, limits: NO_LIMITS } });
  const env = { ...servers.env, LOADIN_JOBS: join(servers.dir, 'jobs.yaml') };
  const clock = createManualClock(Date.parse(AT) + 5_000);
  const environment = (more: Readonly<Record<string, string | undefined>> = {}): Environment =>
    loadEnvironment({ cwd: servers.dir, env: { ...env, ...more } });
  /** What is in the state store, sorted by key. */
  const stateItems = async (prefix = ''): Promise<{ key: string; value: JsonObject }[]> => {
    const aws = connect(environment());
    const state = await openState(readSettings(environment(), ['state']), aws);
    const items: { key: string; value: JsonObject }[] = [];
    for await (const { key, value } of state.list(prefix)) items.push({ key, value });
    await aws.close();
    return items.sort((a, b) => (a.key < b.key ? -1 : 1));
  };
  return {
    ...servers,
    stateItems,
    env,
    clock,
    bucket: BUCKET,
    environment,
    run: (job: string, more: Partial<RunNamedJobOptions> = {}) => runNamedJob({ job, environment: environment(), clock, at: AT, ...more }),
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;
