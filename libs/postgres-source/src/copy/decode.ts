import type { RowBlock } from './types.js';

const BACKSLASH = 0x5c;
const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** The fields of row `index`, in the order of the query's columns: the text that Postgres prints for each, or `null`. The bytes are UTF-8. */
export function decodeRow({ bytes, starts, ends }: RowBlock, index: number): (string | null)[] {
  const [from, to] = [starts[index] ?? 0, ends[index] ?? 0];
  const fields: (string | null)[] = bytes.toString('utf8', from, to).split('\t');
  // Most rows have no backslash, not even a null's.
  const escaped = bytes.indexOf(BACKSLASH, from);
  if (escaped === -1 || escaped >= to) return fields;
  return fields.map((field) => decodeField(field ?? ''));
}

/** A field as it stands in a row of COPY's text format; `null` for `\N`. */
export function decodeField(field: string): string | null {
  if (field === '\\N') return null;
  return field.includes('\\') ? field.replace(/\\(.)/gs, (_, letter: string) => ESCAPES[letter] ?? letter) : field;
}

/** The rows of a block as COPY writes them into a file: each with its newline. A copy. */
export function copyText({ bytes, count, starts, ends }: RowBlock): Buffer {
  let size = 0;
  for (let i = 0; i < count; i += 1) size += (ends[i] as number) - (starts[i] as number) + 1;
  const text = Buffer.allocUnsafe(size);
  let at = 0;
  // Behind each row stands its newline.
  for (let i = 0; i < count; i += 1) at += bytes.copy(text, at, starts[i], (ends[i] as number) + 1);
  return text;
}
