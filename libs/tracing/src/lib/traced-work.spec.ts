import { inSpan, loggerFrom, spanEvent, traceFields } from '@loadin/observability';
import { startCollector, type Collector } from '@loadin/specs/collector';
import { context, trace } from '@opentelemetry/api';
import { createTracedWork, withTracing } from './traced-work.js';

const said: string[] = [];
const logger = loggerFrom((severity, message) => said.push(`${severity} ${message}`));
const before = { ...process.env };
let collector: Collector;

beforeEach(async () => {
  said.length = 0;
  collector = await startCollector();
});
afterEach(async () => {
  process.env = { ...before };
  trace.disable();
  context.disable();
  await collector.close();
});

const optionsOf = (more: Record<string, string> = {}, mostMs?: number) => ({
  env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...more },
  serviceName: 'a-service',
  logger,
  ...(mostMs !== undefined && { mostMs }),
});
const spanNamed = (name: string) => collector.spans.find((span) => span.name === name);
const HEADER = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';

describe('a command with traces', () => {
  it('sends its spans, each below the one that it was begun in, before it ends', async () => {
    const result = await withTracing(optionsOf(), { name: 'command', attributes: { one: 1 } }, async () => {
      await Promise.all(['a', 'b'].map((name) => inSpan(name, {}, () => inSpan(`${name} inside`, {}, async () => spanEvent('there')))));
      return 'done';
    });
    expect(result).toBe('done');
    const command = spanNamed('command');
    expect(command).toMatchObject({ parentSpanId: undefined, attributes: { one: 1 }, resource: { 'service.name': 'a-service' }, failed: false });
    for (const name of ['a', 'b']) {
      expect(spanNamed(name)).toMatchObject({ parentSpanId: command?.spanId, traceId: command?.traceId });
      expect(spanNamed(`${name} inside`)).toMatchObject({ parentSpanId: spanNamed(name)?.spanId, events: [{ name: 'there' }] });
    }
    expect(collector.requests.map(({ path }) => path)).toEqual(['/v1/traces']);
  });

  it('sends the span of what fails, with its reason and without a secret, and fails as it would have', async () => {
    const failing = withTracing(
      optionsOf(),
      { name: 'command', attributes: { url: 'https://user:hunter22@example.org/?apikey=s3cr3tkey' } },
      async () => {
        throw new TypeError('GET https://example.org/?apikey=s3cr3tkey was refused');
      },
    );
    await expect(failing).rejects.toThrow(TypeError);
    const [{ body } = { body: Buffer.alloc(0) }] = collector.requests;
    expect(spanNamed('command')).toMatchObject({
      failed: true,
      message: 'GET https://example.org/?apikey=*** was refused',
      attributes: { url: 'https://***@example.org/?apikey=***' },
      events: [{ name: 'exception', attributes: { 'exception.type': 'TypeError' } }],
    });
    expect(body.toString('utf8')).not.toMatch(/hunter22|s3cr3tkey/);
  });

  it('takes headers, resource and service name from the standard variables', async () => {
    const env = {
      OTEL_EXPORTER_OTLP_HEADERS: 'x-team=data%20team,authorization=Bearer abc',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=dev',
      OTEL_SERVICE_NAME: 'another',
    };
    await withTracing(optionsOf(env), { name: 'command' }, async () => undefined);
    expect(collector.requests[0]?.headers).toMatchObject({ 'x-team': 'data team', authorization: 'Bearer abc', 'content-type': 'application/json' });
    expect(spanNamed('command')?.resource).toMatchObject({ 'service.name': 'another', 'deployment.environment.name': 'dev' });
  });

  it('uses the address of traces alone as it is', async () => {
    await withTracing(optionsOf({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/elsewhere` }), { name: 'command' }, async () => undefined);
    expect(collector.requests.map(({ path }) => path)).toEqual(['/elsewhere']);
  });

  it.each<Record<string, string>>([{ OTEL_SDK_DISABLED: 'true' }, { OTEL_TRACES_EXPORTER: 'none' }, { OTEL_TRACES_SAMPLER: 'always_off' }])(
    'sends nothing with %j',
    async (env) => {
      await withTracing(optionsOf(env), { name: 'command' }, async () => undefined);
      expect([collector.requests, said]).toEqual([[], []]);
    },
  );

  it('records none or all by a ratio', async () => {
    for (const [ratio, count] of [
      ['0', 0],
      ['1', 1],
    ] as const) {
      await withTracing(optionsOf({ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: ratio }), { name: ratio }, async () => undefined);
      expect(collector.spans.filter(({ name }) => name === ratio)).toHaveLength(count);
      process.env = { ...before };
    }
  });

  it('tells which variables it does not understand, and goes on', async () => {
    const env = { OTEL_TRACES_SAMPLER: 'sometimes', OTEL_TRACES_SAMPLER_ARG: '2' };
    expect(await withTracing(optionsOf(env), { name: 'command' }, async () => 1)).toBe(1);
    expect(said).toEqual([expect.stringMatching(/^warn OTEL_TRACES_SAMPLER is "sometimes"/)]);
    expect(collector.spans).toHaveLength(1);
    process.env = { ...before };
    await withTracing({ ...optionsOf(), env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' } }, { name: 'command' }, async () => 1);
    expect(said.slice(1)).toEqual([expect.stringMatching(/OTEL_EXPORTER_OTLP_ENDPOINT is no http\(s\) URL/)]);
  });

  it.each<[Record<string, string>, RegExp, number]>([
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /^warn OTEL_EXPORTER_OTLP_PROTOCOL is "grpc".*http\/json/, 1],
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, /^warn OTEL_TRACES_EXPORTER is "zipkin"/, 1],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'localhost' }, /^warn Traces are not sent: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is no http\(s\) URL/, 0],
  ])('tells in a line what is wrong with %j, and goes on', async (env, line, spans) => {
    expect(await withTracing(optionsOf(env), { name: 'command' }, async () => 1)).toBe(1);
    expect([said, collector.spans.length]).toEqual([[expect.stringMatching(line)], spans]);
    expect(said[0]).not.toContain('\n');
  });

  it.each<Record<string, string>>([
    { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=%zz' },
    { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%0Atop-secret' },
    { OTEL_EXPORTER_OTLP_HEADERS: 'no header' },
    { OTEL_EXPORTER_OTLP_TIMEOUT: 'soon', OTEL_EXPORTER_OTLP_COMPRESSION: 'zip', OTEL_RESOURCE_ATTRIBUTES: 'a', OTEL_PROPAGATORS: '?' },
  ])('is not failed by %j', async (env) => {
    expect(await withTracing(optionsOf(env), { name: 'command' }, async () => 1)).toBe(1);
    expect(said.join()).not.toMatch(/secret|\n/);
  });

  it('holds a bounded number of spans, whatever becomes of them', async () => {
    collector.answer = 'never';
    await withTracing(optionsOf({}, 200), { name: 'command' }, async () => {
      for (let i = 0; i < 10_000; i += 1) await inSpan('object', { i }, async () => undefined);
      collector.answer = 200;
    });
    const sent = collector.requests.reduce((sum, { body }) => sum + body.toString('utf8').split('"name":"object"').length - 1, 0);
    expect(sent).toBeGreaterThan(2_000);
    expect(sent).toBeLessThanOrEqual(2_048 + 512);
  });

  it('without a variable is the work and nothing else', async () => {
    const fields = await withTracing({ env: {}, serviceName: 'a', logger }, { name: 'command' }, async () => traceFields());
    expect([fields, trace.getActiveSpan(), collector.requests]).toEqual([{}, undefined, []]);
  });
});

describe('invocations with traces', () => {
  it('lie below what X-Ray says of the caller, and their log lines say where', async () => {
    const traced = createTracedWork(optionsOf({ OTEL_PROPAGATORS: 'tracecontext,xray' }));
    const fields = await traced({ name: 'invocation', calledBy: HEADER }, async () => traceFields());
    expect(spanNamed('invocation')).toMatchObject({ traceId: '5759e988bd862e3fe1be46a994272793', parentSpanId: '53995c3f42cd8ad8', kind: 2 });
    expect(fields).toEqual({ trace_id: '5759e988bd862e3fe1be46a994272793', span_id: spanNamed('invocation')?.spanId });
    expect(traceFields()).toEqual({});
  });

  it('send their spans one by one, each in the trace of its own caller', async () => {
    const traced = createTracedWork(optionsOf());
    for (const name of ['first', 'second']) {
      await traced({ name }, async () => undefined);
      expect(collector.spans.at(-1)?.name).toBe(name);
    }
    expect(new Set(collector.spans.map(({ traceId }) => traceId)).size).toBe(2);
  });

  it('are not recorded when the caller is not', async () => {
    const calledBy = HEADER.replace('Sampled=1', 'Sampled=0');
    await createTracedWork(optionsOf({ OTEL_PROPAGATORS: 'xray' }))({ name: 'invocation', calledBy }, async () => undefined);
    expect(collector.requests).toEqual([]);
  });

  it('are traces of their own for a collector that knows nothing of X-Ray, whatever Lambda says of it', async () => {
    const calledBy = HEADER.replace('Sampled=1', 'Sampled=0');
    await createTracedWork(optionsOf())({ name: 'invocation', calledBy }, async () => undefined);
    expect(collector.spans).toMatchObject([{ name: 'invocation', parentSpanId: undefined }]);
  });
});

describe('a collector that does not work', () => {
  const MOST_MS = 300;

  it('costs its time once: it is left alone for a minute, tried again after it, and both are told once', async () => {
    const time = { ms: 0 };
    collector.answer = 'never';
    const traced = createTracedWork({ ...optionsOf({}, MOST_MS), clock: { now: () => time.ms } });
    await traced({ name: 'hangs' }, async () => undefined);
    const began = performance.now();
    for (let i = 0; i < 5; i += 1) await traced({ name: 'dropped' }, async () => undefined);
    expect(performance.now() - began).toBeLessThan(MOST_MS);
    expect(collector.requests).toHaveLength(1);
    collector.answer = 200;
    time.ms += 60_000;
    await traced({ name: 'arrives' }, async () => undefined);
    expect(collector.spans.map(({ name }) => name)).toEqual(['arrives']);
    expect(said).toEqual([
      expect.stringMatching(/^warn Traces can't be sent to .*: .*\. The run is not affected: spans are dropped/),
      expect.stringMatching(/^warn Traces are sent to .* again; 6 spans were dropped\./),
    ]);
  });

  it('takes no more than half of the time that a function has left, which is no fault of the collector', async () => {
    collector.answer = 'never';
    const told: string[] = [];
    const traced = createTracedWork({ ...optionsOf({}, 1_000), logger: loggerFrom((_severity, message) => told.push(message)) });
    const began = performance.now();
    expect(await traced({ name: 'first', leftMs: () => 200 }, async () => 1)).toBe(1);
    expect(performance.now() - began).toBeLessThan(900);
    expect(told).toEqual([]);
  });

  it('that repeats a header is not repeated', async () => {
    const env = { OTEL_EXPORTER_OTLP_HEADERS: 'x-honey=top%20secret-key' };
    collector.answer = { status: 401, statusText: 'no such key: secret-key' };
    await withTracing(optionsOf(env), { name: 'command' }, async () => undefined);
    expect(said).toEqual([expect.stringContaining('401 no such key: ***')]);
  });

  it.each<['answers with an error' | 'is not there' | 'never answers', string]>([
    ['answers with an error', '400'],
    ['is not there', 'ECONNREFUSED'],
    ['never answers', ''],
  ])('and %s neither fails nor holds up the work, and is told once', async (how, reason) => {
    collector.answer = how === 'never answers' ? 'never' : 400;
    const { url } = collector;
    if (how === 'is not there') await collector.close();
    const traced = createTracedWork({ ...optionsOf({}, 300), env: { OTEL_EXPORTER_OTLP_ENDPOINT: url } });
    const began = performance.now();
    expect(await traced({ name: 'first' }, async () => 1)).toBe(1);
    expect(await traced({ name: 'second' }, async () => 2)).toBe(2);
    expect(performance.now() - began).toBeLessThan(2 * 300 + 1_000);
    expect(said).toEqual([expect.stringContaining(`warn Traces can't be sent to ${url}/v1/traces: `)]);
    expect(said[0]).toContain(reason);
    if (how === 'is not there') collector = await startCollector();
  });
});
