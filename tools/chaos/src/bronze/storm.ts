import { setTimeout as delay } from 'node:timers/promises';
import type { DuckDBInstance } from '@duckdb/node-api';
import { Client } from 'pg';
import type { PostgresServer } from '@loadin/postgres';
import { createAttempts, type Attempts } from '../delivery/attempts.js';
import { startChild } from '../delivery/child.js';
import type { Attempt } from '../delivery/evidence.js';
import type { Programs } from '../delivery/processes.js';
import { carryOutAnywhere, type AnyStage } from '../delivery/rounds.js';
import { createWeather, type Strike } from '../delivery/weather.js';
import { LEASE_MS } from '../delivery/world.js';
import { checkGoingOn } from './check-going-on.js';
import { checkLake, type Allowance } from './check-lake.js';
import { checkLeftovers } from './check-leftovers.js';
import { checkOrder } from './check-order.js';
import { checkRuns } from './check-runs.js';
import { readLake } from './lake.js';
import { lose } from './losses.js';
import { removeLoadOf, replaceObject } from './replaced-files.js';
import type { Moment } from '../delivery/scenario.js';
import type { Day, LoadRound, LoadScenario } from './scenario.js';
import { createTables, ENTITIES, scheduledAt } from './tables.js';
import { startLoadWorld, type LoadWorld } from './world.js';

export interface LoadStorm {
  /** What does not hold, in sentences. */
  readonly findings: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  readonly attempts: readonly Attempt[];
}

/** A run that is not complete after so many calm attempts never will be; once one is not, the others need not be tried so often. */
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
    // By what has changed, and then everything: what only the last of them brings was lost before.
    await completed(scheduledAt(scenario.days.length), going);
    const last = scenario.overlap ? await overlapping(going) : scheduledAt(scenario.days.length + 1);
    await completed(last, going, ['--full-refresh']);
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
        ...(mayForget(scenario) ? [] : checkGoingOn(attempts.recorder, lake)),
        ...checkLeftovers(lake, attempts.recorder, attempts.all),
      );
      findings.push(...(await verified(last, going)));
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

function allowanceOf({ days, only }: LoadScenario): Allowance {
  const losses = days.flatMap(({ loss }) => loss ?? []);
  // A load that can't be completed is read again. Without its files none of its rows is there twice; but with them goes what it had found to be gone.
  return {
    forgotten: losses.some((loss) => loss !== 'a checkpoint'),
    repeated: losses.length > 0 ? ENTITIES : [],
    ...(only && { entities: [only] }),
  };
}

/** What was lost is not known any more, and what somebody has damaged can't be completed. */
const mayForget = ({ days }: LoadScenario): boolean =>
  days.some(({ loss, rounds }) => loss !== undefined || rounds.some(({ trouble }) => trouble.kind === 'replaced file'));

/** Two runs of the present: before and after a transaction that is open at the first of them ends. Gives the time of the run after them. */
async function overlapping(going: Going): Promise<string> {
  const { world, tables, struck } = going;
  const slow = new Client({ connectionString: world.url, ssl: false });
  await slow.connect();
  try {
    await tables.overlap({ query: async (sql) => ({ rows: (await slow.query(sql)).rows }) });
    // The clock of a run has whole seconds: what was committed has to be before it.
    await delay(1_100);
    await completed(seconds(0), going);
    await slow.query('COMMIT');
    await delay(1_100);
    await completed(seconds(0), going);
    struck('a transaction open during a run');
    return seconds(5);
  } finally {
    await slow.end();
  }
}

/** So much later than now, ISO 8601 UTC. */
const seconds = (later: number): string => `${new Date(Date.now() + later * 1_000).toISOString().slice(0, 19)}Z`;

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
  else await completed(scheduledAt(n), going);
}

