import { hash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { JsonObject } from '../../ports/json.js';
import type { WrittenObject } from '../../ports/sink.js';
import type { Difference, DifferenceKind } from './types.js';

/** Which run and stream an object must say that it is of. */
export interface Belongs {
  readonly run_id: string;
  readonly source: string;
  readonly data_type: string;
}

export interface CheckedObject {
  readonly records: readonly JsonObject[];
  readonly differences: readonly Difference[];
}

/** Looks at one raw object: bytes, checksum, form, what it belongs to, counts. `expected` is `undefined` for one that no report names. */
export function checkObject(uri: string, body: Uint8Array, expected: WrittenObject | undefined, belongs: Belongs): CheckedObject {
  const differences: Difference[] = [];
  const differs = (kind: DifferenceKind, message: string): void => void differences.push({ where: uri, kind, message });
  const content = contentOf(uri, body);
  if (content === undefined) {
    differs('format', 'it is not gzip, as its name says');
    return { records: [], differences };
  }
  if (expected !== undefined) compareBytes(body, content, expected, differs);
  const envelope = parseEnvelope(content);
  if (typeof envelope === 'string') {
    differs('format', envelope);
    return { records: [], differences };
  }
  const { result, records } = envelope;
  for (const name of ['run_id', 'source', 'data_type'] as const) {
    if (result[name] !== belongs[name]) differs('identity', `its ${name} is ${JSON.stringify(result[name])}, not ${JSON.stringify(belongs[name])}`);
  }
  const number = Number(/_(\d{5})\.json(?:\.gz)?$/.exec(uri)?.[1] ?? 0);
  if (Number(result['slice']) * 100 + Number(result['part']) !== number)
    differs(
      'identity',
      `it says slice ${String(result['slice'])}, part ${String(result['part'])}; its name says slice ${Math.floor(number / 100)}, part ${number % 100}`,
    );
  compareCounts(result, records.length, expected, differs);
  return { records, differences };
}

type Differs = (kind: DifferenceKind, message: string) => void;

function compareBytes(body: Uint8Array, content: Buffer, { bytes, checksum }: WrittenObject, differs: Differs): void {
  const found = hash('md5', content);
  if (checksum !== undefined && checksum !== found) differs('content', `MD5 of its content is ${found}, reported is ${checksum}`);
  if (body.byteLength !== bytes) differs('content', `it has ${body.byteLength} bytes, reported are ${bytes}`);
}

function compareCounts(result: JsonObject, held: number, expected: WrittenObject | undefined, differs: Differs): void {
  if (expected !== undefined && expected.records !== held) differs('counts', `it holds ${held} records, reported are ${expected.records}`);
  const [processed, successful, failed] = ['records_processed', 'records_successful', 'records_failed'].map((name) => result[name]);
  if (successful !== held) differs('counts', `records_successful is ${JSON.stringify(successful)}, it holds ${held} records`);
  if (processed !== Number(successful) + Number(failed))
    differs('counts', `records_processed is ${JSON.stringify(processed)}, not ${JSON.stringify(successful)} + ${JSON.stringify(failed)}`);
}

function contentOf(uri: string, body: Uint8Array): Buffer | undefined {
  if (!uri.endsWith('.gz')) return Buffer.from(body);
  try {
    return gunzipSync(body);
  } catch {
    return undefined; // the caller says so
  }
}

/** What it holds, or why it can't be read. */
function parseEnvelope(content: Buffer): { readonly result: JsonObject; readonly records: readonly JsonObject[] } | string {
  const text = content.toString('utf8');
  if (text.indexOf('\n') !== text.length - 1) return 'it is not one line of JSON with a newline at its end';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `it is not JSON: ${(error as Error).message}`;
  }
  const { ingestion_result: result, records } = (isObject(value) ? value : {}) as { ingestion_result?: unknown; records?: unknown };
  if (!isObject(result) || !Array.isArray(records) || !records.every(isObject)) return 'it has no "ingestion_result" and "records"';
  return { result, records };
}

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
