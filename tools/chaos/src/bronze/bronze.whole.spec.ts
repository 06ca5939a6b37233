import { runSeeds } from '../run-seeds.js';
import type { Outcome } from '../suite.js';
import { failureText } from '../summary.js';
import { bronze } from './suite.js';

// It mostly waits for processes; a busy machine takes its time.
jest.setTimeout(180_000);

describe('tables into Parquet, by processes of their own', () => {
  // Killed when it has begun to plan, and given again; the second run is killed between its commits and its checkpoints, and left; the third goes on.
  it('bring exactly the rows of the database, and the same rows in each load once, whatever happens to them', async () => {
    const failed: string[] = [];
    const { counts } = await runSeeds(bronze, [SHORT], (seed: number, outcome: Outcome) => {
      if (outcome.findings.length > 0) failed.push(failureText(bronze.name, seed, outcome));
    });
    expect(failed).toEqual([]);
    expect(counts['files']).toBeGreaterThan(5);
    expect(counts['ended SIGKILL']).toBeGreaterThan(0);
  });

  const SHORT = 17;
});
