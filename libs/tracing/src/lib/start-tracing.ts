import { redact } from '@loadin/observability';
import { systemClock } from '@loadin/resilience';
import { context, defaultTextMapGetter, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { AWSXRAY_TRACE_ID_HEADER, AWSXRayPropagator } from '@opentelemetry/propagator-aws-xray';
import { defaultResource, detectResources, envDetector, resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { endpointOf, endpointVariable } from './endpoint.js';
import { environmentKeys } from './environment-keys.js';
import { createExporter } from './exporter.js';
import { headerSecrets } from './header-secrets.js';
import { restingExporter } from './resting-exporter.js';
import { samplerOf } from './sampler.js';
import type { Tracing, TracingOptions } from './types.js';

const MOST_MS = 2_000;

/**
 * Registers OpenTelemetry's SDK for this process: from now on `inSpan` of `@loadin/observability`, and everything else that speaks to OpenTelemetry's API, makes spans that are
 * sent by OTLP over HTTP. Configured by OpenTelemetry's variables. Never throws for a wrong one: that is told, and a run goes on without traces.
 */
export async function startTracing({
  env,
  serviceName,
  logger,
  credentials,
  mostMs = MOST_MS,
  clock = systemClock,
}: TracingOptions): Promise<Tracing> {
  for (const [name, value] of Object.entries(env)) if (name.startsWith('OTEL_') && value !== undefined) process.env[name] ??= value;
  const endpoint = endpointOf(process.env);
  if (endpoint === undefined) {
    logger.warn(`Traces are not sent: ${endpointVariable(process.env)} is no http(s) URL. Write it like http://localhost:4318.`);
    return noTracing;
  }
  warnOfProtocol(process.env, (message) => logger.warn(message));
  const where = `${endpoint.origin}${endpoint.pathname}`;
  const secrets = headerSecrets(process.env);
  const timeoutMs = Math.min(
    mostMs,
    positive(process.env['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT'] ?? process.env['OTEL_EXPORTER_OTLP_TIMEOUT']) ?? mostMs,
  );
  const { exporter, disconnect } = await createExporter(endpoint, timeoutMs, credentials ?? environmentKeys(env));
  const resting = restingExporter(exporter, {
    clock,
    onRest: (error) =>
      logger.warn(
        `Traces can't be sent to ${where}: ${reasonOf(error, secrets)}. The run is not affected: spans are dropped, and tried again in a minute.`,
      ),
    onRecovery: (dropped) => logger.warn(`Traces are sent to ${where} again; ${dropped} spans were dropped.`),
  });
  const processor = new BatchSpanProcessor({ exporter: resting, exportTimeoutMillis: mostMs });
  const sampler = samplerOf(process.env, (message) => logger.warn(message));
  trace.setGlobalTracerProvider(new TracerProvider({ resource: resourceOf(serviceName), sampler, spanProcessors: [processor] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const flush = (atMostMs = mostMs): Promise<void> =>
    within(
      Math.min(atMostMs, mostMs),
      // Who had less time than that says nothing about the collector.
      () => atMostMs >= mostMs && resting.failed(new Error(`no answer within ${mostMs} ms`)),
      async () => {
        await processor.forceFlush();
        // What was on its way before.
        await resting.forceFlush?.();
      },
    );
  return {
    below: (header, run) => context.with(followsXray(process.env) ? parentOf(header) : ROOT_CONTEXT, run),
    flush,
    async close() {
      await flush();
      trace.disable();
      context.disable();
      disconnect();
    },
  };
}

const noTracing: Tracing = { below: (_header, run) => run(), flush: async () => undefined, close: async () => undefined };

/**
 * A function always has such a header; where X-Ray does not trace it, it says that nothing is sampled. So it counts where it is asked for alone, by the names of
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#general-sdk-configuration
 */
const followsXray = ({ OTEL_PROPAGATORS: names = '' }: Readonly<Record<string, string | undefined>>): boolean =>
  names.split(',').some((name) => ['xray', 'xray-lambda'].includes(name.trim()));

const propagator = new AWSXRayPropagator();
const parentOf = (header: string | undefined) => propagator.extract(ROOT_CONTEXT, { [AWSXRAY_TRACE_ID_HEADER]: header ?? '' }, defaultTextMapGetter);

/** Variables of the environment win. */
const resourceOf = (serviceName: string): Resource =>
  defaultResource()
    .merge(resourceFromAttributes({ 'service.name': serviceName }))
    .merge(detectResources({ detectors: [envDetector] }));

/** https://opentelemetry.io/docs/specs/otel/protocol/exporter/: where protobuf is taken by HTTP, JSON is, too; gRPC has another port. */
function warnOfProtocol(env: Readonly<Record<string, string | undefined>>, warn: (message: string) => void): void {
  const name = env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] ? 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL' : 'OTEL_EXPORTER_OTLP_PROTOCOL';
  const protocol = env[name]?.trim() || 'http/json';
  if (!['http/json', 'http/protobuf'].includes(protocol))
    warn(`${name} is "${protocol}", which is not known here: traces are sent as http/json, which collectors take at port 4318.`);
}

const positive = (text: string | undefined): number | undefined => (Number(text) > 0 ? Number(text) : undefined);

/** In a line: of an answer its status too, of a failed connection (whose message may be empty) its code. */
function reasonOf(error: unknown, secrets: readonly string[]): string {
  const { message = String(error), code } = error as { readonly message?: string; readonly code?: string | number };
  const text = code === undefined || message.includes(String(code)) ? message : `${code} ${message}`;
  return redact(text, secrets).replaceAll(/\s+/g, ' ').trim().slice(0, 300);
}

/** Resolves when the work has ended, however, or when the time is over: then that is told. */
async function within(ms: number, late: () => unknown, work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const time = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      late();
      resolve();
    }, ms);
  });
  // Why it failed is told by the exporter.
  await Promise.race([work().catch(() => undefined), time]).finally(() => clearTimeout(timer));
}
