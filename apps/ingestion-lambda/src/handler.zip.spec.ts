import { emfFaults } from '@loadin/observability';
import type { Invocation } from '@loadin/local-lambda';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { IngestionAnswer } from './answer.js';
import { startWorld, type World } from './world.fixture.js';

jest.setTimeout(30_000);

const answerIn = ({ payload, functionError }: Invocation): IngestionAnswer => {
  if (functionError !== undefined) throw new Error(`the function failed: ${JSON.stringify(payload)}`);
  return payload as IngestionAnswer;
};

describe('the deployed function', () => {
  let world: World;
  beforeAll(async () => (world = await startWorld()));
  afterAll(async () => world.close());

  describe('in one environment, invocation after invocation', () => {
    let lambda: ReturnType<World['deploy']>;
    beforeAll(() => (lambda = world.deploy()));

    it('runs the job of an event, and answers counts and the report', async () => {
      const invocation = await lambda.invoke({ job_type: 'daily', scheduled_time: '2026-03-01T02:00:00Z' });
      const answer = answerIn(invocation);
      const expected = world.truth('2026-03-01T02:00:00Z');
      expect(answer).toMatchObject({
        status: 'complete',
        job: 'daily',
        scheduled_time: '2026-03-01T02:00:00Z',
        already_complete: false,
        problems: [],
      });
      expect(Object.entries(answer.counts).map(([stream, { delivered }]) => [stream, delivered])).toEqual([
        ['spotify.artists', { s3_raw: expected.artists.length, kinesis: expected.artists.length }],
        ['ticketmaster.venues', { s3_raw: expected.venues.length, kinesis: expected.venues.length }],
        ['ticketmaster.events', { s3_raw: expected.events.length, kinesis: expected.events.length }],
      ]);
      expect(answer.report).toBe(`s3://raw-of-a-spec/_loadin/reports/daily/${answer.run_id}.json`);
      const events = (await world.lake.raw('events')).map((record) => String(record['concert_id'])).sort();
      expect(events).toEqual(expected.events);
      // Logs are JSON, one object a line, each with the run that it is about.
      const lines = invocation.logs.map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(lines[0]).toMatchObject({ level: 'INFO', message: 'Starting: daily', run_id: answer.run_id, attempt: 1 });
      // And what CloudWatch makes metrics of, a line for each set of dimensions.
      const metrics = invocation.logs.filter((line) => line.includes('"_aws"'));
      expect(metrics.flatMap(emfFaults)).toEqual([]);
      expect(lines).toContainEqual(expect.objectContaining({ DataType: 'events', Source: 'ticketmaster', RecordsIngested: expected.events.length }));
      expect(lines).toContainEqual(expect.objectContaining({ Job: 'daily', RunsCompleted: 1, DeadLetters: 0 }));
    });

    it("takes EventBridge's time, and does nothing for a time that is complete", async () => {
      const event = {
        version: '0',
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        time: '2026-03-01T02:00:00Z',
        detail: {},
        job_type: 'daily',
      };
      const invocation = await lambda.invoke(event);
      expect(invocation.coldStart).toBe(false);
      expect(answerIn(invocation)).toMatchObject({ status: 'complete', already_complete: true, scheduled_time: '2026-03-01T02:00:00Z' });
    });

    it('runs one stream as a run of its own', async () => {
      const answer = answerIn(await lambda.invoke({ job_type: 'daily', scheduled_time: '2026-03-02T02:00:00Z', entity: 'events' }));
      expect(Object.keys(answer.counts)).toEqual(['ticketmaster.events']);
    });

    it('answers a wrong event with one line, and is fit for the next one', async () => {
      const refused = await lambda.invoke({ job_type: 'dialy' });
      expect(refused).toMatchObject({ functionError: 'Unhandled', payload: { errorType: 'FatalError' } });
      expect((refused.payload as { errorMessage: string }).errorMessage).toMatch(
        /^There is no job "dialy"; did you mean "daily"\? · s3:.* · It has: daily\.$/,
      );
      expect((refused.payload as { trace: string[] }).trace).toHaveLength(1);
      const worse = await lambda.invoke({ job_type: 'daily', scheduled_time: 'yesterday', entity: 5 });
      expect((worse.payload as { errorMessage: string }).errorMessage).toMatch(
        /^This event can't be used: entity must be a text, is 5 · Send for example /,
      );
      expect((await lambda.invoke({})).payload).toMatchObject({ errorMessage: expect.stringMatching(/^Which job\? .* · Send /) });
      expect(answerIn(await lambda.invoke({ job_type: 'daily', scheduled_time: '2026-03-01T02:00:00Z' })).already_complete).toBe(true);
      expect(lambda.stats.coldStarts).toBe(1);
    });
  });

  it('has at most 1.2 MB of code', () => {
    expect(statSync(join(__dirname, '../dist/index.mjs')).size).toBeLessThanOrEqual(1_200_000);
  });

  it('takes the job from LOADIN_JOB', async () => {
    const lambda = world.deploy({ env: { LOADIN_JOB: 'daily' } });
    expect(answerIn(await lambda.invoke({ scheduled_time: '2026-03-01T02:00:00Z' }))).toMatchObject({ job: 'daily', already_complete: true });
  });

  it('has called nothing that its README asks no permission for', () => {
    const readme = readFileSync(join(__dirname, '../README.md'), 'utf8').split('## Permissions')[1] ?? '';
    const called = Object.values(world.aws.requests()).flatMap((operations) => Object.keys(operations));
    const preparation = ['CreateBucket', 'CreateStream', 'CreateTable', 'GetShardIterator', 'GetRecords'];
    expect(called.filter((operation) => !preparation.includes(operation) && !readme.includes(operation))).toEqual([]);
    expect(called).toContain('PutRecords');
  });

  it('names every wrong setting in one line, without a secret', async () => {
    const lambda = world.deploy({ env: { API_TICKETMASTER_API_KEY: '', API_RETRY_ATTEMPTS: 'many' } });
    const { functionError, payload, logs } = await lambda.invoke({ job_type: 'daily' });
    expect({ functionError, payload }).toEqual({
      functionError: 'Unhandled',
      payload: {
        errorType: 'ConfigurationError',
        errorMessage: expect.stringMatching(/^[^\n]*API_RETRY_ATTEMPTS[^\n]*$/),
        trace: [expect.any(String)],
      },
    });
    expect(JSON.stringify([payload, logs])).not.toContain(world.sources.credentials.spotifyClientSecret);
  });
});
