import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { createTicketmasterClient, createTicketmasterVenuesStream } from '@loadin/api-clients';
import { createDynamoStateStore } from '@loadin/checkpoint-store';
import { createKinesisSink } from '@loadin/kinesis-sink';
import type { FaultRule } from '@loadin/local-aws';
import { runJob, type Json, type Parsed, type ReplayReport, type RunReport } from '@loadin/pipeline';
import { createS3ObjectStore, createS3RawSink } from '@loadin/s3-sink';
import { BUCKET, TABLE, type DataRecord } from '@loadin/specs';
import { normalizerFor } from '@loadin/transforms';
import { setTimeout as delay } from 'node:timers/promises';
import { startWorld, type World } from './world.fixture.js';

jest.setTimeout(30_000);

/** Nothing of the sources: a replay needs none of it. */
const WITHOUT_SOURCES = {
  API_SPOTIFY_CLIENT_ID: undefined,
  API_SPOTIFY_CLIENT_SECRET: undefined,
  API_TICKETMASTER_API_KEY: undefined,
  API_SPOTIFY_BASE_URL: undefined,
  API_SPOTIFY_ACCOUNTS_URL: undefined,
  API_TICKETMASTER_BASE_URL: undefined,
};

/** An older version: of every second venue it made another name, and it could not read one in five. */
const today = normalizerFor('venues');
function olderTransform(raw: Json): Parsed {
  const parsed = today(raw);
  if (!parsed.ok) return parsed;
  const number = [...parsed.id].reduce((sum, character) => sum + character.charCodeAt(0), 0);
  if (number % 5 === 0) return { ok: false, reasons: [{ path: 'name', message: 'was not understood' }] };
  return number % 2 === 0 ? { ...parsed, record: { ...parsed.record, name: 'an older name' } } : parsed;
}

