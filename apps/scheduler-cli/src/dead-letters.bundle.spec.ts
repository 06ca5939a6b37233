import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { createTicketmasterClient, createTicketmasterVenuesStream } from '@loadin/api-clients';
import { createDynamoStateStore } from '@loadin/checkpoint-store';
import { createKinesisSink } from '@loadin/kinesis-sink';
import { runJob, type DeadLetter, type Json, type Parsed, type RetryReport, type RunReport, type VerifiedRun } from '@loadin/pipeline';
import { createS3ObjectStore, createS3RawSink } from '@loadin/s3-sink';
import { BUCKET, idsOf, TABLE } from '@loadin/specs';
import { normalizerFor } from '@loadin/transforms';
import { setTimeout as delay } from 'node:timers/promises';
import { startWorld, type World } from './world.fixture.js';

jest.setTimeout(30_000);

/** An older version could not read one venue in five. */
const today = normalizerFor('venues');
function olderTransform(raw: Json): Parsed {
  const parsed = today(raw);
  const number = parsed.ok ? [...parsed.id].reduce((sum, character) => sum + character.charCodeAt(0), 0) : 0;
  return parsed.ok && number % 5 === 0 ? { ok: false, reasons: [{ path: 'name', message: 'was not understood' }] } : parsed;
}

