import { anchorsOf, base64FormsOf, plainFormsOf, spelledAnyhow } from './secret-forms.js';

/** Removes credentials from text before it can reach an error, a log, a note or a landing page. */
export interface Redactor {
  /** From now on this value is removed, however it is spelled: as it is, in URLs, forms, JSON, HTML, hexadecimal and Base64. */
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
/** Shorter ones could be part of a word; parts of their Base64 form even more so. */
const shortestInData = 8;

interface Secret {
  readonly plain: readonly string[];
  /** What is in the text of every other spelling: looked for first, because it is quick. */
  readonly anchors: readonly string[];
  readonly anyhow: RegExp;
}

export function createRedactor(secrets: readonly string[] = []): Redactor {
  const known = new Map<string, Secret>();
  const add = (secret: string): void => {
    if (secret === '' || known.has(secret)) return;
    const plain = [...plainFormsOf(secret), ...(secret.length >= shortestInData ? base64FormsOf(secret) : [])];
    known.set(secret, { plain, anchors: anchorsOf(secret), anyhow: spelledAnyhow(secret) });
  };
  const without = (text: string, shortest: number): string => {
    let clean = text;
    for (const [secret, { plain, anchors, anyhow }] of known) {
      if (secret.length < shortest) continue;
      for (const form of plain) if (clean.includes(form)) clean = clean.replaceAll(form, removed);
      if (anchors.some((anchor) => clean.includes(anchor))) clean = clean.replace(anyhow, removed);
    }
    return clean;
  };
  secrets.forEach(add);
  return {
    add,
    message: (text) => without(text, 1).replace(schemes, `$1 ${removed}`).replace(named, `$1$2${removed}`),
    data: (text) => without(text, shortestInData),
  };
}
