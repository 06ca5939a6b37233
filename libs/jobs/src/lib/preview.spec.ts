import { FatalError } from '@loadin/pipeline';
import { createRecordingLogger } from '@loadin/testing';
import { previewStream, type PreviewItem, type PreviewOptions } from './preview.js';
import { startWorld, type World } from './world.fixture.js';

const JOBS = `
version: 1
streams:
  spotify.artists: { queries: [midnight], max_per_query: 30 }
  ticketmaster.venues: { countries: [SE] }
  ticketmaster.events: { countries: [SE], horizon_days: 60 }
  ticketmaster.attractions: { from_events: true }
jobs:
  daily: { streams: [spotify.artists, ticketmaster.venues, ticketmaster.events, ticketmaster.attractions], sinks: [s3_raw, kinesis] }
  german: { streams: [ticketmaster.events], sinks: [s3_raw], overrides: { ticketmaster.events: { countries: [DE] } } }
`;

describe('the preview of a stream', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ jobs: JOBS });
  });
  afterAll(() => world.close());
  beforeEach(() => world.sources.resetRequests());
  afterEach(() => world.sources.faults.clear());

  const preview = async (stream: string, more: Partial<PreviewOptions> = {}): Promise<PreviewItem[]> => {
    const items: PreviewItem[] = [];
    for await (const item of previewStream({ stream, environment: world.environment(), clock: world.clock, ...more })) items.push(item);
    return items;
  };
  const recordsOf = (items: readonly PreviewItem[]) => items.flatMap((item) => (item.kind === 'record' ? [item.record] : []));

  it('shows as many normalized records as are asked for, from as few pages as that takes, and writes nothing', async () => {
    const items = await preview('events', { count: 3 });
    expect(items[0]).toEqual({ kind: 'begin', stream: 'ticketmaster.events', dataType: 'events', job: 'daily' });
    expect(recordsOf(items).map((record) => record['country_code'])).toEqual(['SE', 'SE', 'SE']);
    expect(items.at(-1)).toEqual({ kind: 'end', pages: expect.any(Number), records: 3, rejected: 0, more: true });
    expect(world.sources.requests().total).toBeLessThanOrEqual(4);
    expect(await world.lake.keys()).toEqual([]);
  });

  it('shows all there is when there is less', async () => {
    const items = await preview('spotify.artists', { count: 1_000 });
    expect(items.at(-1)).toMatchObject({ kind: 'end', more: false, records: recordsOf(items).length });
    expect(new Set(recordsOf(items).map((record) => record['artist_id'])).size).toBe(recordsOf(items).length);
  });

  it("takes another job's options", async () => {
    expect(recordsOf(await preview('events', { job: 'german', count: 1 }))).toEqual([expect.objectContaining({ country_code: 'DE' })]);
  });

  it('reads what a stream takes from another one, as far as it is needed', async () => {
    const items = await preview('attractions', { count: 2 });
    expect(recordsOf(items)).toHaveLength(2);
    expect(world.sources.requests().total).toBeLessThanOrEqual(4);
  });

  it('shows a record that is rejected, with the path of what is wrong', async () => {
    const body = {
      _embedded: {
        venues: [
          { id: 7, name: 'Seven' },
          { id: 'KovZpZA7AAEA', name: 'Good' },
        ],
      },
      page: { size: 200, totalElements: 2, totalPages: 1, number: 0 },
    };
    world.sources.faults.add({ api: 'ticketmaster', path: 'venues', effect: { kind: 'status', status: 200, body: JSON.stringify(body) } });
    const items = await preview('venues', { count: 1 });
    expect(items.filter(({ kind }) => kind === 'rejected')).toEqual([
      { kind: 'rejected', id: undefined, reasons: [{ path: 'id', message: expect.any(String) }] },
    ]);
    expect(recordsOf(items)).toHaveLength(1);
  });

  it('counts its calls with those of all other runs', async () => {
    await preview('venues', { count: 1 });
    const keys = (await world.stateItems()).map(({ key }) => key);
    expect(keys.some((key) => key.startsWith('quota/ticketmaster/'))).toBe(true);
    expect(keys.every((key) => key.startsWith('quota/'))).toBe(true);
  });

  it('works without a table, and says that its calls are counted by itself', async () => {
    const logger = createRecordingLogger();
    const environment = world.environment({ CHECKPOINT_STORE: 'dynamodb://another' });
    expect(recordsOf(await preview('venues', { environment, logger, count: 1 }))).toHaveLength(1);
    expect(logger.messages('warn')).toEqual([
      expect.stringMatching(/^The calls of this preview are not counted with those of other runs: .*another/),
    ]);
  });

  it('needs the settings of its source alone', async () => {
    const none = { AWS_REGION: undefined, AWS_S3_BUCKET_RAW: undefined, API_SPOTIFY_CLIENT_ID: undefined, AWS_ENDPOINT_URL: undefined };
    expect(recordsOf(await preview('venues', { environment: world.environment(none), count: 1 }))).toHaveLength(1);
    await expect(preview('artists', { environment: world.environment(none) })).rejects.toThrow(/API_SPOTIFY_CLIENT_ID/);
  });

  it('refuses a stream that no job has, and passes on what the source refuses with', async () => {
    await expect(preview('event')).rejects.toThrow(new FatalError('No job has a stream "event"; did you mean "events"?'));
    await expect(preview('venues', { job: 'german' })).rejects.toThrow(new FatalError('The job german has no stream "venues"'));
    await expect(preview('venues', { job: 'german' })).rejects.toMatchObject({
      hint: expect.stringMatching(/^Add ticketmaster\.venues to the streams of a job there; it has: /) as string,
    });
    const environment = world.environment({ API_TICKETMASTER_API_KEY: 'mistyped' });
    await expect(preview('venues', { environment })).rejects.toThrow(FatalError);
  });
});
