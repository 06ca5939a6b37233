import { runSeeds } from '../run-seeds.js';
import { failureText } from '../summary.js';
import type { Outcome } from '../suite.js';
import { delivery } from './suite.js';

// They run at the same time and mostly wait; a busy machine takes its time.
jest.setTimeout(180_000);

describe('whole runs, in processes of their own', () => {
  // 4: killed before the plan is stored, then daily and hourly at the same second · 13: killed at a landed page, then stopped while another copy takes over, and woken up
  it('deliver everything, and nothing twice, whatever happens to them', async () => {
    const failed: string[] = [];
    const { counts } = await runSeeds(delivery, [4, 13], (seed: number, outcome: Outcome) => {
      if (outcome.findings.length > 0) failed.push(failureText(delivery.name, seed, outcome));
    });
    expect(failed).toEqual([]);
    expect(counts['leases taken over']).toBeGreaterThan(0);
    expect(Object.keys(counts)).toEqual(expect.arrayContaining(['killed before plan stored', 'same second', 'paused process woken afterwards']));
  });
});
