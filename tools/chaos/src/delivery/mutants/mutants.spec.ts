import { checks } from '../checks/checks.js';
import { mutated, sourceOf, type Mutant } from './mutant.js';
import { mutants } from './mutants.js';

const named = (name: string): Mutant => mutants.find((mutant) => mutant.name === name) as Mutant;

describe('mutants', () => {
  it('are more than twelve, with names of their own', () => {
    expect(mutants.length).toBeGreaterThan(12);
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });

  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))('fit the code as it is: %s', (_, mutant) => {
    const source = sourceOf(mutant);
    expect(mutated(source, mutant)).not.toBe(source);
    expect(checks.map(({ name }) => name)).toContain(mutant.caughtBy);
  });

  it.each([
    ['nowhere', 'a text that nobody wrote'],
    ['more than once', 'return'],
  ])('are refused when their text stands there %s', (_, text) => {
    const stale: Mutant = { ...named('dead letter dropped'), name: 'old', replace: [[text, '']] };
    expect(() => mutated(sourceOf(stale), stale)).toThrow(
      /the mutant "old" has gone stale: libs\/pipeline\/src\/slices\/dead-letters.ts has this text \d+ times, not once/,
    );
  });
});
