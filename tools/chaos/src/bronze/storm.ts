import { setTimeout as delay } from 'node:timers/promises';
import type { DuckDBInstance } from '@duckdb/node-api';
import type { PostgresServer } from '@loadin/postgres';
import { createAttempts, type Attempts } from '../delivery/attempts.js';
import { startChild } from '../delivery/child.js';
import type { Attempt } from '../delivery/evidence.js';
import type { Programs } from '../delivery/processes.js';
import { carryOutAnywhere, type AnyStage } from '../delivery/rounds.js';
import { createWeather, type Strike } from '../delivery/weather.js';
import { LEASE_MS } from '../delivery/world.js';
import { checkLake, type Allowance } from './check-lake.js';
import { checkOrder } from './check-order.js';
import { checkRuns } from './check-runs.js';
import { readLake } from './lake.js';
import { lose } from './losses.js';
import type { Day, LoadRound, LoadScenario } from './scenario.js';
import { createTables, ENTITIES, scheduledAt, type Entity } from './tables.js';
import { startLoadWorld, type LoadWorld } from './world.js';

export interface LoadStorm {
  /** What does not hold, in sentences. */
  readonly findings: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  readonly attempts: readonly Attempt[];
}

/** A run that is not complete after so many calm attempts never will be. */
const MOST_CALM_ATTEMPTS = 6;

interface Going {
  readonly world: LoadWorld;
  readonly attempts: Attempts;
  readonly programs: Programs;
  readonly tables: ReturnType<typeof createTables>;
  readonly setWeather: (weather: (call: Parameters<ReturnType<typeof createWeather>>[0]) => Promise<Strike | undefined>) => void;
  readonly struck: (name: string) => void;
  readonly findings: string[];
}

/** Carries out a scenario, ends with a calm run that reads everything, and holds what lies there against the database. */
export async function runLoadStorm(
  scenario: LoadScenario,
  programs: Programs,
  { postgres, duckdb }: { postgres: PostgresServer; duckdb: DuckDBInstance },
): Promise<LoadStorm> {
  const world = await startLoadWorld(scenario, postgres);
  const counts: Record<string, number> = {};
  const struck = (name: string, n = 1): void => void (counts[name] = (counts[name] ?? 0) + n);
  let weather: Parameters<Going['setWeather']>[0] = async () => undefined;
  const attempts = createAttempts(world, programs, (call) => weather(call));
  const tables = createTables(world.sql, scenario);
  const findings: string[] = [];
  const going: Going = { world, attempts, programs, tables, struck, findings, setWeather: (next) => (weather = next) };
  try {
    await tables.create();
    for (const [n, day] of scenario.days.entries()) await liveThrough(n, day, scenario, going);
    await completed(scenario.days.length, going, ['--full-refresh']);
    const lake = await readLake(world, duckdb);
    try {
      findings.push(
        ...(await checkLake(lake, world.sql, allowanceOf(scenario))),
        ...(await checkRuns(
          lake,
          attempts.all,
          scenario.days.some(({ loss }) => loss === 'the sets'),
        )),
        ...checkOrder(attempts.recorder, lake),
      );
      findings.push(...(await verified(scenario.days.length, going)));
      struck('uploads left behind', lake.pending.length);
      struck('files', lake.files.length);
    } finally {
      await lake.close();
    }
    findings.push(...attempts.all.filter(({ hung }) => hung).map(({ id }) => `${id} did not come to its end`));
    struck('attempts', attempts.all.length);
    for (const [name, n] of Object.entries(attempts.recorder.struck)) if (!name.startsWith('unnamed')) struck(name, n);
    for (const { exit, report } of attempts.all) struck(`ended ${exit.signal ?? report?.status ?? `with status ${exit.status}`}`);
    return { findings, counts, attempts: attempts.all };
  } finally {
    await attempts.close();
    await world.close();
  }
}

function allowanceOf({ days }: LoadScenario): Allowance {
  const losses = days.flatMap(({ loss }) => loss ?? []);
  // By the cursor the next run goes on where the last complete one was; what is compared is compared with the last load, whether its run was ended or not.
  const left: readonly Entity[] = days.some(({ abandoned }) => abandoned) ? ['orders'] : [];
  return { forgotten: losses.some((loss) => loss !== 'a checkpoint'), repeated: losses.length > 0 ? ENTITIES : left };
}

async function liveThrough(n: number, day: Day, { seed, store }: LoadScenario, going: Going): Promise<void> {
  const { world, tables, struck, setWeather } = going;
  if (n > 0) await tables.change(day.change, n);
  if (day.loss !== undefined) {
    await lose(day.loss, store, world);
    struck(`lost: ${day.loss}`);
  }
  for (const [r, round] of day.rounds.entries()) {
    setWeather(createWeather(seed * 100 + n * 10 + r, round.weather));
    await carryOut(round, n, going);
  }
  setWeather(async () => undefined);
  if (day.abandoned) struck('left unfinished');
  else await completed(n, going);
}

async function carryOut({ trouble, changes }: LoadRound, day: number, { world, attempts, struck, tables }: Going): Promise<void> {
  const start = { at: scheduledAt(day) };
  if (trouble.kind === 'full disk while spilling') {
    const { exit } = await attempts.start({ job: 'bronze', weather: 'storm', ...start, largestFileKB: trouble.largestFileKB }).ended;
    return struck(exit.status === 0 ? `${trouble.kind}: it did not matter` : trouble.kind);
  }
  const stage: AnyStage = { world, attempts, job: 'bronze', start, struck };
  const meanwhile = changes ? () => tables.changeMeanwhile(day) : undefined;
  if (trouble.kind === 'kill at a step' && changes) struck('tables changed where it was killed');
  await carryOutAnywhere(trouble, stage, meanwhile);
}

/** Repeats a run as a scheduler does, undisturbed, until it is complete. */
async function completed(day: number, { attempts, findings }: Going, more: readonly string[] = []): Promise<void> {
  let last: Attempt | undefined;
  for (let n = 1; n <= MOST_CALM_ATTEMPTS; n += 1) {
    last = await attempts.start({ job: 'bronze', weather: 'calm', at: scheduledAt(day), more }).ended;
    if (last.report?.status === 'complete') return;
    await delay(LEASE_MS);
  }
  const said = last?.report?.problems.join('; ') ?? last?.exit.stderr.trim().split('\n').at(-1);
  findings.push(`the run of ${scheduledAt(day)} is not complete after ${MOST_CALM_ATTEMPTS} attempts in calm weather: ${last?.exit.status}, ${said}`);
}

/** What the product says itself has to agree. */
async function verified(day: number, { world, programs: { main } }: Going): Promise<string[]> {
  const args = ['verify', '--run', 'bronze', scheduledAt(day)];
  const { status, stdout, stderr } = await startChild({ main, args, cwd: world.dir, env: world.envOf('operator') }).ended;
  return status === 0 ? [] : [`loadin ${args.join(' ')} ended with status ${status}: ${stdout}${stderr}`];
}
