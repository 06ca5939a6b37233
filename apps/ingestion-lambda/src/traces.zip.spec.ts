import { startCollector, type Collector, type ReceivedSpan } from '@loadin/specs/collector';
import type { IngestionAnswer } from './answer.js';
import { startWorld, type World } from './world.fixture.js';

jest.setTimeout(60_000);

describe('the deployed function, where a collector is named', () => {
  let world: World;
  let collector: Collector;
  beforeAll(async () => {
    world = await startWorld();
    collector = await startCollector();
  });
  beforeEach(() => {
    world.sources.faults.clear();
    collector.answer = 200;
    collector.spans.length = 0;
  });
  afterAll(async () => {
    await world.close();
    await collector.close();
  });

  const deploy = (env: Readonly<Record<string, string>> = {}) => world.deploy({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env } });
  const eventAt = (hour: number) => ({ job_type: 'daily', scheduled_time: `2026-03-01T0${hour}:00:00Z` });
  const named = (name: string): ReceivedSpan[] => collector.spans.filter((span) => span.name === name);
  const parentOf = ({ parentSpanId }: ReceivedSpan): string | undefined => collector.spans.find(({ spanId }) => spanId === parentSpanId)?.name;
  /** Each name with those that lie below it. */
  const tree = (): Record<string, string[]> => {
    const below: Record<string, Set<string>> = {};
    for (const span of collector.spans) (below[parentOf(span) ?? ''] ??= new Set()).add(span.name);
    return Object.fromEntries(Object.entries(below).map(([name, names]) => [name, [...names].sort()]));
  };

  it('sends a run in one trace before it answers: streams, slices, requests, batches, checkpoints, each below the other; a 429 and its retry are events', async () => {
    world.sources.faults.add({ api: 'ticketmaster', effect: { kind: 'status', status: 429, headers: { 'retry-after': '0' } }, when: { first: 1 } });
    const lambda = deploy();
    const { payload, logs } = await lambda.invoke(eventAt(1));
    expect(payload).toMatchObject({ status: 'complete', problems: [] });
    expect(new Set(collector.spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(tree()).toEqual({
      '': ['loadin.invocation'],
      'loadin.invocation': ['loadin.run'],
      'loadin.run': ['loadin.finish', 'loadin.plan', 'loadin.stream'],
      'loadin.stream': ['loadin.slice'],
      'loadin.slice': ['loadin.land', 'loadin.progress', 'loadin.request', 'loadin.write'],
      // A token is asked for by the request that needs it.
      'loadin.request': ['loadin.request'],
      'loadin.finish': ['loadin.checkpoint'],
    });
    const { run_id } = payload as IngestionAnswer;
    expect(named('loadin.run')).toMatchObject([
      { failed: false, attributes: { 'loadin.job': 'daily', 'loadin.run_id': run_id, 'loadin.status': 'complete' } },
    ]);
    expect(named('loadin.invocation')).toMatchObject([{ kind: 2, resource: { 'service.name': 'loadin-ingestion' } }]);
    expect(
      named('loadin.stream')
        .map(({ attributes }) => attributes['loadin.stream'])
        .sort(),
    ).toEqual(['spotify.artists', 'ticketmaster.events', 'ticketmaster.venues']);
    expect(new Set(named('loadin.write').map(({ attributes }) => attributes['loadin.sink']))).toEqual(new Set(['s3_raw', 'kinesis']));
    const refused = named('loadin.request').find(({ events }) => events.some(({ name }) => name === 'retry'));
    expect(refused).toMatchObject({
      kind: 3,
      failed: false,
      attributes: { 'server.address': '127.0.0.1', 'url.path': expect.stringMatching(/^\/discovery\/v2\//) },
    });
    expect(refused?.events.map(({ name, attributes }) => [name, attributes['http.response.status_code']])).toEqual([
      ['attempt', 429],
      ['retry', undefined],
      ['attempt', 200],
    ]);
    const { traceId } = named('loadin.run')[0] ?? {};
    expect(JSON.parse(logs.find((line) => line.includes('"Starting: daily"')) ?? '{}')).toMatchObject({
      run_id,
      trace_id: traceId,
      span_id: expect.any(String),
    });
    // The next invocation of the process is a trace of its own.
    collector.spans.length = 0;
    expect((await lambda.invoke(eventAt(1))).payload).toMatchObject({ already_complete: true });
    expect(named('loadin.run')).toHaveLength(1);
    expect(named('loadin.run')[0]?.traceId).not.toBe(traceId);
  });

  it('tells of a run that fails which request was in the way, and no credential anywhere', async () => {
    world.sources.faults.add({ api: 'ticketmaster', effect: { kind: 'status', status: 500 } });
    const { payload } = await deploy({ API_RETRY_ATTEMPTS: '1', API_RETRY_BACKOFF: '0' }).invoke(eventAt(2));
    expect(payload).toMatchObject({ status: 'failed' });
    for (const name of ['loadin.invocation', 'loadin.run', 'loadin.stream', 'loadin.slice', 'loadin.request', 'loadin.finish'])
      expect([name, named(name).some(({ failed }) => failed)]).toEqual([name, true]);
    expect(named('loadin.stream').find(({ attributes }) => attributes['loadin.stream'] === 'spotify.artists')?.failed).toBe(false);
    expect(named('loadin.request').find(({ failed }) => failed)?.message).toContain('500');
    const { spotifyClientId, spotifyClientSecret, ticketmasterApiKey } = world.sources.credentials;
    const sent = collector.requests.map(({ body }) => body.toString('utf8')).join('\n');
    for (const secret of [spotifyClientId, spotifyClientSecret, ticketmasterApiKey]) expect(sent).not.toContain(secret);
  });

  it('lies below the span of the invocation that X-Ray has, and is recorded when that is', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_PROPAGATORS: 'xray' };
    await world.deploy({ env, activeTracing: true }).invoke(eventAt(1));
    expect(named('loadin.invocation')).toMatchObject([{ parentSpanId: expect.stringMatching(/^[0-9a-f]{16}$/) }]);
    collector.spans.length = 0;
    await world.deploy({ env }).invoke(eventAt(1));
    expect(collector.spans).toEqual([]);
  });

  it.each(['is not there', 'never answers'] as const)('brings everything though the collector %s, and says so once', async (how) => {
    const hour = how === 'is not there' ? 3 : 4;
    collector.answer = 'never';
    // Nothing listens on the port that asks for services by name.
    const lambda = deploy(how === 'is not there' ? { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' } : {});
    const { payload, logs } = await lambda.invoke(eventAt(hour));
    expect(payload).toMatchObject({ status: 'complete', problems: [] });
    await world.expectTheTruth(eventAt(hour).scheduled_time, String((payload as IngestionAnswer).run_id));
    const again = await lambda.invoke(eventAt(hour));
    expect(again.durationMs).toBeLessThan(4_000);
    expect([...logs, ...again.logs].filter((line) => line.includes("Traces can't be sent"))).toHaveLength(1);
  });
});
