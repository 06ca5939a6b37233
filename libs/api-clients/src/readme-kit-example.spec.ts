import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createManualClock } from '@loadin/testing';
import { defineSource as declare, list } from './index.js';
import { serve } from './kit/served.fixture.js';

describe('the second example of the README', () => {
  it('works as printed', async () => {
    const all = Array.from({ length: 130 }, (_, i) => ({ id: `r${i}`, updated_at: new Date(Date.UTC(2024, 0, 15, 11, i)).toISOString() }));
    const server = await serve(({ searchParams }) => {
      const later = all.filter(({ updated_at: at }) => at > (searchParams.get('since') ?? ''));
      return { body: { data: later.slice(0, Number(searchParams.get('limit'))) } };
    });
    const seen: unknown[] = [];
    const console = { log: (...values: unknown[]) => void seen.push(...values) };
    const clock = createManualClock(Date.parse('2024-01-16T00:00:00Z'));
    const defineSource = ((declaration: never) => {
      const source = declare(declaration) as unknown as { connect(options: object): unknown };
      return { ...source, connect: (options: object) => source.connect({ ...options, apiKey: 'k-0123456789', baseUrl: server.url, clock }) };
    }) as unknown as typeof declare;

    // example
    interface Refund {
      readonly id: string;
      readonly updated_at: string;
    }

    const payments = defineSource({
      name: 'payments',
      title: 'Payments API',
      baseUrl: 'https://payments.example.com/v2',
      auth: { kind: 'api-key', in: 'header', name: 'x-api-key' },
      rate: { windows: [{ limit: 10, windowMs: 1_000 }], pace: { perSecond: 10, burst: 5 } },
      settings: { baseUrl: 'PAYMENTS_API_URL', credentials: ['PAYMENTS_API_KEY'] },
      endpoints: {
        refunds: {
          path: '/refunds',
          answer: list<Refund>('data'),
          paging: { kind: 'since', parameter: 'since', cursor: 'updated_at', as: 'time', limit: 'limit', perPage: 100 },
        },
      },
      streams: { refunds: { endpoint: 'refunds', key: 'id' } },
    });

    const since = '2024-01-15T11:09:00Z';
    const client = payments.connect({ apiKey: process.env['PAYMENTS_API_KEY'] ?? '' });
    for await (const { items } of client.pages('refunds', { since })) console.log(items.length);
    const stream = payments.stream('refunds', { client, since }); // for runJob
    await client.close();
    // end

    expect(seen).toEqual([100, 20, 0]);
    expect([stream.id, stream.readMode]).toEqual(['payments.refunds', 'incremental']);
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
      (blocks[1] ?? '')
        .replace(/^import .*\n/gm, '')
        .trim()
        .split('\n'),
    );
    expect(blocks[1]).toContain("import { defineSource, list } from '@loadin/api-clients';");
  });
});
