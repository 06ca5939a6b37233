import { CreateStreamCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { loadEnvironment, parseJobsFile } from '@loadin/config';
import { alarmDefinitions, jobsByPlace, resourceNames, runStateMachine } from '@loadin/infrastructure';
import { startLocalAws } from '@loadin/local-aws';
import { startLocalLambda, type Invocation, type LocalLambda, type LocalLambdaOptions } from '@loadin/local-lambda';
import { drainStream } from '@loadin/local-stack';
import { createLocalStateMachine } from '@loadin/local-step-functions';
import { startServers, type Servers } from '@loadin/specs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientOptions } from '../clients.js';
import { ringing, type DataPoint } from './alarm-math.fixture.js';
import { lambdaPoint, pointOfBatch, pointOfPut, pointsOfExecution, pointsOfInvocation, pointsOfRefusal } from './aws-points.fixture.js';

jest.setTimeout(60_000);

const apps = join(__dirname, '../../..');
const INGESTION_ZIP = join(apps, 'ingestion-lambda/dist/function.zip');
const CONSUMER_ZIP = join(apps, 'kinesis-consumer/dist/function.zip');

const JOBS = `version: 1
streams:
  spotify.artists: { queries: [midnight], max_per_query: 10 }
jobs:
  hourly: { schedule: cron(0 * * * ? *), streams: [spotify.artists], sinks: [s3_raw, kinesis] }
`;
const STATE_MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:loadin-run';
const MINUTE = 60_000;
const START = Date.parse('2026-03-01T03:00:00Z');

const names = resourceNames({ environment: 'dev', account: '123456789012', region: 'us-east-1' });
const { jobs } = parseJobsFile(JOBS, 'jobs.yaml');
const alarms = alarmDefinitions({ names, jobs: jobsByPlace({ jobs }, []), stateMachineArn: STATE_MACHINE, streamHours: 24 });
/** Of AWS's own metrics: others look at what runs log. */
const own = alarms.filter(({ metric }) => metric.namespace.startsWith('AWS/'));
/** What rings at a time. */
const rung = (points: readonly DataPoint[], now: number): string[] => ringing(own, points, now);

describe('alarms on what AWS tells of functions, by what these really did', () => {
  let servers: Servers;
  const functions: LocalLambda[] = [];
  beforeEach(async () => (servers = await startServers({ jobs: JOBS, shards: 1 })));
  afterEach(async () => {
    for (const one of functions.splice(0)) await one.stop();
    await servers.close();
  });

  function ingestion(options: Partial<LocalLambdaOptions> = {}): LocalLambda {
    const env = { ...servers.env, LOADIN_JOBS: join(servers.dir, 'jobs.yaml'), ...options.env };
    const made = startLocalLambda({ zip: INGESTION_ZIP, functionName: 'ingestion', timeoutMs: 30_000, memoryMB: 512, ...options, env });
    functions.push(made);
    return made;
  }
  const event = (hour: number) => ({ job_type: 'hourly', scheduled_time: `2026-03-01T0${hour}:00:00Z` });
  const pointsOf = (invocation: Invocation, at: number, timeoutMs = 30_000): DataPoint[] =>
    pointsOfInvocation({ name: names.ingestionFunction, timeoutMs }, invocation, at);

  it('none rings for a run that completes', async () => {
    const invocation = await ingestion().invoke(event(1));
    expect(invocation.payload).toMatchObject({ status: 'complete' });
    expect(rung(pointsOf(invocation, START - MINUTE), START)).toEqual([]);
  });

  it('ingestion-errors rings for a function that can do nothing without a setting', async () => {
    const invocation = await ingestion({ env: { API_SPOTIFY_CLIENT_ID: '' } }).invoke(event(1));
    expect(invocation).toMatchObject({ functionError: 'Unhandled', payload: { errorType: 'ConfigurationError' } });
    expect(rung(pointsOf(invocation, START - MINUTE), START)).toEqual(['ingestion-errors']);
    expect(rung(pointsOf(invocation, START - MINUTE), START + 10 * MINUTE)).toEqual([]);
  });

  it('ingestion-duration rings, with ingestion-errors, for one that is killed when its time is over, and not for one that stops in time', async () => {
    const timeoutMs = 4_500; // a two-hundredth of the real one, and so are durations
    servers.sources.faults.add({ api: 'spotify', effect: { kind: 'hang' } });
    const stopped = await ingestion({ timeoutMs }).invoke(event(1));
    expect(stopped.payload).toMatchObject({ status: 'stopped', reason: 'deadline' });
    expect(rung(pointsOf(stopped, START - MINUTE, timeoutMs), START)).toEqual([]);
    servers.sources.faults.clear();
    servers.aws.faults.add(
      { service: 'kinesis', operation: 'PutRecords', effect: { latencyMs: 4_300 } },
      { service: 's3', operation: 'PutObject', key: '_loadin/reports/', effect: { latencyMs: 4_300 } },
    );
    const killed = await ingestion({ timeoutMs }).invoke(event(2));
    expect(killed.payload).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect(rung(pointsOf(killed, START - MINUTE, timeoutMs), START)).toEqual(['ingestion-errors', 'ingestion-duration']);
  });

  it('ingestion-throttles rings when functions are refused for a quarter of an hour, and not for ten minutes', async () => {
    const lambda = ingestion({ concurrency: 1 });
    servers.sources.faults.add({ api: 'spotify', effect: { kind: 'latency', ms: 1_000 }, count: 1 });
    const busy = lambda.invoke(event(1));
    const points: DataPoint[] = [];
    for (const minutesAgo of [11, 6, 1])
      await lambda
        .invoke(event(2))
        .catch((error: Error) => points.push(...pointsOfRefusal(names.ingestionFunction, error, START - minutesAgo * MINUTE)));
    expect((await busy).payload).toMatchObject({ status: 'complete' });
    expect(points).toHaveLength(3);
    expect(rung(points, START)).toEqual(['ingestion-throttles']);
    expect(rung(points.slice(1), START)).toEqual([]);
  });

  it('runs-failed rings for an execution that fails, and not for one that completes', async () => {
    const lambda = ingestion();
    const definition = runStateMachine({ functions: [{ arn: 'ingestion' }] });
    const machine = createLocalStateMachine(definition, {
      invoke: (_arn, payload) => lambda.invoke(payload),
      getObject: (_bucket, key) => servers.lake.text(key),
      publish: async () => undefined,
      wait: () => Promise.reject(new Error('nothing to wait for')),
    });
    const pointsOfRun = async (hour: number): Promise<DataPoint[]> => {
      await machine.start(event(hour), `trigger-${hour}`).ended;
      const ended = await Promise.all([...machine.executions.values()].map((execution) => execution.ended));
      return ended.flatMap((outcome) => pointsOfExecution(STATE_MACHINE, outcome, START - MINUTE));
    };
    expect(rung(await pointsOfRun(1), START)).toEqual([]);
    servers.sources.faults.add({ api: 'spotify', effect: { kind: 'status', status: 403 } });
    expect(rung(await pointsOfRun(2), START)).toEqual(['runs-failed']);
  });

  it('stream-writes-throttled rings when a shard refuses records in two of three periods', async () => {
    let at = START - 11 * MINUTE;
    const points: DataPoint[] = [];
    servers.aws.watch({
      after: ({ operation }, { output }) => {
        if (operation === 'PutRecords' && output !== undefined) points.push(pointOfPut(names.stream, output, at));
        return undefined;
      },
    });
    /** Another producer, which knows nothing of the shard's 1,000 records a second. */
    const flood = async (): Promise<void> => {
      const Records = Array.from({ length: 500 }, (_, key) => ({ Data: Buffer.from('x'), PartitionKey: String(key) }));
      await Promise.all(
        [1, 2, 3, 4].map(() => servers.kinesis.send(new PutRecordsCommand({ StreamName: servers.env['AWS_KINESIS_STREAM_NAME'], Records }))),
      );
    };
    await flood();
    expect(rung(points, START)).toEqual([]);
    at = START - MINUTE;
    const [{ payload }] = await Promise.all([ingestion().invoke(event(1)), flood()]);
    expect(payload).toMatchObject({ status: 'complete' });
    expect(rung(points, START)).toEqual(['stream-writes-throttled']);
  });
});

describe('alarms on what AWS tells of the consumer, by what it really read and answered', () => {
  const name = names.consumerFunction;
  const timeoutMs = 20_000;
  let dir: string;
  let consumer: LocalLambda;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'loadin alarms '));
    consumer = startLocalLambda({ zip: CONSUMER_ZIP, functionName: 'consumer', timeoutMs, memoryMB: 256 });
  });
  afterAll(async () => {
    await consumer.stop();
    await rm(dir, { recursive: true });
  });
  const pointsOf = (invocation: Invocation, at: number): DataPoint[] => pointsOfInvocation({ name, timeoutMs }, invocation, at);

  it('consumer-errors rings for a function that somebody calls with no batch of a stream, three times in a quarter of an hour', async () => {
    const points: DataPoint[] = [];
    for (const minutesAgo of [11, 6, 1]) points.push(...pointsOf(await consumer.invoke({ job_type: 'daily' }), START - minutesAgo * MINUTE));
    expect(rung(points, START)).toEqual(['consumer-errors']);
    expect(rung(points.slice(3), START)).toEqual([]);
  });

  it('consumer-iterator-age rings while records are read that have lain on the stream for two hours, and ends when it has caught up', async () => {
    let ahead = -120 * MINUTE;
    const aws = await startLocalAws({ dataDir: join(dir, 'aws'), now: () => Date.now() + ahead });
    const env = { AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' };
    const client = new KinesisClient(clientOptions('us-east-1', loadEnvironment({ cwd: dir, env })).kinesis);
    await client.send(new CreateStreamCommand({ StreamName: 'late', ShardCount: 1 }));
    const put = (): Promise<unknown> =>
      client.send(new PutRecordsCommand({ StreamName: 'late', Records: [{ Data: Buffer.from('{"test": true}'), PartitionKey: 'a' }] }));
    const points: DataPoint[] = [];
    /** Reads what is there at a time of the alarm's clock. */
    const read = async (at: number): Promise<void> => {
      const now = Date.now();
      await drainStream({
        client,
        streamName: 'late',
        positionsFile: join(dir, 'positions.json'),
        batchSize: 1,
        invoke: async (event) => {
          const lastArrival = (event.Records.at(-1)?.kinesis.approximateArrivalTimestamp ?? 0) * 1_000;
          points.push(pointOfBatch(name, at - (now - lastArrival), at));
          const invocation = await consumer.invoke(event);
          points.push(...pointsOf(invocation, at));
          return invocation.payload as { batchItemFailures: [] };
        },
      });
    };
    try {
      for (const minutesAgo of [11, 6, 1]) {
        ahead = -120 * MINUTE;
        await put();
        ahead = 0;
        await read(START - minutesAgo * MINUTE);
      }
      expect(points.filter((point) => point.name === 'IteratorAge')).toHaveLength(3);
      expect(rung(points, START)).toEqual(['consumer-iterator-age']);
      await put();
      await read(START + 5 * MINUTE);
      expect(rung(points, START + 5 * MINUTE)).toEqual([]);
    } finally {
      client.destroy();
      await aws.close();
    }
  });

  it('batches-given-up rings for a record that the consumer refuses as often as its mapping tries (that it is given up then is done, and told, by AWS alone)', async () => {
    const bad = {
      eventID: 'shardId-000000000000:1',
      kinesis: { data: Buffer.from('{"data_type":').toString('base64'), sequenceNumber: '1', partitionKey: 'a' },
    };
    const points: DataPoint[] = [];
    for (let attempt = 0; attempt <= 3; attempt += 1) {
      const invocation = await consumer.invoke({ Records: [bad] });
      expect(invocation.payload).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
      points.push(...pointsOf(invocation, START - MINUTE));
    }
    expect(rung(points, START)).toEqual([]);
    expect(rung([...points, lambdaPoint(name, 'OnFailureDestinationDeliveredEventCount', 1, START - MINUTE)], START)).toEqual(['batches-given-up']);
  });
});
