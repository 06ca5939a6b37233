import type { CopyRows, InspectedLoad } from './types.js';

// A name of its own: in a context of node:vm, where Jest runs specifications, every look-up of a global is a call.
const { imul } = Math;

export const LOAD: InspectedLoad = {
  job: 'bronze',
  runId: '5b0c1c9e-7a53-5d0c-8a39-0a1f6ad3a001',
  stream: 'postgres.orders',
  entity: 'orders',
  ingestionId: '5b0c1c9e-7a53-5d0c-8a39-0a1f6ad3a002',
  loadType: 'full',
  scheduledTime: '2026-03-01T02:00:00Z',
};

const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\b': '\\b', '\f': '\\f', '\v': '\\v' };

/** A field as Postgres writes it into COPY's text format. */
export const copyField = (value: string | null): string =>
  value === null ? '\\N' : value.replace(/[\\\t\n\r\b\f\v]/g, (character) => ESCAPED[character] ?? '');

/** Rows as one block. */
export function block(rows: readonly (readonly (string | null)[])[]): CopyRows {
  const lines = rows.map((row) => Buffer.from(row.map(copyField).join('\t')));
  const [starts, ends] = [new Int32Array(rows.length), new Int32Array(rows.length)];
  let at = 0;
  lines.forEach((line, n) => {
    starts[n] = at;
    ends[n] = at + line.length;
    at += line.length + 1;
  });
  return { bytes: Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])), count: rows.length, starts, ends };
}

/** The rows cut into blocks of these sizes, again and again. */
export function blocks(rows: readonly (readonly (string | null)[])[], sizes: readonly number[]): CopyRows[] {
  const found: CopyRows[] = [];
  for (let at = 0, n = 0; at < rows.length; n++) {
    const size = sizes[n % sizes.length] ?? 1;
    found.push(block(rows.slice(at, at + size)));
    at += size;
  }
  return found;
}

/** Well spread, the same everywhere: 0 to 1. */
export function noise(n: number): number {
  let hash = imul(n ^ 0x2545f491, 0x45d9f3b);
  hash = imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}
