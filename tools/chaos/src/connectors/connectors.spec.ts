import { failureText } from '../summary.js';
import type { OpenSuite } from '../suite.js';
import { connectors } from './suite.js';

jest.setTimeout(60_000);

describe('a storm of every transient fault at once', () => {
  let suite: OpenSuite;
  beforeAll(async () => (suite = await connectors.open()));
  afterAll(() => suite.close());

  // Every tenth seed is a large one: those are for `npm run chaos`.
  it.each([1, 3, 5, 6, 7, 11])('changes nothing of what arrives (seed %i)', async (seed) => {
    const { findings, counts } = await suite.run(seed);
    if (findings.length > 0) throw new Error(failureText(connectors.name, seed, { findings }));
    expect(counts['struck']).toBeGreaterThan(0);
  });
});
