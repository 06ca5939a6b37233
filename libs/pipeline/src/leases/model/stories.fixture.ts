import fc from 'fast-check';
import type { Outcome } from './attempt.fixture.js';
import type { Fault } from './process.fixture.js';
import { play, type Cast } from './story.fixture.js';

export const SEED = 20241108;
/** The machine may be busy with other things. */
const LONG = 120_000;

const fault = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Fault>('none') },
  { weight: 1, arbitrary: fc.constantFrom<Fault>('error', 'lost answer', 'late') },
);
/** An attempt of the first run, or of either. */
const cast = (lastRun: 0 | 1): fc.Arbitrary<Cast> =>
  fc.record({
    run: fc.nat({ max: lastRun }),
    fate: fc.record({
      faults: fc.array(fault, { minLength: 1, maxLength: 12 }),
      pause: fc.option(fc.record({ after: fc.nat({ max: 80 }), turns: fc.nat({ max: 150 }) })),
      dies: fc.option(fc.nat({ max: 120 }), { freq: 2 }),
      jumps: fc.array(fc.constantFrom(0, 0, 0, 10_000, -10_000), { minLength: 1, maxLength: 5 }),
    }),
  });
export const attempts = (count: number, lastRun: 0 | 1): fc.Arbitrary<Cast[]> => fc.array(cast(lastRun), { minLength: count, maxLength: count });

/** Specifies that the rules hold in so many stories of each kind. */
export function theRulesHold(stories: number): void {
  it.each([
    ['two attempts of one run', 2, 0 as const],
    ['three attempts of one run', 3, 0 as const],
    ['three attempts of two runs', 3, 1 as const],
  ])(
    '%s',
    async (_, count, lastRun) => {
      const ends: (Outcome | undefined)[] = [];
      const story = fc.asyncProperty(fc.scheduler(), attempts(count, lastRun), async (scheduler, all) => {
        ends.push(...(await play(scheduler, all)));
      });
      await fc.assert(story, { seed: SEED, numRuns: stories });
      // What is tested are stories in which all of this happens.
      for (const end of ['complete', 'stopped', 'failed', undefined] as const)
        expect(ends.filter((one) => one === end).length).toBeGreaterThan(stories / 30);
    },
    LONG,
  );
}
