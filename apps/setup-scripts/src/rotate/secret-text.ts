import { FatalError } from '@loadin/resilience';
import type { StoredCredential } from './secret-setting.js';

/** The credential in a secret's text, and the text with another one in its place; other fields stay. Throws `FatalError` for a text that runs could not read either. */
export function credentialIn(text: string, { arn, field, fieldNamed }: StoredCredential): { readonly value: string; replaced(by: string): string } {
  const json = objectIn(text);
  if (json === undefined && !fieldNamed) return { value: text.trim(), replaced: (by) => by };
  const value = json?.[field];
  if (json !== undefined && typeof value === 'string') return { value, replaced: (by) => JSON.stringify({ ...json, [field]: by }) };
  throw new FatalError(`The secret has no text in field ${field}`, { where: arn, hint: 'Name the field that it has: arn:…#field.' });
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : undefined;
  } catch {
    // Not JSON: the secret is the value itself.
    return undefined;
  }
}
