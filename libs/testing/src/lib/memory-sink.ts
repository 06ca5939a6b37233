import type { Ack, Batch, BatchRecord, Sink, WriteResult } from '@loadin/pipeline';
import { FatalError } from '@loadin/pipeline';
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
}

export interface MemorySink extends Sink {
  /** What is stored: one batch per (run, source, data type, slice, part), in the order of first writing. */
  readonly batches: readonly Batch[];
  /** The delivered records of these batches. */
  readonly records: readonly BatchRecord[];
  /** Every call of `write`, failed ones included. */
  readonly calls: readonly Batch[];
  readonly closed: boolean;
}

/** The reference Sink, for tests only: writing a batch again changes nothing, another batch in its place is an error. It passes `sinkChecks`. */
export function createMemorySink(options: MemorySinkOptions = {}): MemorySink {
  const { name = 'memory', limits = { maxRecords: 5_000, maxBytes: 16_000_000 }, fail, refuse } = options;
  const stored = new Map<string, Batch>();
  const calls: Batch[] = [];
  let closed = false;
  const refusal = (record: BatchRecord, batch: Batch): string | undefined => refuse?.(record, batch);

  const store = (batch: Batch): WriteResult => {
    const address = [batch.runId, batch.source, batch.dataType, batch.sliceOrdinal, batch.part].join('/');
    const earlier = stored.get(address);
    if (earlier && content(earlier) !== content(batch)) {
      throw new FatalError(`Another batch was written as ${address} before`, {
        where: name,
        hint: 'Every attempt of a run must write the same batches.',
      });
    }
    if (!earlier) stored.set(address, batch);
    const acks = batch.records.map((record): Ack => {
      const reason = refusal(record, batch);
      return reason === undefined ? { status: 'delivered' } : { status: 'undeliverable', reason, errorClass: 'Refused' };
    });
    const bytes = batch.records.reduce((sum, record) => sum + Buffer.byteLength(record.json), 0);
    return { acks, objects: [{ uri: `memory://${name}/${address}`, bytes, records: batch.records.length, existed: earlier !== undefined }] };
  };

  return {
    name,
    limits,
    calls,
    get batches() {
      return [...stored.values()];
    },
    get records() {
      return [...stored.values()].flatMap((batch) => batch.records.filter((record) => refusal(record, batch) === undefined));
    },
    get closed() {
      return closed;
    },
    async write(batch, { signal, meter }) {
      signal.throwIfAborted();
      calls.push(batch);
      const fault = fail?.(batch, calls.length);
      if (fault?.when === 'before') throw fault.error;
      const result = store(batch);
      meter.add('requests', 1);
      meter.add('bytes_written', result.objects[0]?.bytes ?? 0);
      if (fault) throw fault.error;
      return result;
    },
    async close() {
      closed = true;
    },
  };
}

const content = (batch: Batch): string =>
  JSON.stringify([batch.second, batch.rejected, batch.records.map((record) => [record.id, record.json, record.hash])]);
