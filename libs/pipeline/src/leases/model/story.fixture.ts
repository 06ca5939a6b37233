import type { Scheduler } from 'fast-check';
import { attempt, BATCHES, runs, SLICES, sliceKey, type Delivery, type Outcome } from './attempt.fixture.js';
import { createProcess, createStores, type Fate, type ModelWorld, type Stores } from './process.fixture.js';
import { broken } from './rules.fixture.js';

/** An attempt and the run that it is for: 0 is the first, 1 the second. */
export interface Cast {
  readonly run: number;
  readonly fate: Omit<Fate, 'name'>;
}

/**
 * Lets attempts run into each other as the scheduler likes, then one more for each run, alone. Throws an Error that names what must not have happened. Gives how the
 * attempts ended; `undefined` for one that was killed.
 */
export async function play(scheduler: Scheduler, cast: readonly Cast[], stores: Stores = createStores()): Promise<(Outcome | undefined)[]> {
  const world: ModelWorld = { ...stores, scheduler, written: [], turns: 0 };
  const plans: { run: string; plan: string }[] = [];
  const deliveries: Delivery[] = [];
  const savedOf = (key: string): number => Number(world.written.filter((one) => one.key === key).at(-1)?.value['batches'] ?? 0);
  const wrong: string[] = [];
  const begin = (name: string, { run: index, fate }: Cast): { readonly outcome?: Outcome } => {
    const seen: { outcome?: Outcome } = {};
    const run = runs[index] ?? runs[0];
    if (run === undefined) throw new Error('there is no run');
    attempt({ process: createProcess(world, { name, ...fate }), run, plans, deliveries, savedOf }).then(
      (outcome) => (seen.outcome = outcome),
      (error: unknown) => wrong.push(`${name}: ${String(error)}`),
    );
    return seen;
  };
  const check = (): void => {
    const all = [...wrong, ...broken({ world, plans, deliveries })];
    if (all.length > 0) throw new Error(all.join('; '));
  };

  const attempts = cast.map((one, index) => begin('abc'.charAt(index), one));
  await scheduler.waitIdle();
  check();
  for (const run of new Set(cast.map((one) => one.run))) {
    const last = begin(`last of ${run}`, { run, fate: { faults: ['none'], dies: null, pause: null, jumps: [0] } });
    await scheduler.waitIdle();
    check();
    if (last.outcome !== 'complete') throw new Error(`nobody is alive, and an attempt ends ${last.outcome ?? 'never'}`);
    for (const slice of SLICES)
      if (savedOf(sliceKey(runs[run]?.id ?? '', slice)) !== BATCHES) throw new Error(`slice ${slice} of a complete run is not finished`);
  }
  return attempts.map(({ outcome }) => outcome);
}
