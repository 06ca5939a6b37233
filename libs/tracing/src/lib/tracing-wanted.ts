/**
 * Whether the environment asks for spans to be sent, by OpenTelemetry's own variables: an endpoint is named, or `OTEL_TRACES_EXPORTER=otlp`, and neither
 * `OTEL_SDK_DISABLED=true` nor `OTEL_TRACES_EXPORTER=none` is said. Without any of them nothing is sent and no SDK is loaded.
 */
export function tracingWanted(env: Readonly<Record<string, string | undefined>>): boolean {
  const exporter = env['OTEL_TRACES_EXPORTER']?.trim().toLowerCase();
  if (env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true' || exporter === 'none') return false;
  return exporter === 'otlp' || Boolean(env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']?.trim() || env['OTEL_EXPORTER_OTLP_ENDPOINT']?.trim());
}
