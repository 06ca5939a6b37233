import { mutated, sourceOf } from '../../delivery/mutants/mutant.js';
import { loadMutants } from './load-mutants.js';

describe('mutants of the loader of bronze', () => {
  it('have names of their own', () => {
    expect(new Set(loadMutants.map(({ name }) => name)).size).toBe(loadMutants.length);
  });

  it.each(loadMutants.map((mutant) => [mutant.name, mutant] as const))('fit the code as it is: %s', (_, mutant) => {
    const source = sourceOf(mutant);
    expect(mutated(source, mutant)).not.toBe(source);
  });
});
