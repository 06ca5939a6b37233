import { SpanKind, SpanStatusCode, trace, type Attributes, type Span } from '@opentelemetry/api';
import { redact } from '../redact.js';
import type { OpenSpan, SpanAttributes, SpanKindName, SpanOptions } from './types.js';

/** Whoever turns tracing on sees spans under this name. */
const TRACER = 'loadin';

const KINDS: Readonly<Record<SpanKindName, SpanKind>> = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
  consumer: SpanKind.CONSUMER,
};

const LONGEST_MESSAGE = 1_000;
/** Addresses with their query fit; spans that wait to be sent stay small whatever they are told. */
const LONGEST_TEXT = 4_000;

/**
 * Runs a piece of work as a span below the one that is under way: what the work begins lies below it in turn, also after an `await`. What it throws is noted and thrown on.
 * Without a tracer (nobody has registered OpenTelemetry's SDK) it runs the work and does nothing else.
 */
export async function inSpan<Result>(
  name: string,
  attributes: SpanAttributes,
  run: (span: OpenSpan) => Promise<Result>,
  options: SpanOptions = {},
): Promise<Result> {
  return trace.getTracer(TRACER).startActiveSpan(name, startOf(options), async (span) => {
    const open = openSpanOf(span);
    open.set(attributes);
    try {
      return await run(open);
    } catch (error) {
      open.fail(error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A span whose end is told: for generators, whose work has no block of its own. What is begun meanwhile does not lie below it. */
export function beginSpan(name: string, attributes: SpanAttributes, options: SpanOptions = {}): OpenSpan & { readonly end: () => void } {
  const span = trace.getTracer(TRACER).startSpan(name, startOf(options));
  const open = openSpanOf(span);
  open.set(attributes);
  return { ...open, end: () => span.end() };
}

/** An event of the span under way, if there is one. */
export function spanEvent(name: string, attributes: SpanAttributes = {}): void {
  const span = trace.getActiveSpan();
  if (span?.isRecording()) span.addEvent(name, safe(attributes));
}

/** `trace_id` and `span_id` of the span under way, for a line of a log; empty when there is none. */
export function traceFields(): { readonly trace_id?: string; readonly span_id?: string } {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined || !trace.isSpanContextValid(span) ? {} : { trace_id: span.traceId, span_id: span.spanId };
}

const startOf = ({ kind = 'internal' }: SpanOptions) => ({ kind: KINDS[kind] });

function openSpanOf(span: Span): OpenSpan {
  const recording = span.isRecording();
  return {
    event: (name, attributes = {}) => void (recording && span.addEvent(name, safe(attributes))),
    set: (attributes) => void (recording && span.setAttributes(safe(attributes))),
    fail: (error) => void (recording && noteFailure(span, error)),
  };
}

function noteFailure(span: Span, error: unknown): void {
  const { name, message, action, reason } = readable(error);
  const text = redact(message).slice(0, LONGEST_MESSAGE);
  if (action === 'stop') {
    span.addEvent('stopped', safe({ 'loadin.reason': typeof reason === 'string' ? reason : undefined, 'loadin.message': text }));
    return;
  }
  // Without the stack, which says nothing of the source's or the user's side.
  span.addEvent('exception', { 'exception.type': typeof name === 'string' ? name : 'Error', 'exception.message': text });
  span.setStatus({ code: SpanStatusCode.ERROR, message: text });
}

interface Readable {
  readonly name?: unknown;
  readonly message: string;
  readonly action?: unknown;
  readonly reason?: unknown;
}

/** Anything can be thrown, also what can't be made a text: that must not be thrown in place of it. */
function readable(error: unknown): Readable {
  try {
    const { name, message, action, reason } = (error ?? {}) as Readable;
    return { name, message: String(message ?? error), action, reason };
  } catch {
    return { message: 'something that says nothing of itself' };
  }
}

function safe(attributes: SpanAttributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, typeof value === 'string' ? redact(value).slice(0, LONGEST_TEXT) : value]),
  );
}
