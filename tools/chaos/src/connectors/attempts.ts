import { FatalError, runJob, type RunReport } from '@loadin/pipeline';
import {
  createMemoryObjectStore,
  createMemorySink,
  createMemoryStateStore,
  createRecordingLogger,
  type MemoryObjectStore,
  type MemorySink,
  type MemoryStateStore,
  type RecordingLogger,
} from '@loadin/testing';
import type { LoggedCall, StormReport } from '@loadin/upstreams';
import { openJob } from './job.js';
import type { Scenario } from './scenario.js';
import { scheduledTime, type World } from './world.js';

export interface Attempt {
  readonly report: RunReport;
  /** What the sources saw of it. */
  readonly calls: readonly LoggedCall[];
}

/** All that a run of a scenario left behind. */
export interface Run {
  readonly scenario: Scenario;
  readonly attempts: readonly Attempt[];
  readonly storm: StormReport | undefined;
  /** Calls that were made while the service was down. */
  readonly outageCalls: number;
  readonly sink: MemorySink;
  readonly lake: MemoryObjectStore;
  readonly state: MemoryStateStore;
  readonly logger: RecordingLogger;
}

/** A storm that is not over after so many attempts is one that the run can't get through. */
export const mostAttempts = 25;
/** A scheduler starts a run again so much later, when the run does not say when. */
const pauseMs = 15 * 60 * 1_000;

/** Runs the job until it is complete or gives up: as a scheduler does, each attempt with a new process's knowledge, when the last one said. */
export async function runThrough(world: World, scenario: Scenario): Promise<Run> {
  world.renew();
  const { upstreams, clock } = world;
  upstreams.limits.spotify.developmentMode = !scenario.selection.extended;
  upstreams.limits.spotify.tokenTtlSeconds = scenario.tokenTtlSeconds;
  begin(scenario, world);
  const [sink, lake, state, logger] = [createMemorySink(), createMemoryObjectStore(), createMemoryStateStore(), createRecordingLogger()];
  const attempts: Attempt[] = [];
  while (attempts.length < mostAttempts) {
    const seen = upstreams.requests().calls.length;
    const { job, close } = openJob(world, scenario, attempts.length + 1, sink);
    const report = await runJob({ job, lake, state, at: scheduledTime, clock, logger }).finally(close);
    attempts.push({ report, calls: upstreams.requests().calls.slice(seen) });
    if (report.status === 'complete' || report.streams.some(({ error }) => error?.action === 'fatal')) break;
    const resumeAt = report.resume_after === undefined ? clock.now() + pauseMs : Date.parse(report.resume_after);
    if (Number.isNaN(resumeAt)) throw new FatalError(`resume_after is no time: ${report.resume_after}`);
    await clock.sleep(Math.max(pauseMs, resumeAt - clock.now()));
  }
  const outageCalls = upstreams.faults.list().reduce((sum, { applied }) => sum + applied, 0);
  return { scenario, attempts, storm: upstreams.faults.storms()[0], outageCalls, sink, lake, state, logger };
}

function begin({ seed, rates, outage }: Scenario, { upstreams, clock }: World): void {
  if (seed > 0) upstreams.faults.storm({ seed, rates });
  if (outage === undefined) return;
  const from = clock.now() + outage.afterSeconds * 1_000;
  upstreams.faults.add({ api: outage.api, effect: { kind: 'drop' }, when: { from, until: from + outage.seconds * 1_000 } });
}
