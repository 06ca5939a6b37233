/** Removes credentials from text before it can reach an error, a log, a note or a landing page. */
export interface Redactor {
  /** From now on this value is removed, also in its URL, JSON and Base64 forms. */
  add(secret: string): void;
  /** For messages: known secrets, and everything that looks like a credential by its name. */
  message(text: string): string;
  /** For data: known secrets of at least 8 characters and nothing else, because a short one could be a word of the data. */
  data(text: string): string;
}

const removed = '[redacted]';
/** `apikey=…` in URLs and forms, `"access_token":"…"` in JSON. */
const named = /\b(api[-_]?key|access_token|refresh_token|client_secret|authorization)(["']?\s*[=:]\s*["']?)(?!\[redacted\])[^\s"'&;,}]+/gi;
const schemes = /\b(Bearer|Basic)\s+(?!\[redacted\])[A-Za-z0-9._~+/=-]{6,}/g;
const shortestInData = 8;

export function createRedactor(secrets: readonly string[] = []): Redactor {
  const inMessages = new Set<string>();
  const inData = new Set<string>();
  const add = (secret: string): void => {
    if (secret === '') return;
    for (const form of formsOf(secret)) {
      inMessages.add(form);
      if (secret.length >= shortestInData) inData.add(form);
    }
  };
  secrets.forEach(add);
  return {
    add,
    message: (text) => without(text, inMessages).replace(schemes, `$1 ${removed}`).replace(named, `$1$2${removed}`),
    data: (text) => without(text, inData),
  };
}

function without(text: string, secrets: ReadonlySet<string>): string {
  let clean = text;
  for (const secret of secrets) if (clean.includes(secret)) clean = clean.replaceAll(secret, removed);
  return clean;
}

function formsOf(secret: string): Set<string> {
  const inJson = JSON.stringify(secret).slice(1, -1);
  const inForm = new URLSearchParams({ s: secret }).toString().slice(2);
  return new Set([secret, inJson, encodeURIComponent(secret), inForm, Buffer.from(secret).toString('base64')]);
}
