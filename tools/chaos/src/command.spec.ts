import { command, failureText } from './command.js';
import { runSeeds } from './run-seeds.js';
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

describe('npm run chaos', () => {
  it('says what did not hold, and how to see it again', () => {
    expect(failureText('connectors', 17, ['1 record is lost', '2 came twice'])).toBe(
      'connectors, seed 17: 2 things did not hold\n  - 1 record is lost\n  - 2 came twice\n  again: npm run chaos -- connectors --seed 17',
    );
  });

  it.each([[['nothing']], [['connectors', '--seeds', 'many']], [['--seeds', '0']], [['--seed', '1', '--seeds', '2']], [['--fast']]])(
    'refuses %j with its usage',
    async (args) => {
      const said = jest.spyOn(console, 'error').mockImplementation();
      expect(await command(args)).toBe(2);
      expect(said.mock.calls.join()).toMatch(/^Usage: npm run chaos \[-- SUITE\].*\n {2}connectors/);
      said.mockRestore();
    },
  );

  it('ends with 0 when all held', async () => {
    const said = jest.spyOn(console, 'log').mockImplementation();
    expect(await command(['connectors', '--seed', '7'])).toBe(0);
    expect(said.mock.calls.join()).toMatch(/^connectors: 1 seed in \d+ s, all held\n.*calls \d+/);
    said.mockRestore();
  });

  it('has suites with different names', () => {
    expect(new Set(suites.map(({ name }) => name)).size).toBe(suites.length);
  });
});
