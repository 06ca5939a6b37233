import { FatalError } from '@loadin/resilience';
import type { DataType } from '@loadin/transforms';
import { dataTypeOf, recordsIn, tryRecord, type Trial } from '@loadin/transforms/samples';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

export interface FileTrial {
  /** Counted from 1: the record, of one document; else the line, and the record on it where it has several: `3`, `2.17`. */
  readonly where: string;
  /** Undefined when the record names none that is known and none was given. */
  readonly dataType: DataType | undefined;
  readonly raw: unknown;
  readonly trial: Trial;
}

/** Runs the transforms over every record of a file. Throws `FatalError` when the file can't be read or is no JSON. */
export async function tryFile(file: string, cwd: string, given?: DataType): Promise<FileTrial[]> {
  const lines = parse(file, await textOf(file, cwd));
  if (lines.every(({ body }) => recordsIn(body).length === 0))
    throw new FatalError('The file holds no record', { where: file, hint: 'Give a page or records of a source: JSON, NDJSON, or a landed object.' });
  return lines.flatMap(({ line, body }) => {
    const records = recordsIn(body);
    return records.map((raw, index) => {
      const dataType = given ?? dataTypeOf(raw);
      const where = [line, records.length > 1 || line === undefined ? index + 1 : undefined].filter((part) => part !== undefined).join('.');
      return { where, dataType, raw, trial: dataType === undefined ? untyped(raw) : tryRecord(dataType, raw) };
    });
  });
}

function untyped(raw: unknown): Trial {
  const value = typeof raw === 'object' && raw !== null ? (raw as { type?: unknown }).type : undefined;
  return { ok: false, rejections: [{ path: 'type', message: 'must name the kind of record; give --type where the source does not', value }] };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is none',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read (permissions)',
  Z_DATA_ERROR: 'its gzip is damaged',
  Z_BUF_ERROR: 'its gzip ends early',
  ERR_STRING_TOO_LONG: 'it is too large for this command; split it',
};

const GZIP = Buffer.from([0x1f, 0x8b]);

async function textOf(file: string, cwd: string): Promise<string> {
  try {
    const bytes = await readFile(resolve(cwd, file));
    return (bytes.subarray(0, 2).equals(GZIP) ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\ufeff/, '');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'it is not readable';
    throw new FatalError(`The file can't be read: ${REASONS[code] ?? code}`, {
      where: file,
      hint: 'Give the path of a file with JSON or NDJSON.',
      cause,
    });
  }
}

interface Line {
  /** From 1; undefined when the file is one document. */
  readonly line?: number;
  readonly body: unknown;
}

/** The whole as one document, else each line as one. */
function parse(file: string, text: string): Line[] {
  const whole = json(text);
  if (whole.ok) return [{ body: whole.value }];
  return text.split('\n').flatMap((content, index) => {
    if (content.trim() === '') return [];
    const parsed = json(content);
    if (parsed.ok) return [{ line: index + 1, body: parsed.value }];
    // When not even the first line is JSON, the file was meant to be one document.
    const [where, why] = index === 0 ? [file, whole.message] : [`${file}:${index + 1}`, parsed.message.replace(/ \(line .*$/, '')];
    throw new FatalError(`This is no JSON: ${why}`, { where, hint: 'Give a file with one JSON document, or one in each line.' });
  });
}

function json(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}
