import { readmeDifferences } from '@loadin/specs/readme';
import { runSeeds, suites } from './index.js';

jest.setTimeout(30_000);

describe('the example of the README', () => {
  it('works as printed', async () => {
    const lines: unknown[] = [];
    const console = { log: (...values: unknown[]) => lines.push(...values) };

    // example
    const [suite] = suites;
    if (suite !== undefined) {
      const { failed, counts } = await runSeeds(suite, [7], (seed, { findings }) => {
        if (findings.length > 0) console.log(`seed ${seed}`, findings);
      });
      console.log(failed.length, counts['attempts']);
    }
    // end

    expect(lines).toEqual([0, expect.any(Number)]);
  });

  it('is what the README shows', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
