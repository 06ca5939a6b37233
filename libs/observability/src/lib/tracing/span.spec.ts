import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { loggerFrom } from '../logger-from.js';
import { beginSpan, inSpan, spanEvent, traceFields } from './span.js';

describe('a span without a tracer', () => {
  it('is the work and nothing else', async () => {
    expect(await inSpan('work', { a: 1 }, async (span) => (span.event('x'), span.set({ b: 2 }), traceFields()))).toEqual({});
    await expect(inSpan('work', {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const begun = beginSpan('work', {});
    begun.fail(new Error('no'));
    begun.end();
    spanEvent('nowhere');
  });
});

describe('a span', () => {
  const exporter = new InMemorySpanExporter();
  beforeAll(() => {
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });
  beforeEach(() => exporter.reset());
  afterAll(() => {
    trace.disable();
    context.disable();
  });
  const ended = (name: string): ReadableSpan => {
    const found = exporter.getFinishedSpans().find((span) => span.name === name);
    if (found === undefined) throw new Error(`no span ${name}`);
    return found;
  };

  it('lies below the one under way, also after an await, and has what it was told', async () => {
    await inSpan('outer', { n: 1, text: 'x', yes: true, left: undefined }, async (outer) => {
      await Promise.resolve();
      await inSpan('inner', {}, async () => spanEvent('seen', { n: 2 }), { kind: 'client' });
      outer.set({ m: 3 });
    });
    expect(ended('inner').parentSpanContext?.spanId).toBe(ended('outer').spanContext().spanId);
    expect(ended('outer').attributes).toEqual({ n: 1, text: 'x', yes: true, m: 3 });
    expect(ended('inner').events.map(({ name, attributes }) => [name, attributes])).toEqual([['seen', { n: 2 }]]);
    expect(ended('inner').kind).toBe(2);
  });

  it('has no secret, wherever it stood', async () => {
    const secret = 'https://user:hunter22@example.org/?apikey=s3cr3tkey';
    await inSpan('work', { a: secret }, async (span) => {
      span.event('b', { c: secret });
      span.set({ d: secret });
      throw new Error(`refused: ${secret}`);
    }).catch(() => undefined);
    const { attributes, events, status } = ended('work');
    expect(JSON.stringify([attributes, events, status])).not.toMatch(/hunter22|s3cr3tkey/);
    expect(status).toEqual({ code: SpanStatusCode.ERROR, message: 'refused: https://***@example.org/?apikey=***' });
  });

  it.each([[undefined], [null], ['text'], [{ message: { toString: null } }], [Object.create(null)]])(
    'of what throws %p throws just that',
    async (thrown: unknown) => {
      const caught = await inSpan('work', {}, () => Promise.reject(thrown)).catch((error: unknown) => ({ error }));
      expect(caught).toEqual({ error: thrown });
      expect(ended('work').status.code).toBe(SpanStatusCode.ERROR);
    },
  );

  it('holds long texts in part', async () => {
    await inSpan('work', { a: 'x'.repeat(1_000_000) }, async (span) => span.event('b', { c: 'y'.repeat(1_000_000) }));
    expect([ended('work').attributes['a'], ended('work').events[0]?.attributes?.['c']].map((text) => String(text).length)).toEqual([4_000, 4_000]);
  });

  it('of a stop on purpose is no failure, and says why it stopped', async () => {
    await inSpan('work', {}, async (span) => span.fail({ action: 'stop', reason: 'quota', message: 'spent' }));
    expect(ended('work').status.code).toBe(SpanStatusCode.UNSET);
    expect(ended('work').events).toMatchObject([{ name: 'stopped', attributes: { 'loadin.reason': 'quota', 'loadin.message': 'spent' } }]);
  });

  it('that is begun and ended by hand does not lie around others', async () => {
    const begun = beginSpan('begun', {});
    await inSpan('other', {}, async () => undefined);
    begun.event('row');
    begun.end();
    expect(ended('other').parentSpanContext).toBeUndefined();
    expect(ended('begun').events).toHaveLength(1);
  });

  it('is named in the log lines that are written in it', async () => {
    const lines: object[] = [];
    const logger = loggerFrom((_severity, _message, fields) => lines.push(fields), { run: 1 });
    await inSpan('work', {}, async () => logger.info('inside'));
    logger.info('outside');
    const { traceId, spanId } = ended('work').spanContext();
    expect(lines).toEqual([{ run: 1, trace_id: traceId, span_id: spanId }, { run: 1 }]);
  });
});
