import { readmeDifferences } from '@loadin/specs/readme';
import { createRetryBudget, oneLine, retry, RetryableError } from './index.js';

describe('the example of the README', () => {
  it('works as printed', async () => {
    const lines: unknown[] = [];
    const console = { log: (...values: unknown[]) => lines.push(...values) };

    // example
    // Stands for a call of yours: the third one succeeds.
    const fetchPage = async (attempt: number) => {
      if (attempt < 3) throw new RetryableError('The source is busy', { where: 'GET /v1/search' });
      return 'page 1';
    };

    const budget = createRetryBudget({ tokens: 50 }); // one for the whole run
    const callWithRetries = () =>
      retry(async (attempt) => fetchPage(attempt), {
        attempts: 4,
        budget,
        signal: AbortSignal.timeout(60_000),
        onRetry: ({ error, attempt, waitMs }) => console.log(`try ${attempt} in ${waitMs} ms: ${oneLine(error)}`),
      });
    const page = await callWithRetries();
    console.log(page, budget.remaining);
    // end

    expect(lines).toEqual([
      expect.stringMatching(/^try 2 in \d+ ms: The source is busy \(GET \/v1\/search\)$/),
      expect.stringMatching(/^try 3 in \d+ ms: /),
      'page 1',
      48,
    ]);
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
