import type { BatchRecord, Sink } from '../ports/sink.js';

export interface PendingBatch {
  readonly records: readonly BatchRecord[];
  readonly rejected: number;
}

/** Cuts a slice's records into a sink's batches. The cuts depend on the records alone, so every attempt makes the same ones. */
export interface Batcher {
  add(record: BatchRecord): PendingBatch | undefined;
  /** A rejected record counts with the batch in which it lies. */
  reject(): undefined;
  /** What is left at the end of the slice; `undefined` when nothing was accepted or rejected since the last batch. */
  rest(): PendingBatch | undefined;
  readonly waiting: number;
}

/** Room for the envelope and the separators that a sink adds around the records' JSON. */
const OVERHEAD_PER_RECORD = 2;
const OVERHEAD_PER_BATCH = 4096;

export function createBatcher(limits: Sink['limits']): Batcher {
  let records: BatchRecord[] = [];
  let bytes = OVERHEAD_PER_BATCH;
  let rejected = 0;
  const take = (): PendingBatch => {
    const batch = { records, rejected };
    records = [];
    bytes = OVERHEAD_PER_BATCH;
    rejected = 0;
    return batch;
  };
  return {
    add(record) {
      const size = Buffer.byteLength(record.json) + OVERHEAD_PER_RECORD;
      const full = records.length > 0 && (records.length >= limits.maxRecords || bytes + size > limits.maxBytes) ? take() : undefined;
      records.push(record);
      bytes += size;
      return full;
    },
    reject() {
      rejected += 1;
      return undefined;
    },
    rest: () => (records.length === 0 && rejected === 0 ? undefined : take()),
    get waiting() {
      return records.length;
    },
  };
}
