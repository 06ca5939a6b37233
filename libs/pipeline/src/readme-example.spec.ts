import { readmeDifferences } from '@loadin/specs/readme';
import { createMemoryObjectStore, createMemorySink, createMemoryStateStore } from '@loadin/testing';
import { runJob, type Page, type Stream } from './index.js';

describe('the example of the README', () => {
  const lines: unknown[] = [];
  const console = { log: (...values: unknown[]) => lines.push(...values) };

  it('works as printed', async () => {
    // example
    const shows: Stream = {
      id: 'setlists.shows',
      source: 'setlists',
      dataType: 'shows',
      readMode: 'full',
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
    const report = await runJob({
      job: { name: 'nightly', streams: [{ stream: shows, transform, sinks: [sink], schemaVersion: '1' }] },
      lake: createMemoryObjectStore(),
      state: createMemoryStateStore(),
      at: '2024-11-08T02:00:00Z',
    });
    console.log(
      report.status,
      sink.records.map((record) => record.id),
    ); // complete [ 'setlists_7' ]
    // end
    expect(lines).toEqual(['complete', ['setlists_7']]);
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
