import { recordHash } from '../../hash.js';
import type { JsonObject } from '../../ports/json.js';
import { examples, readObject } from './check-lake.js';
import { lettersOf } from './check-letters.js';
import type { IdTable } from './id-table.js';
import type { Difference, StreamEntry, StreamReader, VerifiedStream, VerifyContext } from './types.js';
import { RAW_SINK } from './ledger-differences.js';
import type { StreamToVerify } from './verify-stream.js';

export type StreamCounts = NonNullable<VerifiedStream['on_stream']>;

/** Which part of a run can still be read from the stream. */
export interface Visible {
  readonly reader?: StreamReader;
  /** Epoch milliseconds. */
  readonly from: number;
  /** Nothing of the run can have gone yet: what is not found is missing. */
  readonly whole: boolean;
  readonly notes: readonly string[];
}

/** Clocks differ: a record may carry a time a little before its run began. */
const TOLERANCE_MS = 5 * 60 * 1000;

export async function whatIsVisible({ report, expected }: StreamToVerify, { stream: reader }: VerifyContext): Promise<Visible> {
  const ledger = reader && expected.ledger.sinks[reader.sink];
  if (reader === undefined || ledger === undefined) return { from: 0, whole: false, notes: [] };
  const began = Date.parse(report.started_at);
  const oldest = await reader.oldest();
  const whole = oldest < began + 1_000; // the report says whole seconds
  const gone = `${reader.uri} keeps nothing from before ${new Date(oldest).toISOString().slice(0, 19)}Z, and the run began at ${report.started_at}: records that are not there any more could not be looked at`;
  return { reader, from: Math.max(began - TOLERANCE_MS, oldest), whole, notes: whole ? [] : [gone] };
}

/** Reads what the stream holds of the run, and compares it with what the lake has. */
export async function checkStreamRecords(
  of: StreamToVerify,
  uris: readonly string[],
  table: IdTable,
  { reader, from, whole }: Visible,
  context: VerifyContext,
): Promise<{ readonly counts: StreamCounts; readonly differences: readonly Difference[] }> {
  const counts = { found: 0, matched: 0, repeated: 0, not_visible: 0 };
  if (reader === undefined) return { counts, differences: [] };
  const wrong = createFindings(reader.uri);
  const inLake = of.expected.ledger.sinks[RAW_SINK] !== undefined;
  if (inLake) await noteLetters(of, table, reader.sink, context);
  for await (const entry of reader.read(from, context.now)) {
    context.signal?.throwIfAborted();
    const value = ofThisRun(entry, of);
    if (value === undefined || !table.takes(entry.key)) continue;
    counts.found += 1;
    const hash = recordHash(value);
    if (hash !== value['record_hash']) wrong.add('records whose record_hash is not that of their content', `${entry.key} (${entry.where})`);
    if (!inLake) {
      // The count of different ids is all that can be held against the report.
      if (table.add(entry.key, hash, -1) === undefined) counts.matched += 1;
      else counts.repeated += 1;
      continue;
    }
    const known = table.find(entry.key);
    if (known === undefined) {
      if (!of.expected.replayed) wrong.add('records that the lake does not have', entry.key);
    } else if (known.object < 0) continue;
    else if (!known.sameHash(hash)) {
      if (of.expected.replayed) continue;
      wrong.add('records that differ from those of the lake', `${entry.key} (${entry.where})`);
      known.meet();
    } else if (known.meet()) counts.repeated += 1;
    else counts.matched += 1;
  }
  const unmet = inLake ? table.unmet() : new Map<number, number>();
  if (!whole) for (const count of unmet.values()) counts.not_visible += count;
  const complete = (of.expected.ledger.sinks[reader.sink]?.pending ?? 0) === 0;
  const missing = whole && complete ? await nameMissing(of, uris, unmet, table, context) : [];
  return { counts, differences: [...wrong.list(), ...missing] };
}

/** The record, when it is one of this run and data type; most are not, and are not parsed. */
function ofThisRun({ data }: StreamEntry, { report, expected }: StreamToVerify): JsonObject | undefined {
  if (!Buffer.from(data.buffer, data.byteOffset, data.byteLength).includes(report.run_id)) return undefined;
  try {
    const value = JSON.parse(Buffer.from(data).toString('utf8')) as JsonObject | null;
    return value?.['run_id'] === report.run_id && value['data_type'] === expected.stream.data_type ? value : undefined;
  } catch {
    return undefined; // somebody else's record
  }
}

/** What a sink refused stands in no lake, or is on no stream: its letter says so. */
async function noteLetters(of: StreamToVerify, table: IdTable, streamSink: string, { idOf }: VerifyContext): Promise<void> {
  const { data_type } = of.expected.stream;
  for await (const { letter } of lettersOf(of)) {
    const id = letter.stage === 'sink' ? idOf(data_type, letter.record as JsonObject) : undefined;
    if (id === undefined || !table.takes(id)) continue;
    if (letter.sinks.includes(streamSink)) table.find(id)?.meet();
    if (letter.sinks.includes(RAW_SINK)) table.add(id, '', -1);
  }
}

/** Object by object, which of its records the stream does not have: their ids stand in the objects alone, so those are read again. */
async function nameMissing(
  of: StreamToVerify,
  uris: readonly string[],
  unmet: ReadonlyMap<number, number>,
  table: IdTable,
  context: VerifyContext,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const [object, count] of unmet) {
    const where = uris[object] ?? '';
    const { records = [] } = (await readObject(of, where, context))?.checked ?? {};
    const ids = records.flatMap((record) => context.idOf(of.expected.stream.data_type, record) ?? []);
    const missing = ids.filter((id) => table.takes(id) && table.find(id)?.met === false);
    differences.push({ where, kind: 'stream', message: `records that the stream does not have: ${examples(missing, count)}` });
  }
  return differences;
}

function createFindings(where: string) {
  const found = new Map<string, { count: number; texts: string[] }>();
  return {
    add(what: string, text: string): void {
      const finding = found.get(what) ?? { count: 0, texts: [] };
      finding.count += 1;
      if (finding.texts.length < 5) finding.texts.push(text);
      found.set(what, finding);
    },
    list: (): Difference[] =>
      [...found].map(([what, { count, texts }]) => ({ where, kind: 'stream', message: `${what}: ${examples(texts, count)}` })),
  };
}
