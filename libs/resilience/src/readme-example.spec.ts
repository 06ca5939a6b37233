import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRetryBudget, oneLine, retry, RetryableError } from './index.js';

describe('the example of the README', () => {
  it('works as printed', async () => {
    const lines: unknown[] = [];
    const console = { log: (...values: unknown[]) => lines.push(...values) };
    const { signal } = new AbortController();
    const fetchPage = async (attempt: number): Promise<string> => {
      if (attempt < 3) throw new RetryableError('The source is busy', { where: 'GET /v1/search' });
      return 'page 1';
    };

    const budget = createRetryBudget({ tokens: 50 }); // one for the whole run
    const callWithRetries = () =>
      retry(async (attempt) => fetchPage(attempt), {
        attempts: 4,
        budget,
        signal,
        onRetry: ({ error, attempt, waitMs }) => console.log(`try ${attempt} in ${waitMs} ms: ${oneLine(error)}`),
      });
    const page = await callWithRetries();
    console.log(page, budget.remaining);

    expect(lines).toEqual([
      expect.stringMatching(/^try 2 in \d+ ms: The source is busy \(GET \/v1\/search\)$/),
      expect.stringMatching(/^try 3 in \d+ ms: /),
      'page 1',
      48,
    ]);
  });

  it('is what was just run', () => {
    const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
    const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const statements = (text: string) =>
      text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '' && !line.startsWith('import '));
    const here = statements(readFileSync(join(import.meta.dirname, 'readme-example.spec.ts'), 'utf8'));
    expect(statements(code).length).toBeGreaterThan(5);
    expect(here.join('\n')).toContain(statements(code).join('\n'));
  });
});
