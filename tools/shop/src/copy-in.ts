import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { Query, type Client } from 'pg';

/** Bytes that are sent at once: fewer calls than rows. */
const CHUNK = 1 << 16;

/** The part of pg's connection that COPY needs; its types leave it out. */
interface CopyConnection {
  readonly stream: Writable;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/** Puts rows into a table by COPY: lines of its text format, each with its newline; no more of them are made than the server takes. Throws what it says against one. */
export function copyInto(client: Client, table: string, lines: Iterable<string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const query = new Query(`COPY ${table} FROM STDIN`);
    const start = (connection: CopyConnection): void =>
      void send(connection, lines).catch((error: unknown) => {
        connection.sendCopyFail('the rows could not be made');
        reject(error);
      });
    // pg hands the server's CopyInResponse to the query that is under way.
    Object.assign(query, { handleCopyInResponse: start });
    query.once('end', () => resolve()).once('error', reject);
    client.query(query);
  });
}

async function send(connection: CopyConnection, lines: Iterable<string>): Promise<void> {
  let text = '';
  for (const line of lines) {
    text += line;
    if (text.length < CHUNK) continue;
    connection.sendCopyFromChunk(Buffer.from(text));
    text = '';
    if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain');
  }
  if (text !== '') connection.sendCopyFromChunk(Buffer.from(text));
  connection.endCopyFrom();
}

/** A row of COPY's text format. */
export const line = (values: readonly (string | number | boolean | null)[]): string => `${values.map(field).join('\t')}\n`;

function field(value: string | number | boolean | null): string {
  if (value === null) return '\\N';
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (typeof value === 'number') return String(value);
  return /[\\\n\r\t]/.test(value) ? value.replace(/[\\\n\r\t]/g, (found) => ESCAPES[found] ?? found) : value;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
