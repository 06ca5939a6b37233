import { inSpan, type OpenSpan, type SpanAttributes, type SpanKindName } from '@loadin/observability';
import { oneLine } from '@loadin/resilience';
import { tracingWanted } from './tracing-wanted.js';
import type { Tracing, TracingOptions } from './types.js';

/** A call from outside: an invocation of a function, a command. */
export interface Work {
  /** Of its span: `loadin.invocation`. */
  readonly name: string;
  readonly attributes?: SpanAttributes;
  readonly kind?: SpanKindName;
  /** What X-Ray says of who called (`_X_AMZN_TRACE_ID`); counts with `OTEL_PROPAGATORS=xray`. Default: nobody did, and a new trace begins. */
  readonly calledBy?: string;
  /** Of a function: milliseconds until it is ended from outside. Sending takes at most half of them: a run must not lose its answer for its trace. Default: enough. */
  readonly leftMs?: () => number;
}

/** Runs work as a span of its own, with all that is begun in it below, and sends the spans before it answers. */
export type TraceWork = <Result>(work: Work, run: (span: OpenSpan) => Promise<Result>) => Promise<Result>;

/**
 * For functions, which are called again and again in one process: OpenTelemetry's SDK is loaded and started with the first call when the environment asks for traces, and not
 * at all otherwise.
 */
export function createTracedWork(options: TracingOptions): TraceWork {
  let started: Promise<Tracing | undefined> | undefined;
  return async ({ name, attributes = {}, kind = 'server', calledBy, leftMs }, run) => {
    const tracing = await (started ??= start(options));
    if (tracing === undefined) return inSpan(name, attributes, run, { kind });
    try {
      return await tracing.below(calledBy, () => inSpan(name, attributes, run, { kind }));
    } finally {
      await tracing.flush(leftMs && leftMs() / 2);
    }
  };
}

/** For commands: the same for one call, after which nothing of it keeps the process from ending. */
export async function withTracing<Result>(options: TracingOptions, work: Work, run: (span: OpenSpan) => Promise<Result>): Promise<Result> {
  const { name, attributes = {}, kind = 'internal', calledBy } = work;
  const tracing = await start(options);
  if (tracing === undefined) return inSpan(name, attributes, run, { kind });
  try {
    return await tracing.below(calledBy, () => inSpan(name, attributes, run, { kind }));
  } finally {
    await tracing.close();
  }
}

/** Traces are an addition: what keeps them from being made is told, and never fails the work. */
async function start(options: TracingOptions): Promise<Tracing | undefined> {
  warnOfExporter(options);
  if (!tracingWanted(options.env)) return undefined;
  try {
    const { startTracing } = await import('./start-tracing.js');
    return await startTracing(options);
  } catch (error) {
    options.logger.warn(`Traces are not sent: ${oneLine(error)}`);
    return undefined;
  }
}

function warnOfExporter({ env, logger }: TracingOptions): void {
  const name = env['OTEL_TRACES_EXPORTER']?.trim().toLowerCase();
  if (name && name !== 'otlp' && name !== 'none') logger.warn(`OTEL_TRACES_EXPORTER is "${name}", which is not known here: there are otlp and none.`);
}
