/** What stands where a secret was. */
export const REDACTED = '***';

/** Shorter ones are left alone: replacing every "a" would hide nothing and destroy the text. */
const SHORTEST_SECRET = 4;

/** Names of query parameters, JSON members and settings whose value is a credential; compared in lower case without `-` and `_`. */
const SECRET_NAMES = new Set([
  ...[
    'apikey',
    'accesstoken',
    'refreshtoken',
    'idtoken',
    'clientsecret',
    'password',
    'passwd',
    'pwd',
    'secret',
    'secretkey',
    'secretaccesskey',
    'sessiontoken',
  ],
  ...['authorization', 'proxyauthorization', 'xapikey', 'cookie', 'setcookie', 'awssecretaccesskey', 'awssessiontoken', 'apispotifyclientsecret'],
  ...['apiticketmasterapikey', 'xamzsignature', 'xamzcredential', 'xamzsecuritytoken'],
]);

/** Whether a value under this name must not be shown: `apikey`, `API_KEY`, `clientSecret`, `Authorization` … */
export function isSecretName(name: string): boolean {
  return SECRET_NAMES.has(name.toLowerCase().replaceAll(/[-_]/g, ''));
}

/**
 * Text for people and logs without credentials: the given secrets in every spelling they take on their way (as they are, percent-encoded,
 * Base64, inside JSON), then whatever looks like a credential: `apikey=…`, `"access_token": "…"`, `Authorization: Bearer …`,
 * `https://user:password@…`. For messages only, never for data: a record's own fields must reach the lake as they are.
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
  let safe = text;
  for (const secret of spellings(secrets)) safe = safe.replaceAll(secret, REDACTED);
  return safe
    .replaceAll(
      /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)(?:AWS4-[^\n"']+|(?:(?:basic|bearer|digest|token)\s+)?[^\s"',;]+)/gi,
      `$1${REDACTED}`,
    )
    .replaceAll(/\b((?:bearer|basic)\s+)[A-Za-z0-9+/_.~-]{16,}=*/gi, `$1${REDACTED}`)
    .replaceAll(/(?<![A-Za-z0-9_-])([A-Za-z][A-Za-z0-9_-]*)(=)([^&\s"'#;,]+)/g, hideValue)
    .replaceAll(/("[A-Za-z][A-Za-z0-9_-]*)("\s*:\s*")((?:[^"\\]|\\.)+)/g, hideValue)
    .replaceAll(/((?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:\/\/)[^\s/?#@"']+@/gi, `$1${REDACTED}@`);
}

function hideValue(all: string, name: string, separator: string): string {
  return isSecretName(name.replace('"', '')) ? `${name}${separator}${REDACTED}` : all;
}

/** A URL without credentials: neither user and password nor the value of a query parameter with a secret name. Other text goes through `redact`. */
export function redactUrl(url: string, secrets: Iterable<string> = []): string {
  return redact(url, secrets);
}

/** A value for a log line: members with secret names are hidden at every depth, texts go through `redact`. */
export function redactValue(value: unknown, secrets: Iterable<string> = []): unknown {
  const known = [...secrets];
  const walk = (current: unknown, above: readonly unknown[]): unknown => {
    if (typeof current === 'string') return redact(current, known);
    if (typeof current !== 'object' || current === null || current instanceof Date) return current;
    if (above.includes(current)) return '[circular]';
    const path = [...above, current];
    if (Array.isArray(current)) return current.map((member) => walk(member, path));
    if (current instanceof Error) return walk({ name: current.name, message: current.message }, path);
    return Object.fromEntries(
      Object.entries(current).map(([name, member]) => [name, isSecretName(name) && member != null ? REDACTED : walk(member, path)]),
    );
  };
  return walk(value, []);
}

/** Longest first, so that a secret that contains another one disappears as a whole. */
function spellings(secrets: Iterable<string>): string[] {
  const found = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < SHORTEST_SECRET) continue;
    const encoded = encodeURIComponentSafely(secret);
    for (const spelling of [secret, encoded, encoded.replaceAll('%20', '+'), JSON.stringify(secret).slice(1, -1)]) found.add(spelling);
    const bytes = Buffer.from(secret);
    for (const spelling of [bytes.toString('base64'), bytes.toString('base64url')]) found.add(spelling.replace(/=+$/, ''));
  }
  return [...found].sort((a, b) => b.length - a.length);
}

/** A lone surrogate can't be percent-encoded. */
function encodeURIComponentSafely(text: string): string {
  return encodeURIComponent(text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD'));
}
