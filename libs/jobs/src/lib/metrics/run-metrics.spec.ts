import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { emfFaults } from '@loadin/observability';
import { checkpointKey } from '@loadin/pipeline';
import { createRecordingLogger } from '@loadin/testing';
import { connect } from '../connect.js';
import { startWorld, type World } from '../world.fixture.js';

const JOBS = `
version: 1
streams:
  ticketmaster.venues: { countries: [GB] }
jobs:
  hourly: { schedule: cron(0 * * * ? *), streams: [ticketmaster.venues], sinks: [s3_raw, kinesis] }
  by_hand: { streams: [ticketmaster.venues], sinks: [s3_raw] }
`;

describe('what a run tells CloudWatch', () => {
  let world: World;
  let lines: Record<string, unknown>[];
  beforeEach(async () => {
    world = await startWorld({ jobs: JOBS });
    lines = [];
  });
  afterEach(() => world.close());
  const metrics = (line: object): void => void lines.push(JSON.parse(JSON.stringify(line)) as Record<string, unknown>);
  const put = async ({ pk, value }: { pk: string; value: string }): Promise<void> => {
    const aws = connect(world.environment());
    const Item = { pk: { S: pk }, value: { S: value }, revision: { N: '1' } };
    await (await aws.dynamodb()).send(new PutItemCommand({ TableName: 'loadin-checkpoints', Item }));
    await aws.close();
  };
  const valuesOf = (name: string): unknown[] => lines.flatMap((line) => line[name] ?? []);

  it('is what the report says, by data type and source, source, sink and job', async () => {
    const report = await world.run('hourly', { metrics });
    const accepted = report.streams[0]?.ledger.accepted;
    expect(lines).toMatchObject([
      { DataType: 'venues', Source: 'ticketmaster', RecordsIngested: accepted, SourceRecordsRejected: 0, DeadLetters: 0, run_id: report.run_id },
      { DataType: 'venues', Source: 'ticketmaster', FreshnessSeconds: expect.any(Number) },
      { Source: 'ticketmaster', ApiErrors: 0, QuotaUsed: expect.any(Number) },
      { Sink: 's3_raw', UploadSuccess: 100 },
      { Sink: 'kinesis', UploadSuccess: 100 },
      { Job: 'hourly', RunsCompleted: 1, RunsFailed: 0, RunsStopped: 0, DeadLetters: 0 },
    ]);
    expect(valuesOf('ProcessingTime')).toEqual([expect.any(Number)]);
    expect(valuesOf('QuotaUsed')[0]).toBeGreaterThan(0);
    expect(lines.flatMap((line) => emfFaults(JSON.stringify(line)))).toEqual([]);
  });

  it('counts records once, by the attempt that completes the run', async () => {
    world.sources.faults.add({ api: 'ticketmaster', effect: { kind: 'status', status: 500 }, when: { first: 4 } });
    expect((await world.run('hourly', { metrics })).status).toBe('failed');
    expect([valuesOf('RecordsIngested'), valuesOf('RunsFailed'), valuesOf('RunsCompleted')]).toEqual([[], [1], [0]]);
    expect(valuesOf('ApiErrors')[0]).toBeGreaterThan(1);
    const report = await world.run('hourly', { metrics });
    expect(valuesOf('RecordsIngested')).toEqual([report.streams[0]?.ledger.accepted]);
    lines = [];
    expect((await world.run('hourly', { metrics })).already_complete).toBe(true);
    expect(lines).toEqual([]);
  });

  it('is nothing of a dry run, and the freshness of scheduled jobs alone', async () => {
    await world.run('by_hand', { metrics, dryRun: true });
    expect(lines).toEqual([]);
    await world.run('by_hand', { metrics });
    expect(valuesOf('FreshnessSeconds')).toEqual([]);
    expect(valuesOf('RunsCompleted')).toEqual([1]);
  });

  it('asks for the items that it knows, and looks through no table', async () => {
    world.aws.faults.add({ service: 'dynamodb', operation: 'Scan', effect: 'error500' });
    await world.run('hourly', { metrics });
    expect(valuesOf('QuotaUsed')).toEqual([expect.any(Number)]);
    expect(world.aws.faults.list()).toMatchObject([{ matched: 0 }]);
  });

  it('has what the account in use has spent of its day, and nothing of others', async () => {
    const { quotaKey } = await import('@loadin/api-clients');
    const key = quotaKey({ source: 'ticketmaster', account: 'another-key', windowMs: 86_400_000 });
    await put({ pk: key, value: JSON.stringify({ calls: { [Math.floor(world.clock.now() / 3_600_000)]: 4_000 } }) });
    await world.run('hourly', { metrics });
    const [spent = 0] = valuesOf('QuotaUsed') as number[];
    expect(spent).toBeGreaterThan(0);
    expect(spent).toBeLessThan(10);
  });

  it('is told without what can not be found out, with a warning', async () => {
    const logger = createRecordingLogger();
    await put({ pk: checkpointKey('hourly', 'ticketmaster.venues'), value: 'damaged' });
    await world.run('by_hand', { metrics, logger });
    expect(valuesOf('RunsCompleted')).toEqual([1]);
    expect(valuesOf('QuotaUsed')).toEqual([]);
    expect(logger.messages('warn')).toEqual([expect.stringMatching(/^Some metrics of the run could not be told: /)]);
  });
});
