import { setTimeout as delay } from 'node:timers/promises';
import { BUCKET } from '@loadin/specs';
import { createAttempts, type Attempts } from './attempts.js';
import type { Attempt, Evidence } from './evidence.js';
import { allShards, allVersions, latestOf, startReader } from './gather.js';
import { truthOf, type JobName } from './jobs.js';
import type { Programs } from './processes.js';
import { carryOut, type Stage } from './rounds.js';
import type { Scenario } from './scenario.js';
import { createWeather, type Strike } from './weather.js';
import { LEASE_MS, SECRETS, startWorld, STREAM, type World } from './world.js';

export interface Storm {
  readonly evidence: Evidence;
  /** What did not come about although it must, as far as the harness itself can tell. */
  readonly findings: readonly string[];
  /** What struck, and how often. */
  readonly counts: Readonly<Record<string, number>>;
}

/** A run that is not complete after so many calm attempts never will be. */
const MOST_CALM_ATTEMPTS = 6;

/** Carries out a scenario: storm, calm attempts until every run is complete, one more of each, and all the evidence. */
export async function runStorm(scenario: Scenario, programs: Programs): Promise<Storm> {
  const world = await startWorld(scenario);
  const counts: Record<string, number> = {};
  const count = (name: string, n = 1): void => void (counts[name] = (counts[name] ?? 0) + n);
  let weather: (call: Parameters<ReturnType<typeof createWeather>>[0]) => Promise<Strike | undefined> = async () => undefined;
  const attempts = createAttempts(world, programs, (call) => weather(call));
  const reader = startReader(world.storage, attempts.recorder);
  try {
    const stage: Stage = { world, attempts, job: scenario.jobs[0] ?? 'daily', struck: count, main: programs.main };
    for (const [n, round] of scenario.rounds.entries()) {
      weather = createWeather(scenario.seed * 100 + n, round.weather);
      await carryOut(round.trouble, stage);
    }
    weather = async () => undefined;
    world.upstreams.faults.clear();
    const findings: string[] = [];
    for (const job of scenario.jobs) findings.push(...(await completed(job, attempts)));
    await reader.stop();
    const evidence = await gathered(scenario, world, attempts, reader.listings);
    findings.push(...evidence.attempts.filter(({ hung }) => hung).map(({ id }) => `${id} did not come to its end`));
    for (const [name, n] of Object.entries(attempts.recorder.struck)) count(name, n);
    countOutcome(evidence, count);
    return { evidence, findings, counts };
  } finally {
    await attempts.close();
    await reader.stop();
    await world.close();
  }
}

/** Repeats a run as a scheduler does, undisturbed, until it is complete; and once more, which must change nothing. */
async function completed(job: JobName, attempts: Attempts): Promise<string[]> {
  let last: Attempt | undefined;
  for (let n = 1; n <= MOST_CALM_ATTEMPTS; n += 1) {
    last = await attempts.start({ job, weather: 'calm' }).ended;
    if (last.report?.status === 'complete') {
      await attempts.start({ job, weather: 'calm' }).ended;
      return [];
    }
    await delay(LEASE_MS);
  }
  const said = last?.report?.problems.join('; ') ?? last?.exit.stderr.trim().split('\n').at(-1);
  return [
    `${job} is not complete after ${MOST_CALM_ATTEMPTS} attempts in calm weather: ${last?.report?.status ?? `status ${last?.exit.status}`}, ${said}`,
  ];
}

async function gathered(scenario: Scenario, world: World, attempts: Attempts, listings: Evidence['listings']): Promise<Evidence> {
  const { recorder } = attempts;
  const versions = await allVersions(world.storage, recorder);
  return {
    seed: scenario.seed,
    leaseMs: LEASE_MS,
    secrets: SECRETS,
    bucket: BUCKET,
    streamName: STREAM,
    runs: scenario.jobs.map((job) => truthOf(job, world.versions, world.sources.spoiled)),
    attempts: attempts.all,
    events: recorder.events,
    acts: recorder.acts,
    listings,
    lake: latestOf(versions),
    versions,
    shards: await allShards(world.storage, recorder),
    state: recorder.state,
  };
}

function countOutcome({ attempts, events, shards, listings, state, acts }: Evidence, count: (name: string, n?: number) => void): void {
  count('attempts', attempts.length);
  count('calls that changed something', events.length);
  count(
    'records on the stream',
    shards.reduce((sum, { records }) => sum + records.length, 0),
  );
  count('listings', listings.length);
  for (const { exit, report } of attempts)
    count(`ended ${exit.signal ?? report?.status ?? `with status ${exit.status}`}${report?.reason === undefined ? '' : ` (${report.reason})`}`);
  count('leases taken over', takeovers(state));
  for (const { kind } of acts) count(kind);
}

/** How often somebody took an item that another one held. */
function takeovers(state: Evidence['state']): number {
  const held = new Map<string, { owner: unknown; generation: unknown }>();
  let count = 0;
  for (const { key, value } of state) {
    const lease = value?.['lease'] as { owner?: unknown; generation?: unknown } | undefined;
    if (lease === undefined) continue;
    const before = held.get(key);
    if (before !== undefined && before.owner !== null && lease.generation !== before.generation) count += 1;
    held.set(key, { owner: lease.owner, generation: lease.generation });
  }
  return count;
}
