import type { Json } from '@loadin/pipeline';

/** A field of a raw record that is text and not empty. */
export function textIn(raw: Json, name: string): string | undefined {
  const value = raw !== null && typeof raw === 'object' && !Array.isArray(raw) ? (raw as { readonly [key: string]: Json })[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
