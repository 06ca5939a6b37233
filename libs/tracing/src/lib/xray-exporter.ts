import { createOtlpNetworkExportDelegate, ExporterMetrics, OTLPExporterBase } from '@opentelemetry/otlp-exporter-base';
import { JsonTraceSerializer, TraceExporterMetricsHelper } from '@opentelemetry/otlp-transformer';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { createXrayTransport, type XrayTransportOptions } from './xray-transport.js';

export interface XrayExporterOptions extends XrayTransportOptions {
  readonly timeoutMs: number;
}

/** The exporter of OpenTelemetry with another transport. Exports at once at most as the specification's own exporters make. */
export function xrayExporter({ timeoutMs, ...transport }: XrayExporterOptions): SpanExporter {
  const metrics = new ExporterMetrics({
    componentType: 'otlp_http_json_span_exporter',
    metricsHelper: TraceExporterMetricsHelper,
    url: transport.url.href,
    meterProvider: undefined,
    responseAttributesFromError: () => ({}),
  });
  const settings = { timeoutMillis: timeoutMs, concurrencyLimit: 30, compression: 'none' as const };
  return new OTLPExporterBase(createOtlpNetworkExportDelegate(settings, JsonTraceSerializer, metrics, createXrayTransport(transport)));
}
