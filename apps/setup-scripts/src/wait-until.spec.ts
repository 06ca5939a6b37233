import type { Clock } from '@loadin/resilience';
import { waitUntil } from './wait-until.js';

function countingClock(): Clock & { waits: number[] } {
  const waits: number[] = [];
  return { waits, now: () => waits.reduce((sum, ms) => sum + ms, 0), sleep: async (ms) => void waits.push(ms) };
}

it('asks at once, then less and less often', async () => {
  const clock = countingClock();
  let asked = 0;
  await waitUntil('The stream was not ACTIVE', 'kinesis://s', clock, async () => ++asked === 7);
  expect(clock.waits).toEqual([200, 400, 800, 1_600, 3_000, 3_000]);
});

it('gives up after five minutes and says how to go on', async () => {
  const clock = countingClock();
  const waiting = waitUntil('The stream was not ACTIVE', 'kinesis://s', clock, async () => false);
  await expect(waiting).rejects.toMatchObject({
    message: 'The stream was not ACTIVE for more than 5 minutes',
    where: 'kinesis://s',
    hint: expect.stringContaining('loadin-setup create again'),
  });
  expect(clock.now()).toBeLessThan(304_000);
});
