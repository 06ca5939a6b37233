import { createMemoryObjectStore, createMemorySink, createMemoryStateStore } from '@loadin/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runJob, type Page, type Stream } from './index.js';

describe('the example of the README', () => {
  const lines: unknown[] = [];
  const console = { log: (...values: unknown[]) => lines.push(...values) };

  it('works as printed', async () => {
    // prettier-ignore
    const shows: Stream = {
      id: 'setlists.shows', source: 'setlists', dataType: 'shows', readMode: 'full',
      plan: () => [{ ordinal: 0, name: 'all', bounds: {} }],
      key: (raw) => (raw as { id: string }).id,
      async *read(): AsyncGenerator<Page> {
        yield { records: [{ id: '7', city: 'Malmö' }], position: null, request: 'GET /shows' };
      },
    };
    const sink = createMemorySink();
    const transform = (raw: unknown) => ({
      ok: true as const,
      id: `setlists_${(raw as { id: string }).id}`,
      record: { city: (raw as { city: string }).city },
    });
    // prettier-ignore
    const report = await runJob({
      job: { name: 'nightly', streams: [{ stream: shows, transform, sinks: [sink], schemaVersion: '1' }] },
      lake: createMemoryObjectStore(), state: createMemoryStateStore(), at: '2024-11-08T02:00:00Z',
    });
    console.log(
      report.status,
      sink.records.map((record) => record.id),
    ); // complete [ 'setlists_7' ]
    expect(lines).toEqual(['complete', ['setlists_7']]);
  });

  it('is what was just run', () => {
    const squeeze = (text: string): string => text.replace(/\/\/.*$/gm, '').replace(/\s+/g, '');
    const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')) ?? [];
    const body = code.replace(/^import.*$/gm, '');
    expect(squeeze(body).length).toBeGreaterThan(100);
    expect(squeeze(readFileSync(join(import.meta.dirname, 'readme-example.spec.ts'), 'utf8'))).toContain(squeeze(body));
  });
});
