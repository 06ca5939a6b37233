import { command, suitesOf } from './command.js';
import { runSeeds, seedsUntil } from './run-seeds.js';
import { failureText, summaryText } from './summary.js';
import type { Outcome, Suite } from './suite.js';
import { suites } from './suites.js';

jest.setTimeout(30_000);

const fine: Outcome = { findings: [], counts: { calls: 2 } };
const suite = (run: (seed: number) => Promise<Outcome>, closed: () => void = () => undefined): Suite => ({
  name: 'weather',
  what: 'rain',
  seeds: 3,
  open: async () => ({ run, close: async () => closed() }),
});

describe('runSeeds', () => {
  it('runs every seed, adds up what happened and closes the suite', async () => {
    const seen: number[] = [];
    let closed = 0;
    const result = await runSeeds(
      suite(
        async () => fine,
        () => (closed += 1),
      ),
      [1, 2, 3],
      (seed) => seen.push(seed),
    );
    expect(result).toEqual({ seeds: 3, failed: [], counts: { calls: 6 } });
    expect([seen, closed]).toEqual([[1, 2, 3], 1]);
  });

  it('goes on after a seed that failed or broke, and tells both', async () => {
    const run = async (seed: number): Promise<Outcome> => {
      if (seed === 2) throw new Error('no room');
      return seed === 1 ? { findings: ['1 record is lost'], counts: {} } : fine;
    };
    const { failed } = await runSeeds(suite(run), [1, 2, 3]);
    expect(failed).toEqual([
      { seed: 1, findings: ['1 record is lost'] },
      { seed: 2, findings: [expect.stringContaining('the scenario broke: Error: no room')] },
    ]);
  });
});

describe('several scenarios at once', () => {
  it('are as many as the suite allows, and each seed is run once', async () => {
    let running = 0;
    let most = 0;
    const run = async (): Promise<Outcome> => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return fine;
    };
    const seen: number[] = [];
    const result = await runSeeds({ ...suite(run), atOnce: 2 }, [1, 2, 3, 4, 5], (seed) => seen.push(seed));
    expect(result).toEqual({ seeds: 5, failed: [], counts: { calls: 10 } });
    expect([most, seen.sort()]).toEqual([2, [1, 2, 3, 4, 5]]);
  });
});

describe('seedsUntil', () => {
  it('gives seeds from one on, until the time is over', () => {
    let now = 0;
    expect([...seedsUntil(7, 3, () => now++)]).toEqual([7, 8, 9]);
  });
});

describe('npm run chaos', () => {
  it('sums up what struck, and names what did not', () => {
    const result = { seeds: 2, failed: [{ seed: 2, findings: ['lost'] }], counts: { rain: 3, hail: 1 } };
    expect(summaryText({ name: 'weather', kinds: ['rain', 'snow'] }, result, '4')).toBe(
      'weather: 2 seeds in 4 s, 1 failed: 2\n  hail 1 · rain 3\n  did not come up:\n  snow',
    );
  });

  it('says where everything lies that a failed scenario left behind', () => {
    expect(failureText('delivery', 3, { findings: ['1 record is lost'], kept: '/tmp/storm' })).toBe(
      'delivery, seed 3: one thing did not hold\n  - 1 record is lost\n  what it left behind: /tmp/storm\n  again: npm run chaos -- delivery --seed 3',
    );
  });

  it('knows which suites are asked for, and so what has to be built', () => {
    expect(suitesOf(['delivery', '--minutes', '10', '--seed', '4']).map(({ name, needs }) => [name, needs?.length])).toEqual([['delivery', 2]]);
    expect(suitesOf([])).toEqual(suites.filter(({ name }) => name !== 'mutants'));
    expect(suitesOf(['mutants'])).toEqual(suites.filter(({ name }) => name === 'mutants'));
    expect(suitesOf(['nothing'])).toEqual([]);
  });

  it('says what did not hold, and how to see it again', () => {
    expect(failureText('connectors', 17, { findings: ['1 record is lost', '2 came twice'] })).toBe(
      'connectors, seed 17: 2 things did not hold\n  - 1 record is lost\n  - 2 came twice\n  again: npm run chaos -- connectors --seed 17',
    );
  });

  it.each([
    [['nothing']],
    [['connectors', '--seeds', 'many']],
    [['--seeds', '0']],
    [['--seed', '1', '--seeds', '2']],
    [['--seeds', '1', '--minutes', '2']],
    [['--minutes', '0']],
    [['--fast']],
  ])('refuses %j with its usage', async (args) => {
    const said = jest.spyOn(console, 'error').mockImplementation();
    expect(await command(args)).toBe(2);
    expect(said.mock.calls.join()).toMatch(/^Usage: npm run chaos \[-- SUITE …\][\s\S]*\n {2}connectors/);
    said.mockRestore();
  });

  it('ends with 0 when all held', async () => {
    const said = jest.spyOn(console, 'log').mockImplementation();
    expect(await command(['connectors', '--seed', '7'])).toBe(0);
    expect(said.mock.calls.join()).toMatch(/^connectors: 1 seed in \d+ s, all held\n[\s\S]*calls \d+/);
    said.mockRestore();
  });

  it('has suites with different names', () => {
    expect(new Set(suites.map(({ name }) => name)).size).toBe(suites.length);
  });
});
