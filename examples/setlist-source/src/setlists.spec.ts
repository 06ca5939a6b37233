import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runJob } from '@loadin/pipeline';
import { createManualClock, createMemoryObjectStore, createMemorySink, createMemoryStateStore, createRecordingLogger } from '@loadin/testing';
import { goodKey, setlistsOf, startSetlists } from './setlist-server.fixture.js';
import { setlistJob, setlists } from './setlists.js';

const artists = { nina: setlistsOf('nina', 45), broder: setlistsOf('broder', 20), tyst: [] };

async function world() {
  const clock = createManualClock(Date.parse('2024-02-01T02:00:05Z'));
  const server = await startSetlists(artists, () => clock.now());
  const [lake, state, sink, logger] = [createMemoryObjectStore(), createMemoryStateStore(), createMemorySink(), createRecordingLogger()];
  const connect = (key = goodKey) => setlists.connect({ apiKey: key, baseUrl: server.baseUrl, clock, random: () => 0.5 });
  const run = async (ids: readonly string[] = ['nina', 'broder', 'tyst', 'nobody'], key?: string) => {
    const client = connect(key);
    const report = await runJob({ job: setlistJob(client, ids, [sink]), lake, state, logger, clock, at: '2024-02-01T02:00:00Z' });
    await client.close();
    return report;
  };
  return { server, clock, lake, sink, logger, run, close: () => server.close() };
}

describe('the setlist source', () => {
  it('is declared in no more than 80 lines', () => {
    const lines = readFileSync(join(__dirname, 'setlists.ts'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(80);
  });

  it('brings every setlist of the artists into the lake once, an unknown artist is no failure', async () => {
    const { server, sink, lake, run, close } = await world();
    const report = await run();
    expect(report).toMatchObject({ status: 'complete', streams: [{ ledger: { read: 65, accepted: 65, rejected: 0 } }] });
    const all = [...artists.nina, ...artists.broder].map(({ id }) => `setlists_${id}`);
    expect(sink.records.map(({ id }) => id).sort()).toEqual(all.sort());
    expect(sink.records.find(({ id }) => id === 'setlists_nina-2')?.value).toEqual({
      setlist_id: 'setlists_nina-2',
      artist_name: 'NINA',
      day: '2024-01-03',
      venue_name: 'Kulturbolaget',
      city: 'Malmö',
      titles: ['Opener', 'Encore'],
    });
    expect(server.requests().filter((url) => url.includes('/nina/'))).toEqual(
      [1, 2, 3].map((page) => `/v1/artists/nina/setlists?size=20&page=${page}`),
    );
    expect(server.statuses().filter((status) => status === 429)).toEqual([]);
    const landed: string[] = [];
    for await (const { key } of lake.list('landing/setlists/')) landed.push(key);
    expect(landed.length).toBeGreaterThan(0);
    await close();
  });

  it('survives a server error, a rate limit and a broken body', async () => {
    const { server, sink, run, close } = await world();
    server.fail(1, 503, 'busy');
    server.fail(3, 429, 'Too many requests', { 'retry-after': '2' });
    server.fail(4, 200, '{"setl');
    expect((await run(['nina', 'broder'])).status).toBe('complete');
    expect(sink.records).toHaveLength(65);
    await close();
  });

  it('stops at the end of the day’s calls, and goes on where it stopped', async () => {
    const { server, sink, run, close } = await world();
    server.fail(3, 429, 'daily quota exceeded', { 'retry-after': '3600' });
    expect(await run(['nina'])).toMatchObject({ status: 'stopped', reason: 'quota' });
    const before = server.requests().length;
    expect((await run(['nina'])).status).toBe('complete');
    expect(server.requests().slice(before)).toEqual(['/v1/artists/nina/setlists?size=20&page=3']);
    expect(sink.records).toHaveLength(45);
    await close();
  });

  it('says which setting holds the key that was refused, and never the key', async () => {
    const { server, lake, logger, run, close } = await world();
    const report = await run(['nina'], 'canary-of-a-wrong-key');
    expect(report.streams[0]?.error).toMatchObject({
      action: 'fatal',
      message: 'Setlist API does not accept the API key: 401 unknown key [redacted]',
      hint: 'Check API_SETLISTS_KEY.',
    });
    expect(server.requests()).toHaveLength(1);
    const written = [JSON.stringify([report, logger.lines])];
    for await (const { key } of lake.list('')) written.push(key, Buffer.from((await lake.get(key)) ?? []).toString('latin1'));
    expect(written.join('\n')).not.toContain('canary');
    await close();
  });
});
