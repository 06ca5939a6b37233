import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createManualClock } from '@loadin/testing';
import { startUpstreams } from '@loadin/upstreams';
import { paymentsSource as declared } from './payments/source.js';

describe('the example of payments in the README', () => {
  it('works as printed', async () => {
    const clock = createManualClock(Date.parse('2026-03-01T12:00:00Z'));
    const upstreams = await startUpstreams({ now: () => clock.now(), historyDays: 1 });
    const seen: unknown[] = [];
    const console = { log: (...values: unknown[]) => void seen.push(...values) };
    const process = { env: { PAYMENTS_API_URL: upstreams.paymentsUrl, PAYMENTS_API_KEY: upstreams.credentials.gatewayApiKey } };
    const paymentsSource = () => {
      const source = declared();
      return { ...source, connect: (options: Parameters<typeof source.connect>[0]) => source.connect({ ...options, clock }) };
    };

    // example
    const { PAYMENTS_API_URL: baseUrl = '', PAYMENTS_API_KEY: apiKey = '' } = process.env;

    const payments = paymentsSource();
    const client = payments.connect({ baseUrl, apiKey });
    for await (const { items } of client.pages('payments', { since: '2026-03-01T00:00:00Z' })) console.log(items.length);
    const stream = payments.stream('payments', { client }); // for runJob
    await client.close();
    // end

    const changed = upstreams.commerce.payments.at(clock.now()).filter(({ updated_at: at }) => at >= '2026-03-01T00:00:00Z').length;
    expect(seen).toEqual([...Array.from({ length: Math.floor(changed / 100) }, () => 100), changed % 100]);
    expect([stream.id, stream.readMode]).toEqual(['payments.payments', 'incremental']);
    await upstreams.close();
  });

  it('is what was just run', () => {
    const blocks = [...readFileSync(join(__dirname, '../README.md'), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
    const here = /\/\/ example\n([\s\S]*?)\/\/ end/.exec(readFileSync(__filename, 'utf8'))?.[1] ?? '';
    const lines = (code: string): string[] =>
      code
        .trim()
        .split('\n')
        .map((line) => line.replace(/^ {4}/, ''));
    expect(lines(here)).toEqual(
      (blocks[2] ?? '')
        .replace(/^import .*\n/gm, '')
        .trim()
        .split('\n'),
    );
    expect(blocks[2]).toContain("import { paymentsSource } from '@loadin/api-clients/payments';");
  });
});
