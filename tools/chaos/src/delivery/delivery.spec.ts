import { runSeeds } from '../run-seeds.js';
import { failureText } from '../summary.js';
import type { Outcome } from '../suite.js';
import { delivery } from './suite.js';

// They run at the same time and mostly wait; a busy machine takes its time.
jest.setTimeout(180_000);

describe('whole runs, in processes of their own', () => {
  // 4: killed before the plan is stored, then daily and hourly at the same second · 41: killed when slices are held, then stopped with its records just sent, while another
  // copy takes over and ends; and woken up
  it('deliver everything, and nothing twice, whatever happens to them', async () => {
    const failed: string[] = [];
    const { counts } = await runSeeds(delivery, [4, 41], (seed: number, outcome: Outcome) => {
      if (outcome.findings.length > 0) failed.push(failureText(delivery.name, seed, outcome));
    });
    expect(failed).toEqual([]);
    expect(counts['leases taken over']).toBeGreaterThan(0);
    const struck = ['killed before plan stored', 'same second', 'killed after lease taken', 'paused process woken afterwards'];
    expect(Object.keys(counts)).toEqual(expect.arrayContaining(struck));
  });
});
