import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLocalLambda, type LocalLambda } from '@loadin/local-lambda';
import { startCollector } from '@loadin/specs/collector';
import { artist, concert, kinesisEvent, venue } from './events.fixture.js';

// What is deployed: `nx test` builds it first; a bare `jest` needs `npx nx build kinesis-consumer`.
const zip = join(__dirname, '../dist/function.zip');
let lambda: LocalLambda;

beforeAll(() => {
  lambda = startLocalLambda({ zip, memoryMB: 256, timeoutMs: 10_000, functionName: 'kinesis-consumer' });
});
afterAll(() => lambda.stop());

describe('the function, run from its zip', () => {
  it('answers the failed records and writes logs and metrics as JSON lines', async () => {
    const { payload, functionError, logs } = await lambda.invoke(kinesisEvent([artist, 'nonsense', concert, venue, venue]));
    expect(functionError).toBeUndefined();
    expect(payload).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    const lines = logs.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.find(({ message }) => message === 'Bad record')).toMatchObject({
      level: 'warn',
      sequence_number: '2',
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const venues = lines.find(({ DataType }) => DataType === 'venues');
    expect(venues).toEqual({
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          { Namespace: 'ConcertDataPipeline', Dimensions: [['DataType', 'Source']], Metrics: [{ Name: 'RecordsConsumed', Unit: 'Count' }] },
        ],
      },
      DataType: 'venues',
      Source: 'ticketmaster',
      RecordsConsumed: 2,
    });
  });

  it('sends a span for each batch where a collector is named, and says in which trace a line was written', async () => {
    const collector = await startCollector();
    const traced = startLocalLambda({ zip, memoryMB: 256, timeoutMs: 10_000, env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
    const { logs } = await traced.invoke(kinesisEvent([artist, 'nonsense'])).finally(() => traced.stop());
    await collector.close();
    const attributes = { 'messaging.system': 'aws_kinesis', 'messaging.batch.message_count': 2, 'loadin.failed': 1 };
    expect(collector.spans).toMatchObject([
      { name: 'loadin.consume', kind: 5, failed: false, attributes, resource: { 'service.name': 'loadin-consumer' } },
    ]);
    const { traceId: trace_id, spanId: span_id } = collector.spans[0] ?? {};
    expect(JSON.parse(logs.find((line) => line.includes('Bad record')) ?? '{}')).toMatchObject({ trace_id, span_id });
  });

  it('answers in its time though the collector never does', async () => {
    const collector = await startCollector('never');
    const traced = startLocalLambda({ zip, memoryMB: 256, timeoutMs: 1_500, env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
    const { payload, functionError } = await traced.invoke(kinesisEvent([artist])).finally(() => traced.stop());
    await collector.close();
    expect([payload, functionError]).toEqual([{ batchItemFailures: [] }, undefined]);
  });

  it('takes the largest batch that fits into an invocation, of nearly 6 MB, within a second or two', async () => {
    const { payload, durationMs } = await lambda.invoke(kinesisEvent(Array.from({ length: 6_900 }, (_, n) => [artist, venue, concert][n % 3])));
    expect(payload).toEqual({ batchItemFailures: [] });
    expect(durationMs).toBeLessThan(5_000); // 0.3 s on an idle machine
  });

  it.each([
    [{}, 'This is not a Kinesis event: it has no list "Records". Invoke the function by an event source mapping of a Kinesis stream.'],
    [null, expect.stringContaining('it has no list "Records"')],
    [{ Records: [{ eventSource: 'aws:sqs', body: '{}' }] }, expect.stringContaining('Records[0].kinesis.data is missing or no text')],
    [{ Records: [{ kinesis: { data: '' } }] }, expect.stringContaining('Records[0].kinesis.sequenceNumber is missing or no text')],
  ])('refuses what is not a Kinesis event: %j', async (event, errorMessage) => {
    expect(await lambda.invoke(event)).toMatchObject({ functionError: 'Unhandled', payload: { errorType: 'NotAKinesisEventError', errorMessage } });
  });

  it('holds nothing of the machine it was built on', () => {
    const bundle = readFileSync(join(__dirname, '../dist/index.mjs'), 'utf8');
    expect(bundle).not.toContain(join(__dirname, '../../..'));
  });
});