async function carryOut({ trouble, changes }: LoadRound, day: number, going: Going): Promise<void> {
  const { world, attempts, struck, tables } = going;
  const start = { at: scheduledAt(day) };
  if (trouble.kind === 'full disk while spilling') {
    const { exit } = await attempts.start({ job: 'bronze', weather: 'storm', ...start, largestFileKB: trouble.largestFileKB }).ended;
    return struck(exit.status === 0 ? `${trouble.kind}: it did not matter` : trouble.kind);
  }
  if (trouble.kind === 'replaced file') return replacedFile(day, going);
  if (trouble.kind === 'run overtaken') return overtaken(trouble.at, day, going);
  const stage: AnyStage = { world, attempts, job: 'bronze', start, struck };
  const meanwhile = changes ? () => tables.changeMeanwhile(day) : undefined;
  if (trouble.kind === 'kill at a step' && changes) struck('tables changed where it was killed');
  await carryOutAnywhere(trouble, stage, meanwhile);
}

/**
 * The run is killed when a file of it could be seen, and somebody writes another file of the same size in its place. Nobody may take that for his own: the run never completes, and the
 * next one reads anew. Its files are taken away as its report says.
 */
async function replacedFile(day: number, { world: { storage }, attempts, struck, findings }: Going): Promise<void> {
  const start = { job: 'bronze', at: scheduledAt(day) };
  const first = attempts.start({ ...start, weather: 'storm' });
  let key: string | undefined;
  attempts.at(first, { step: 'object completed', when: 'after', nth: 1 }, async (step) => {
    await first.kill(step);
    key = attempts.recorder.events.filter((event) => event.step === 'object completed' && event.attempt === first.id).at(-1)?.key;
    return 'give up';
  });
  await first.ended;
  if (key === undefined) return struck('never came to object completed');
  await replaceObject(storage.s3, key);
  const { report } = await attempts.start({ ...start, weather: 'calm' }).ended;
  if (report?.status === 'complete') findings.push(`the run of ${start.at} is complete, although ${key} is not what it has written`);
  await removeLoadOf(storage.s3, key);
  struck('replaced file');
}

/** No call of a run comes through from there on, while another run comes to its end; then all of them do. Its leases keep nobody out: that is another run. */
async function overtaken(at: Moment, day: number, going: Going): Promise<void> {
  const { attempts, struck } = going;
  const slow = attempts.start({ job: 'bronze', at: scheduledAt(day), weather: 'calm' });
  let asleep: Promise<void> | undefined;
  attempts.at(slow, at, async () => {
    const open = attempts.cutOff(slow);
    const others = async (): Promise<void> => {
      await completed(scheduledAt(day + 1), going);
      open();
    };
    asleep = slow.pause(others, 'unheard');
    return undefined;
  });
  await slow.ended;
  await asleep;
  struck(asleep === undefined ? `never came to ${at.step}` : 'run overtaken');
}

/** Repeats a run as a scheduler does, undisturbed, until it is complete. */
async function completed(at: string, { attempts, findings }: Going, more: readonly string[] = []): Promise<void> {
  let last: Attempt | undefined;
  for (let n = 1; n <= (findings.length > 0 ? 2 : MOST_CALM_ATTEMPTS); n += 1) {
    last = await attempts.start({ job: 'bronze', weather: 'calm', at, more }).ended;
    if (last.report?.status === 'complete') return;
    await delay(LEASE_MS);
  }
  const said = last?.report?.problems.join('; ') ?? last?.exit.stderr.trim().split('\n').at(-1);
  findings.push(`the run of ${at} is not complete after ${MOST_CALM_ATTEMPTS} attempts in calm weather: ${last?.exit.status}, ${said}`);
}

/** What the product says itself has to agree. */
async function verified(at: string, { world, programs: { main } }: Going): Promise<string[]> {
  const args = ['verify', '--run', 'bronze', at];
  const { status, stdout, stderr } = await startChild({ main, args, cwd: world.dir, env: world.envOf('operator') }).ended;
  return status === 0 ? [] : [`loadin ${args.join(' ')} ended with status ${status}: ${stdout}${stderr}`];
}
