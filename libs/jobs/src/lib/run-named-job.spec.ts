import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClientOptions } from '@loadin/aws';
import { FatalError, type RunEvent } from '@loadin/pipeline';
import { differentIdsOf, expectedIds, idsOf } from '@loadin/specs';
import { createRecordingLogger } from '@loadin/testing';
import { checkSetup } from './check-setup.js';
import { listState } from './list-state.js';
import { AT, startWorld, type World } from './world.fixture.js';

const JOBS = `
version: 1
streams:
  spotify.artists: { queries: [midnight], max_per_query: 30 }
  ticketmaster.venues: { countries: [SE] }
  ticketmaster.events: { countries: [SE], horizon_days: 60 }
jobs:
  daily: { streams: [spotify.artists, ticketmaster.venues, ticketmaster.events], sinks: [s3_raw, kinesis] }
  hourly: { streams: [ticketmaster.events], sinks: [s3_raw, kinesis], overrides: { ticketmaster.events: { horizon_days: 5 } } }
  artist_refresh: { streams: [spotify.artists], sinks: [s3_raw] }
  venue_refresh: { streams: [ticketmaster.venues], sinks: [s3_raw] }
  followed:
    streams: [spotify.artists, spotify.tracks]
    sinks: [s3_raw]
    overrides: { spotify.tracks: { from_artists: true } }
`;

