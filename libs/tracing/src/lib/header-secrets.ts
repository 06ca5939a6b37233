const VARIABLES = ['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'];

/** What a collector is sent in headers, so that no message repeats it: `authorization=Bearer%20abc` gives `Bearer abc` and `abc`. */
export function headerSecrets(env: Readonly<Record<string, string | undefined>>): string[] {
  const values = VARIABLES.flatMap((name) => (env[name] ?? '').split(',')).map((pair) => decoded(pair.slice(pair.indexOf('=') + 1).trim()));
  return values.flatMap((value) => [value, ...value.split(/\s+/)]).filter((value) => value !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not percent-encoded, then
  }
}
