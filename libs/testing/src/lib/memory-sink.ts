import { createHash } from 'node:crypto';
import type { Ack, Batch, BatchRecord, Replacing, Sink, SliceAddress, Standing, WriteResult } from '@loadin/pipeline';
import { FatalError, recordHash } from '@loadin/pipeline';
import type { Fault } from './fault.js';

export interface MemorySinkOptions {
  /** Default: `memory`. */
  readonly name?: string;
  /** Default: 5,000 records and 16 MB, those of the raw sink. */
  readonly limits?: { readonly maxRecords: number; readonly maxBytes: number };
  /** Makes a whole write fail; `call` counts the writes from 1. Default: none does. */
  readonly fail?: (batch: Batch, call: number) => Fault | undefined;
  /** The reason why a record can't be delivered; `undefined`: it can. Default: all can. */
  readonly refuse?: (record: BatchRecord, batch: Batch) => string | undefined;
  /** `Sink.layout`. Default: none. */
  readonly layout?: string;
  /** What is stored can be compared and replaced, as a replay does with files. Default: `false`, as a stream. */
  readonly replaceable?: boolean;
}

export interface MemorySink extends Sink {
  /** What is stored: one batch per (run, source, data type, slice, part), in the order of first writing. */
  readonly batches: readonly Batch[];
  /** The delivered records of these batches. */
  readonly records: readonly BatchRecord[];
  /** Every call of `write`, failed ones included. */
  readonly calls: readonly Batch[];
  readonly closed: boolean;
  /** Takes a stored batch away, as somebody who deletes an object; `false`: there was none. */
  remove(place: Pick<Batch, 'sliceOrdinal' | 'part'>): boolean;
}

/** The reference Sink, for tests only: writing a batch again changes nothing, another batch in its place is an error. It passes `sinkChecks`. */
export function createMemorySink(options: MemorySinkOptions = {}): MemorySink {
  const { name = 'memory', limits = { maxRecords: 5_000, maxBytes: 16_000_000 }, fail, refuse } = options;
  const stored = new Map<string, Batch>();
  const calls: Batch[] = [];
  let closed = false;
  const refusal = (record: BatchRecord, batch: Batch): string | undefined => refuse?.(record, batch);

  const store = (batch: Batch, over = false): WriteResult => {
    const address = addressOf(batch);
    const earlier = stored.get(address);
    const same = earlier !== undefined && content(earlier) === content(batch);
    if (earlier && !same && !over) {
      throw new FatalError(`Another batch was written as ${address} before`, {
        where: name,
        hint: 'Every attempt of a run must write the same batches.',
      });
    }
    if (!same) stored.set(address, batch);
    const acks = batch.records.map((record): Ack => {
      const reason = refusal(record, batch);
      return reason === undefined ? { status: 'delivered' } : { status: 'undeliverable', reason, errorClass: 'Refused' };
    });
    const bytes = batch.records.reduce((sum, record) => sum + Buffer.byteLength(record.json), 0);
    const uri = `memory://${name}/${address}`;
    return { acks, objects: [{ uri, bytes, records: batch.records.length, existed: same, checksum: md5(content(batch)) }] };
  };
  const written = async (batch: Batch, { signal, meter }: Parameters<Sink['write']>[1], over: boolean): Promise<WriteResult> => {
    signal.throwIfAborted();
    calls.push(batch);
    const fault = fail?.(batch, calls.length);
    if (fault?.when === 'before') throw fault.error;
    const result = store(batch, over);
    meter.add('requests', 1);
    meter.add('bytes_written', result.objects[0]?.bytes ?? 0);
    if (fault) throw fault.error;
    return result;
  };

  return {
    name,
    limits,
    ...(options.layout !== undefined && { layout: options.layout }),
    calls,
    ...(options.replaceable === true && { replacing: replaceIn(stored, (batch, sinkOptions) => written(batch, sinkOptions, true)) }),
    remove({ sliceOrdinal, part }) {
      const found = [...stored].find(([, batch]) => batch.sliceOrdinal === sliceOrdinal && batch.part === part);
      return found !== undefined && stored.delete(found[0]);
    },
    get batches() {
      return [...stored.values()];
    },
    get records() {
      return [...stored.values()].flatMap((batch) => batch.records.filter((record) => refusal(record, batch) === undefined));
    },
    get closed() {
      return closed;
    },
    write: (batch, sinkOptions) => written(batch, sinkOptions, false),
    async close() {
      closed = true;
    },
  };
}

/** The reference of `Sink.replacing`. Nobody writes between its look and its write, so that a round is enough. */
function replaceIn(stored: ReadonlyMap<string, Batch>, write: Sink['write']): Replacing {
  const look = (batch: Batch): Standing => {
    const found = stored.get(addressOf(batch));
    const checksum = md5(content(batch));
    if (found === undefined) return { state: 'missing', revision: null, checksum };
    const revision = md5(content(found));
    if (revision === checksum) return { state: 'identical', revision, checksum };
    return { state: 'different', revision, checksum, hashes: found.records.map(({ value }) => recordHash(value)) };
  };
  return {
    parts: async (slice) =>
      [...stored.values()]
        .filter((batch) => addressOf({ ...slice, part: batch.part }) === addressOf(batch))
        .map(({ part }) => part)
        .sort((a, b) => a - b),
    compare: async (batch) => look(batch),
    async replace(batch, compared, options) {
      options.signal.throwIfAborted();
      const now = look(batch);
      const races = now.state !== 'identical' && now.revision !== compared.revision ? 1 : 0;
      if (now.state === 'missing' && batch.records.length === 0 && batch.rejected === 0) return { acks: [], objects: [] };
      const result = await write(batch, options);
      const more = { ...(now.state === 'different' && { replaced: now.revision ?? '' }), ...(races > 0 && { races }) };
      return { ...result, objects: result.objects.map((object) => ({ ...object, ...more })) };
    },
  };
}

const addressOf = (batch: SliceAddress & Pick<Batch, 'part'>): string =>
  [batch.runId, batch.source, batch.dataType, batch.sliceOrdinal, batch.part].join('/');

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

const content = (batch: Batch): string =>
  JSON.stringify([batch.second, batch.rejected, batch.records.map((record) => [record.id, record.json, record.hash])]);
