import { GetObjectCommand } from '@aws-sdk/client-s3';
import { gunzipSync } from 'node:zlib';
import { replayJobs } from './replay-jobs.js';
import { AT, startWorld, type World } from './world.fixture.js';

const JOBS = `
version: 1
streams:
  spotify.artists: { queries: [midnight], max_per_query: 20 }
  ticketmaster.venues: { countries: [SE, NO] }
jobs:
  daily: { streams: [spotify.artists, ticketmaster.venues], sinks: [s3_raw, kinesis] }
`;

describe('what a run lands', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ jobs: JOBS });
  });
  afterAll(() => world.close());

  /** Every object of the lake as text, and every record of the stream. */
  const everything = async (): Promise<Map<string, string>> => {
    const found = new Map<string, string>();
    for (const Key of await world.lake.keys()) {
      const { Body } = await world.s3.send(new GetObjectCommand({ Bucket: world.bucket, Key }));
      const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
      found.set(Key, (Key.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
    }
    return found.set('the stream', JSON.stringify(await world.lake.stream()));
  };

  it('holds no secret, although the sources echo every one in every record; a replay brings none to light', async () => {
    world.sources.faults.add({ api: 'spotify', effect: { kind: 'echo' } });
    world.sources.faults.add({ api: 'ticketmaster', effect: { kind: 'echo' } });
    const report = await world.run('daily');
    world.sources.faults.clear();
    expect(report).toMatchObject({ status: 'complete', problems: [] });
    await replayJobs({ environment: world.environment(), clock: world.clock, from: AT, to: AT });
    const { spotifyClientSecret, ticketmasterApiKey } = world.sources.credentials;
    const found = await everything();
    const landed = [...found].filter(([key]) => key.startsWith('landing/'));
    // The echo itself is there: what it echoed is not.
    for (const source of ['spotify', 'ticketmaster'])
      expect(landed.some(([key, text]) => key.includes(source) && text.includes('"asked_with"'))).toBe(true);
    for (const [key, text] of found) {
      for (const secret of [spotifyClientSecret, ticketmasterApiKey, encodeURIComponent(ticketmasterApiKey)])
        expect({ key, has: text.includes(secret) }).toEqual({ key, has: false });
      expect({ key, token: /BQ[A-Za-z0-9_-]{40,}/.exec(text)?.[0] }).toEqual({ key, token: undefined });
    }
  });

  it('is one object a slice and group, compressed, that says by itself what it is', async () => {
    const landed = [...(await everything())].filter(([key]) => key.startsWith('landing/ticketmaster/venues/'));
    expect(landed.map(([key]) => key.replace(/.*run=[^/]+\//, ''))).toEqual([
      'slice=00000/pages-000000.ndjson.gz',
      'slice=00001/pages-000000.ndjson.gz',
    ]);
    const headers = landed.map(([, text]) => JSON.parse(text.split('\n')[0] ?? '') as Record<string, unknown>);
    expect(headers).toMatchObject([
      {
        landing: 2,
        job: 'daily',
        scheduled_time: AT,
        source: 'ticketmaster',
        stream: 'ticketmaster.venues',
        data_type: 'venues',
        slice: 0,
        slice_name: 'SE',
        group: 0,
      },
      { slice: 1, slice_name: 'NO', slice_bounds: { countryCode: 'NO' } },
    ]);
  });
});