describe('a named job', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld({ jobs: JOBS });
  });
  afterEach(() => world.close());

  const swedishEvents = (days: number): string[] => expectedIds(world.sources, { countries: ['SE'], horizonDays: days }, AT).events;

  it('reads what the jobs file gives each job', async () => {
    const hourly = await world.run('hourly', { at: '2026-03-01T01:00:00Z' });
    expect(hourly.streams.map(({ stream }) => stream)).toEqual(['ticketmaster.events']);
    const artists = await world.run('artist_refresh');
    expect(artists.streams[0]?.ledger).toMatchObject({ pages: 3, sinks: { s3_raw: { pending: 0 } } });
    expect(Object.keys(artists.streams[0]?.ledger.sinks ?? {})).toEqual(['s3_raw']);
    const venues = await world.run('venue_refresh');
    expect(venues.streams[0]?.status).toBe('complete');
  });

  it('keeps daily and hourly of the same second apart by their object names', async () => {
    await world.run('daily');
    const hourly = await world.run('hourly');
    expect(hourly.status).toBe('complete');
    const keys = await world.lake.keys('raw/ticketmaster/events/');
    expect(keys.map((key) => key.split('/').at(-1))).toEqual(['events_20260301_020000.json', 'events_20260301_020001.json']);
  });

  it('writes nothing in a dry run but the calls it spends and the lease of its job, and says what it would have', async () => {
    const report = await world.run('daily', { dryRun: true });
    expect(report).toMatchObject({ status: 'complete', dry_run: true });
    expect(report.streams.find(({ stream }) => stream === 'ticketmaster.events')?.ledger.accepted).toBe(swedishEvents(60).length);
    expect(await world.lake.keys()).toEqual([]);
    expect(await world.lake.stream()).toEqual([]);
    expect((await listState(world.environment())).entries).toEqual([]);
    const sources = new Set((await world.stateItems()).map(({ key }) => key.split('/').slice(0, 2).join('/')));
    expect([...sources]).toEqual(['lease/job', 'quota/spotify', 'quota/ticketmaster']);
    expect((await world.run('daily')).already_complete).toBe(false);
  });

  it('counts every call of the day in the state store, whoever makes it, without the credential', async () => {
    await world.run('daily', { dryRun: true });
    await world.run('daily');
    const items = await world.stateItems('quota/');
    for (const credential of Object.values(world.sources.credentials)) expect(JSON.stringify(items)).not.toContain(credential);
    const days = items.filter(({ key, value }) => key.startsWith('quota/ticketmaster/') && 'calls' in value);
    const counted = days.flatMap(({ value }) => Object.values(value['calls'] as Record<string, number>));
    const made = world.sources.requests().byApi.ticketmaster.calls;
    expect(counted.reduce((sum, calls) => sum + calls, 0)).toBe(made);
  });

  it('runs some of the streams as a run of its own', async () => {
    const events = await world.run('daily', { streams: ['events'] });
    expect(events.streams.map(({ stream }) => stream)).toEqual(['ticketmaster.events']);
    const all = await world.run('daily');
    expect(all).toMatchObject({ already_complete: false, status: 'complete' });
    expect(all.run_id).not.toBe(events.run_id);
  });

  it('delivers exactly the source, although S3, Kinesis and DynamoDB fail again and again and answers are lost', async () => {
    const fault = (
      service: 's3' | 'kinesis' | 'dynamodb',
      operation: string,
      effect: 'throttle' | 'error500' | 'lostAnswer' | 'drop',
      seed: number,
    ) => world.aws.faults.add({ service, operation, effect, rate: 0.2, seed });
    fault('s3', 'PutObject', 'lostAnswer', 1);
    fault('s3', 'PutObject', 'throttle', 2);
    fault('s3', 'GetObject', 'drop', 3);
    fault('kinesis', 'PutRecords', 'throttle', 4);
    fault('dynamodb', 'PutItem', 'lostAnswer', 5);
    fault('dynamodb', 'GetItem', 'error500', 6);
    let report = await world.run('daily');
    for (let attempt = 1; attempt < 10 && report.status !== 'complete'; attempt += 1) report = await world.run('daily');
    world.aws.faults.clear();
    expect(report.status).toBe('complete');
    expect(idsOf(await world.lake.raw('events'), 'events')).toEqual(swedishEvents(60));
    const onStream = (await world.lake.stream()).filter((record) => record['data_type'] === 'events');
    expect(differentIdsOf(onStream, 'events')).toEqual(swedishEvents(60));
  });

  it('goes on after a source failed, from what it had landed, and keeps the checkpoint until then', async () => {
    world.sources.faults.add({ api: 'ticketmaster', path: 'events', effect: { kind: 'status', status: 500 }, when: { nth: 2 }, count: 1 });
    world.sources.faults.add({ api: 'ticketmaster', path: 'venues', effect: { kind: 'status', status: 404 }, when: { first: 1 } });
    const first = await world.run('daily');
    expect(first.status).toBe('failed');
    const entries = (await listState(world.environment())).entries.map(({ stream }) => stream);
    expect(entries).not.toContain('ticketmaster.venues');
    const second = await world.run('daily');
    expect(second).toMatchObject({ status: 'complete', attempts: 2, run_id: first.run_id, problems: [] });
    expect(idsOf(await world.lake.raw('events'), 'events')).toEqual(swedishEvents(60));
  });

  it('treats all streams by name as the whole job', async () => {
    const all = await world.run('daily');
    expect(await world.run('daily', { streams: ['artists', 'venues', 'events'] })).toMatchObject({ run_id: all.run_id, already_complete: true });
  });

  it('reads credentials from Secrets Manager, and reads one again that was rotated', async () => {
    const { secretsManager } = awsClientOptions({
      region: 'us-east-1',
      endpoint: world.aws.url,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const client = new SecretsManagerClient(secretsManager);
    const { ticketmasterApiKey } = world.sources.credentials;
    const { ARN } = await client.send(
      new CreateSecretCommand({ Name: 'ticketmaster', SecretString: JSON.stringify({ api_key: 'the-old-key-of-last-month' }) }),
    );
    const environment = world.environment({ API_TICKETMASTER_API_KEY: `${ARN}#api_key` });
    const rotate = async () =>
      client.send(new PutSecretValueCommand({ SecretId: ARN, SecretString: JSON.stringify({ api_key: ticketmasterApiKey }) }));
    const refused = await world.run('venue_refresh', { environment });
    expect(refused.problems.join()).toMatch(/Ticketmaster/);
    expect(refused.problems.join()).not.toContain('the-old-key');
    // The new key arrives between the first read of this run and the first answer of the source.
    let rotated = false;
    const observe = (event: RunEvent): void => {
      if (event.type === 'planned' && !rotated) {
        rotated = true;
        world.sources.faults.add({ api: 'ticketmaster', effect: { kind: 'latency', ms: 300 }, when: { first: 1 } });
        void rotate();
      }
    };
    expect(await world.run('venue_refresh', { environment, observe })).toMatchObject({ status: 'complete' });
    client.destroy();
  });

  it('is complete although its log can not be stored, and warns', async () => {
    world.aws.faults.add({ service: 's3', operation: 'PutObject', key: 'logs/', effect: 'error500' });
    const logger = createRecordingLogger();
    expect((await world.run('venue_refresh', { logger })).status).toBe('complete');
    expect(logger.messages('warn')).toEqual([expect.stringMatching(/^The run's log could not be stored: S3 PutObject/)]);
  });

  it('keeps its state in S3 as well, in the object that people know', async () => {
    const environment = world.environment({ CHECKPOINT_STORE: `s3://${world.bucket}/logs/pipeline/ingestion/checkpoints.json` });
    const report = await world.run('venue_refresh', { environment });
    expect(report.status).toBe('complete');
    const document = JSON.parse(await world.lake.text('logs/pipeline/ingestion/checkpoints.json')) as Record<string, object>;
    expect(document['venue_refresh/ticketmaster.venues']).toMatchObject({
      last_sync_timestamp: AT,
      record_count: report.streams[0]?.ledger.accepted,
    });
    expect((await listState(environment)).entries).toHaveLength(1);
  });

  it('puts its log into the bucket that S3_BUCKET_NAME names', async () => {
    const report = await world.run('venue_refresh', { environment: world.environment({ S3_BUCKET_NAME: world.bucket }) });
    expect(await world.lake.keys('logs/')).toEqual([`logs/pipeline/ingestion/date=2026-03-01/${report.run_id}.ndjson`]);
  });
});

describe('before anything is read', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ jobs: JOBS });
  });
  afterAll(() => world.close());

  it.each([
    ['an unknown job', {}, 'dialy', /There is no job "dialy"; did you mean "daily"\?/],
    ['a bucket that does not exist', { AWS_S3_BUCKET_RAW: 'no-such-bucket' }, 'daily', /no-such-bucket|NoSuchBucket|NotFound/],
    ['a log bucket that does not exist', { S3_BUCKET_NAME: 'no-such-logs' }, 'daily', /S3 HeadBucket/],
    ['a stream that does not exist', { AWS_KINESIS_STREAM_NAME: 'no-such-stream' }, 'daily', /Kinesis DescribeStreamSummary/],
    ['a table that does not exist', { CHECKPOINT_STORE: 'dynamodb://no-such-table' }, 'daily', /DynamoDB DescribeTable/],
    ['an endpoint that nobody serves', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 'daily', /ECONNREFUSED/],
    ['missing credentials', { API_TICKETMASTER_API_KEY: undefined, API_SPOTIFY_CLIENT_ID: undefined }, 'daily', /2 settings are missing or wrong/],
    ['a jobs file that is not there', { LOADIN_JOBS: '/no/such/file.yaml' }, 'daily', /The jobs file can't be read: there is none/],
  ] as const)('%s is a fatal error with a hint, and no request', async (_, env, job, message) => {
    const before = world.sources.requests();
    const run = world.run(job, { environment: world.environment(env) });
    await expect(run).rejects.toThrow(message);
    await expect(run).rejects.toMatchObject({ action: expect.stringMatching(/fatal|retry/), hint: expect.any(String) });
    expect(world.sources.requests()).toEqual(before);
    expect(await world.lake.keys()).toEqual([]);
  });

  it('refuses a stream that the job does not have', async () => {
    await expect(world.run('hourly', { streams: ['artists'] })).rejects.toThrow(FatalError);
  });

  it('refuses a stream alone that takes all it reads from another one', async () => {
    await expect(world.run('followed', { streams: ['tracks'] })).rejects.toThrow(
      new FatalError('spotify.tracks takes all that it reads from spotify.artists, which is not among these streams'),
    );
  });

  it('checks the whole set-up, a line each', async () => {
    const lines = [];
    for await (const line of checkSetup({ environment: world.environment() })) lines.push(line);
    expect(lines.filter(({ ok }) => !ok)).toEqual([]);
    expect(lines.map(({ name }) => name)).toEqual([
      'jobs file',
      'settings',
      'calls',
      'bucket',
      'permissions',
      'stream',
      'state',
      'account',
      'clock',
      'Spotify',
      'Ticketmaster',
    ]);
  });

  it.each([
    ['a jobs file that can not be read', { LOADIN_JOBS: '/no/such/file.yaml' }, ['jobs file', 'the rest']],
    ['settings that are wrong whatever the job', { API_RETRY_ATTEMPTS: 'many' }, ['settings']],
  ])('checks nothing further with %s', async (_, env, names) => {
    const lines = [];
    for await (const line of checkSetup({ environment: world.environment(env) })) lines.push(line);
    expect(lines.map(({ name, ok }) => [name, ok])).toEqual(names.map((name) => [name, false]));
  });

  it('says what is wrong with the set-up, and goes on looking', async () => {
    const environment = world.environment({ AWS_KINESIS_STREAM_NAME: 'no-such-stream', API_SPOTIFY_CLIENT_SECRET: 'not-the-secret' });
    const wrong = [];
    for await (const line of checkSetup({ environment })) if (!line.ok) wrong.push(line);
    expect(wrong.map(({ name }) => name)).toEqual(['stream', 'Spotify']);
    for (const { hint, detail } of wrong) {
      expect(hint).toBeDefined();
      expect(`${hint} ${detail}`).not.toContain('not-the-secret');
    }
  });
});
