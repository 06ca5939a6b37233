/** The traces endpoint that the environment names, for messages and to see whether it is X-Ray's; `undefined` when it is no URL. */
export function endpointOf(env: Readonly<Record<string, string | undefined>>): URL | undefined {
  const own = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']?.trim();
  const all = env['OTEL_EXPORTER_OTLP_ENDPOINT']?.trim() || 'http://localhost:4318';
  const text = own || `${all.replace(/\/$/, '')}/v1/traces`;
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? new URL(text) : undefined;
}

/** The variable that names the endpoint. */
export const endpointVariable = (env: Readonly<Record<string, string | undefined>>): string =>
  env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']?.trim() ? 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT' : 'OTEL_EXPORTER_OTLP_ENDPOINT';

/** The region of X-Ray's own endpoint (`https://xray.<region>.amazonaws.com`), which takes signed requests alone; `undefined` for every other. */
export function xrayRegionOf({ hostname, protocol }: URL): string | undefined {
  return protocol === 'https:' ? /^xray\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(hostname)?.[1] : undefined;
}