describe('loadin dead-letters, as a command on real servers', () => {
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

  /** The venues of `daily` as that version delivered them. */
  const olderRun = (at: string): Promise<RunReport> => {
    const { ticketmasterUrl: baseUrl, credentials } = world.sources;
    const client = createTicketmasterClient({ apiKey: credentials.ticketmasterApiKey, baseUrl });
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
  const lettersOf = async ({ run_id }: RunReport): Promise<(DeadLetter & { id: string; open_sinks: string[] })[]> => {
    const { stdout } = await world.loadin(['dead-letters', 'list', '--run', run_id, '--json']);
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as DeadLetter & { id: string; open_sinks: string[] });
  };
  /** Every id of the run is in the lake once, on the stream at least once and always the same, and verify has nothing to say. */
  const expectTheTruth = async (report: RunReport, second: string): Promise<void> => {
    const ids = idsOf(await world.lake.raw('venues', second), 'venues');
    expect(ids).toEqual([...new Set(ids)]);
    expect(ids).toHaveLength(report.streams[0]?.ledger.read ?? 0);
    const streamed = (await world.lake.stream()).filter((record) => record['run_id'] === report.run_id);
    expect([...new Set(idsOf(streamed, 'venues'))]).toEqual(ids);
    expect(new Set(streamed.map((record) => JSON.stringify(record))).size).toBe(ids.length);
    const { status, stdout } = await world.loadin(['verify', '--run', report.run_id, '--json']);
    expect({ status, notes: (JSON.parse(stdout) as VerifiedRun).streams.flatMap(({ notes }) => notes) }).toEqual({ status: 0, notes: [] });
  };

  it('are listed, shown, discarded and retried', async () => {
    const report = await olderRun('2026-03-01T02:00:00Z');
    const letters = await lettersOf(report);
    expect(letters).toHaveLength(report.streams[0]?.ledger.rejected ?? -1);
    expect(letters.length).toBeGreaterThan(2);
    const [first] = letters;
    const table = await world.loadin(['dead-letters', 'list', '--limit', '1']);
    expect(table.stdout).toMatch(
      new RegExp(
        `^LETTER +JOB +STREAM [^\\n]*\\n${first?.id} +daily +ticketmaster\\.venues +transform +s3_raw, kinesis +[^\\n]*\\n\\nThere are more: `,
      ),
    );
    const shown = await world.loadin(['dead-letters', 'show', first?.id ?? '']);
    expect(shown.stdout).toContain('reason    name: was not understood\n');
    expect(shown.stdout).toContain(JSON.stringify(first?.record, null, 2));
    const { status, stdout } = await world.loadin(['dead-letters', 'retry', '--stream', 'ticketmaster.venues', '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout) as RetryReport).toMatchObject({ letters: letters.length, delivered: letters.length, remaining: 0 });
    expect((await world.loadin(['dead-letters', 'show', first?.id ?? ''])).stdout).toContain('status    delivered since\n');
    await expectTheTruth(report, '20260301_020000');
    expect((await world.loadin(['dead-letters', 'list'])).stdout).toBe('No dead letter waits.\n');
    expect((await world.loadin(['dead-letters', 'retry'])).stdout).toBe('No dead letter waits.\n');
  });

  it.each([
    ['s3', 'PutObject', 'raw/', '2026-03-02'],
    ['kinesis', 'PutRecords', undefined, '2026-03-03'],
    ['dynamodb', 'PutItem', undefined, '2026-03-04'],
  ] as const)('a retry that is killed during %s %s is ended by the next one', async (service, operation, key, day) => {
    const report = await olderRun(`${day}T02:00:00Z`);
    world.aws.faults.add({ service, operation, nth: 1, effect: { latencyMs: 1_000 }, ...(key !== undefined && { key }) });
    const started = world.start(['dead-letters', 'retry', '--run', report.run_id]);
    while (world.aws.faults.list()[0]?.fired === 0) {
      if (started.child.exitCode !== null) throw new Error((await started.ended).stderr);
      await delay(5);
    }
    started.child.kill('SIGKILL');
    expect(await started.ended).toMatchObject({ signal: 'SIGKILL' });
    world.aws.faults.clear();
    await world.loadin(['dead-letters', 'retry', '--run', report.run_id]);
    expect(await lettersOf(report)).toEqual([]);
    await expectTheTruth(report, `${day.replaceAll('-', '')}_020000`);
  });

  it('a letter for a sink that is not there any more waits, and holds up no other', async () => {
    const report = await olderRun('2026-03-06T02:00:00Z');
    const [letter] = await lettersOf(report);
    const Key = `dead-letters/ticketmaster/venues/date=2026-03-06/run=${report.run_id}/slice=00000-s3_raw-0-00000000.ndjson`;
    const Body = `${JSON.stringify({ ...letter, stage: 'sink', sinks: ['warehouse'], record: { venue_id: 'ticketmaster_gone' } })}\n`;
    await world.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
    const { status, stdout } = await world.loadin(['dead-letters', 'retry', '--run', report.run_id, '--json']);
    expect(status).toBe(1);
    expect(JSON.parse(stdout) as RetryReport).toMatchObject({
      remaining: 1,
      reasons: [{ reason: 'warehouse: there is no sink warehouse any more' }],
    });
    expect(await lettersOf(report)).toMatchObject([{ open_sinks: ['warehouse'] }]);
    await world.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
  });

  it('a discard names its letters, and is said with --yes', async () => {
    const report = await olderRun('2026-03-05T02:00:00Z');
    const [first, ...others] = await lettersOf(report);
    const without = await world.loadin(['dead-letters', 'discard', first?.id ?? '']);
    expect({ status: without.status, text: without.stderr }).toEqual({
      status: 2,
      text: expect.stringMatching(/^1 letter would be discarded; nothing was done\n {2}→ [^\n]*--yes/),
    });
    expect((await world.loadin(['dead-letters', 'discard', first?.id ?? '', '--yes'])).stdout).toBe('1 letter discarded\n');
    expect(await lettersOf(report)).toHaveLength(others.length);
    expect((await world.loadin(['dead-letters', 'discard', '--yes'])).stderr).toMatch(/^Which letters\? None are named/);
  });

  it.each([
    ['an id that is none', ['show', 'abc'], /^"abc" is no id of a dead letter/],
    ['an id of nothing', ['show', '0123456789ab-0'], /^There is no dead letter 0123456789ab-0/],
    ['a stage that is none', ['list', '--stage', 'kitchen'], /Allowed choices are transform, sink, load/],
  ])('refuses %s with status 2', async (_what, args, text) => {
    const { stdout, stderr, status } = await world.loadin(['dead-letters', ...args]);
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(stderr).toMatch(text);
  });
});