describe('loadin replay, as a command on real servers', () => {
  let world: World;
  let dynamodb: DynamoDBClient;
  beforeAll(async () => {
    world = await startWorld();
    dynamodb = new DynamoDBClient({ endpoint: world.aws.url, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  });
  afterEach(() => world.aws.faults.clear());
  afterAll(async () => {
    dynamodb.destroy();
    await world.close();
  });

  /** The venues of `daily` as an older version of Loadin landed and delivered them. */
  const olderRun = (at: string): Promise<RunReport> => {
    const client = createTicketmasterClient({
      apiKey: world.sources.credentials.ticketmasterApiKey,
      baseUrl: world.sources.ticketmasterUrl,
    });
    const stream = createTicketmasterVenuesStream({ client, countries: ['SE'] });
    const sinks = [
      createS3RawSink({ client: world.s3, bucket: BUCKET }),
      createKinesisSink({ client: world.kinesis, streamName: world.env['AWS_KINESIS_STREAM_NAME'] ?? '' }),
    ];
    const lake = createS3ObjectStore({ client: world.s3, bucket: BUCKET });
    const state = createDynamoStateStore({ client: dynamodb, table: TABLE });
    const job = { name: 'daily', streams: [{ stream, transform: olderTransform, sinks, schemaVersion: '1', maxRejected: 1 }] };
    return runJob({ job, only: ['ticketmaster.venues'], at, lake, state }).finally(() => client.close());
  };
  const replayOf = (at: string): string[] => ['replay', '--from', at, '--to', at, '--json'];
  const replay = async (at: string): Promise<{ status: number | undefined; report: ReplayReport }> => {
    const { status, stdout, stderr } = await world.loadin(replayOf(at), WITHOUT_SOURCES);
    if (stdout === '') throw new Error(stderr);
    return { status, report: JSON.parse(stdout) as ReplayReport };
  };
  const sentBy = async ({ run_id }: RunReport): Promise<DataRecord[]> => (await world.lake.stream()).filter((record) => record['run_id'] === run_id);
  const texts = (records: readonly DataRecord[]): string[] => records.map((record) => JSON.stringify(record)).sort();
  const rawObjects = async () =>
    ((await world.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'raw/' }))).Contents ?? []).map(({ Key, ETag, LastModified }) => ({
      Key,
      ETag,
      LastModified,
    }));

  it('of a run whose transforms are the same: raw objects stay untouched, the stream gets the same again, and no source is asked', async () => {
    const ran = await world.loadin(['run', 'daily', '--at', '2026-03-01T02:00:00Z', '--stream', 'venues', '--stream', 'artists', '--json']);
    const run = JSON.parse(ran.stdout) as RunReport;
    const [objects, first, asked, state] = [
      await rawObjects(),
      await sentBy(run),
      world.sources.requests(),
      await world.loadin(['state', 'show', '--json']),
    ];
    const { status, report } = await replay('2026-03-01T02:00:00Z');
    expect({ status, problems: report.runs.flatMap(({ problems }) => problems) }).toEqual({ status: 0, problems: [] });
    expect(report.runs).toMatchObject([{ run_id: run.run_id, status: 'complete' }]);
    expect(await rawObjects()).toEqual(objects);
    expect(texts(await sentBy(run))).toEqual(texts([...first, ...first]));
    expect(world.sources.requests()).toEqual(asked);
    expect((await world.loadin(['state', 'show', '--json'])).stdout).toBe(state.stdout);
    for (const { stream, ledger, replay: changes } of report.runs[0]?.streams ?? []) {
      expect(ledger).toEqual(run.streams.find((one) => one.stream === stream)?.ledger);
      expect(changes.records).toMatchObject({ changed: 0, unchanged: ledger.accepted });
    }
    const key = String(report.runs[0]?.report_uri).replace(`s3://${BUCKET}/`, '');
    expect(key).toMatch(/^_loadin\/replays\/daily\//);
    expect(JSON.parse(await world.lake.text(key))).toEqual(report.runs[0]);
  });

  /** What the stream got of a run since `before` was all. */
  const sentSince = async (run: RunReport, before: readonly DataRecord[]): Promise<DataRecord[]> => {
    const known = texts(before);
    return (await sentBy(run)).filter((record) => {
      const index = known.indexOf(JSON.stringify(record));
      if (index >= 0) known.splice(index, 1);
      return index < 0;
    });
  };

  /** After the replay lake and stream have what today's transforms make of the landed pages, once in the lake, and who changed says so. */
  const expectToday = async (run: RunReport, before: readonly DataRecord[]): Promise<void> => {
    const second = run.scheduled_time.replaceAll(/[-:Z]/g, '').replace('T', '_');
    const raw = await world.lake.raw('venues', second);
    expect(raw).toHaveLength((run.streams[0]?.ledger.accepted ?? 0) + (run.streams[0]?.ledger.rejected ?? 0));
    expect(raw.some((record) => record['name'] === 'an older name')).toBe(false);
    const idOf = (record: DataRecord): string => String(record['venue_id']);
    const hashBefore = new Map(before.map((record) => [idOf(record), record['record_hash']]));
    const sent = await sentSince(run, before);
    expect([...new Set(sent.map(idOf))].sort()).toEqual(raw.map(idOf).sort());
    // A batch whose acknowledgement was lost with the process is there twice: the same in both copies.
    expect(new Set(sent.map((record) => JSON.stringify(record))).size).toBe(raw.length);
    const record = new Map(raw.map((one) => [idOf(one), one]));
    for (const one of sent) {
      const changed = one['record_hash'] !== hashBefore.get(idOf(one));
      const ours = { run_id: run.run_id, ingestion_timestamp: run.scheduled_time, data_type: 'venues', record_hash: one['record_hash'] };
      expect(one).toEqual({ ...record.get(idOf(one)), ...ours, ...(changed && { replay_of: run.run_id }) });
    }
  };

  it('of a run that an older version made: objects are replaced, changed records carry replay_of, and what was rejected arrives', async () => {
    const run = await olderRun('2026-03-02T02:00:00Z');
    expect(run.status).toBe('complete');
    const before = await sentBy(run);
    const asked = world.sources.requests();
    const { status, report } = await replay('2026-03-02T02:00:00Z');
    expect(status).toBe(0);
    const [stream] = report.runs[0]?.streams ?? [];
    const rejected = run.streams[0]?.ledger.rejected ?? 0;
    expect(rejected).toBeGreaterThan(0);
    expect(stream?.ledger.accepted).toBe((run.streams[0]?.ledger.accepted ?? 0) + rejected);
    expect(stream?.replay).toMatchObject({ records: { newly_accepted: rejected, newly_rejected: 0 }, objects: { replaced: 1 } });
    await expectToday(run, before);
    expect(world.sources.requests()).toEqual(asked);
  });

  it('says with --dry-run what it would change, for people too, and changes nothing', async () => {
    const run = await olderRun('2026-03-03T02:00:00Z');
    const [keys, objects, sent] = [await world.lake.keys(), await rawObjects(), (await world.lake.stream()).length];
    const { status, stdout } = await world.loadin(['replay', '--from', '2026-03-03', '--to', '2026-03-03', '--dry-run'], WITHOUT_SOURCES);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^replay of 2026-03-03 00:00:00 UTC to 2026-03-03 23:59:59 UTC · dry run: nothing was written · complete in /);
    expect(stdout).toMatch(/^daily +2026-03-03 02:00:00 UTC +ticketmaster\.venues +complete /m);
    expect(stdout).toMatch(/^objects \(would be\): 0 the same, 0 rebuilt, 1 replaced, 0 emptied$/m);
    expect([await world.lake.keys(), await rawObjects(), (await world.lake.stream()).length]).toEqual([keys, objects, sent]);
    expect(run.status).toBe('complete');
  });

  describe.each<[string, string, Omit<FaultRule, 'effect'>]>([
    ['while a raw object is replaced', '2026-03-04T02:00:00Z', { service: 's3', operation: 'PutObject', key: 'raw/ticketmaster/venues', nth: 1 }],
    ['while the stream is fed', '2026-03-05T02:00:00Z', { service: 'kinesis', operation: 'PutRecords', nth: 1 }],
    ['when only its report is missing', '2026-03-06T02:00:00Z', { service: 's3', operation: 'PutObject', key: '_loadin/replays/daily', nth: 2 }],
  ])('that is ended by SIGKILL %s', (_when, at, rule) => {
    it('goes on with the same command, and nothing is lost', async () => {
      const run = await olderRun(at);
      const before = await sentBy(run);
      world.aws.faults.add({ ...rule, effect: { latencyMs: 400 } });
      const started = world.start(replayOf(at));
      while (world.aws.faults.list()[0]?.fired === 0) {
        if (started.child.exitCode !== null) throw new Error(`it ended before it could be killed: ${(await started.ended).stderr}`);
        await delay(5);
      }
      started.child.kill('SIGKILL');
      expect(await started.ended).toMatchObject({ signal: 'SIGKILL' });
      world.aws.faults.clear();
      const { status, report } = await replay(at);
      expect(status).toBe(0);
      expect(report).toMatchObject({ status: 'complete', attempts: 2 });
      await expectToday(run, before);
    });
  });

  it('names a run whose landed pages are gone, replays the others, and ends with status 1', async () => {
    const [gone, there] = [await olderRun('2026-03-07T02:00:00Z'), await olderRun('2026-03-07T03:00:00Z')];
    for (const Key of await world.lake.keys('landing/'))
      if (Key.includes(gone.run_id)) await world.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
    const { status, stdout } = await world.loadin(['replay', '--from', '2026-03-07', '--to', '2026-03-07'], WITHOUT_SOURCES);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      new RegExp(
        `^NOT REPLAYED\\n {2}daily 2026-03-07 02:00:00 UTC, run ${gone.run_id}: its landed pages are not there any more \\(expired\\?\\)`,
        'm',
      ),
    );
    expect(stdout).toMatch(/^daily +2026-03-07 03:00:00 UTC +ticketmaster\.venues +complete /m);
    expect(there.status).toBe('complete');
  });

  it.each<[string, string[], RegExp]>([
    [
      'an end before its beginning',
      ['--from', '2026-03-02', '--to', '2026-03-01'],
      /^From 2026-03-02T00:00:00Z to 2026-03-01T23:59:59Z there is no time\n {2}→ /,
    ],
    ['a time that is none', ['--from', 'yesterday', '--to', '2026-03-01'], /^"yesterday" is not a time/],
    [
      'an unknown stream',
      ['--from', '2026-03-01', '--to', '2026-03-01', '--stream', 'concerts'],
      /^No job that is replayed has the stream "concerts"\n[^]*→ There are: /,
    ],
    ['an unknown job', ['--from', '2026-03-01', '--to', '2026-03-01', '--job', 'dialy'], /did you mean "daily"/],
    ['no window', [], /required option '--from <time>' not specified/],
  ])('refuses %s with status 2', async (_what, args, text) => {
    const { status, stdout, stderr } = await world.loadin(['replay', ...args], WITHOUT_SOURCES);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(text);
  });
});
