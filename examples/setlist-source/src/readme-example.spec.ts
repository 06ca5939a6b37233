import { runJob } from '@loadin/pipeline';
import { readmeDifferences } from '@loadin/specs/readme';
import { createManualClock, createMemoryObjectStore, createMemorySink, createMemoryStateStore } from '@loadin/testing';
import { setlistJob, setlists as declared } from './index.js';
import { goodKey, setlistsOf, startSetlists } from './setlist-server.fixture.js';

describe('the example of the README', () => {
  it('works as printed', async () => {
    const clock = createManualClock(Date.parse('2024-02-01T02:00:05Z'));
    const server = await startSetlists({ nina: setlistsOf('nina', 25), broder: setlistsOf('broder', 3) }, () => clock.now());
    const lines: unknown[][] = [];
    const console = { log: (...values: unknown[]) => void lines.push(values) };
    const setlists = {
      connect: (options: Parameters<typeof declared.connect>[0]) => declared.connect({ ...options, apiKey: goodKey, baseUrl: server.baseUrl, clock }),
    };

    // example
    const client = setlists.connect({ apiKey: process.env['API_SETLISTS_KEY'] ?? '' });
    for await (const { items, body } of client.pages('setlists', { artistId: 'nina', year: 2024 })) {
      console.log(body?.total, items[0]?.songs?.[0]?.title);
      break; // the other pages are not asked for
    }

    const sink = createMemorySink();
    const report = await runJob({
      job: setlistJob(client, ['nina', 'broder'], [sink]),
      lake: createMemoryObjectStore(),
      state: createMemoryStateStore(),
      at: '2024-02-01T02:00:00Z',
    });
    await client.close();
    console.log(report.status, sink.records.length);
    // end

    expect(lines).toEqual([
      [25, 'Opener'],
      ['complete', 28],
    ]);
    expect(server.requests()).toHaveLength(4);
    await server.close();
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
