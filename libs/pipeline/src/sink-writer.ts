import { FatalError } from '@loadin/resilience';
import { createBatcher, type PendingBatch } from './batching.js';
import type { DeadLetter, DeadLetterBox } from './dead-letters.js';
import type { Mutable, SinkLedger } from './ledger.js';
import type { Ack, Batch, BatchRecord, Sink, SinkOptions, WrittenObject } from './ports/sink.js';
import type { SinkProgress } from './progress.js';

export interface SinkWriter {
  readonly name: string;
  add(record: BatchRecord): Promise<void>;
  reject(): void;
  finish(): Promise<void>;
  readonly progress: SinkProgress;
  /** Against `accepted` records so far. */
  ledger(accepted: number): SinkLedger;
}

export interface SinkWriterOptions {
  readonly sink: Sink;
  readonly batch: Omit<Batch, 'part' | 'records' | 'rejected'>;
  readonly streamId: string;
  /** What earlier attempts have had acknowledged: those batches are built again, to keep the cuts, and not written again. */
  readonly done: SinkProgress;
  readonly deadLetters: DeadLetterBox;
  readonly options: SinkOptions;
}

/** Feeds one sink with one slice's records, batch after batch, and keeps its side of the ledger. */
export function createSinkWriter({ sink, batch, streamId, done, deadLetters, options }: SinkWriterOptions): SinkWriter {
  const batcher = createBatcher(sink.limits);
  const progress: Mutable<SinkProgress> & { objects: WrittenObject[] } = { ...done, objects: [...done.objects] };
  let part = 0;

  const write = async ({ records, rejected }: PendingBatch): Promise<void> => {
    const current = part;
    part += 1;
    if (current < done.parts) return;
    const whole: Batch = { ...batch, part: current, records, rejected };
    const { acks, objects } = await sink.write(whole, options);
    const refused = refusals(sink, records, acks);
    const letters = refused.map(({ record, ack }): DeadLetter => ({
      stage: 'sink',
      reason: ack.reason,
      error_class: ack.errorClass,
      sinks: [sink.name],
      run_id: batch.runId,
      stream: streamId,
      slice: batch.sliceOrdinal,
      record: record.value,
    }));
    await deadLetters.write(`${sink.name}-${String(current).padStart(6, '0')}`, letters);
    progress.parts = current + 1;
    progress.dead_lettered += refused.length;
    progress.delivered += records.length - refused.length;
    progress.objects.push(...objects);
  };

  return {
    name: sink.name,
    progress,
    async add(record) {
      const full = batcher.add(record);
      if (full !== undefined) await write(full);
    },
    reject: () => batcher.reject(),
    async finish() {
      const rest = batcher.rest();
      if (rest !== undefined) await write(rest);
    },
    ledger: (accepted) => ({
      delivered: progress.delivered,
      dead_lettered: progress.dead_lettered,
      pending: accepted - progress.delivered - progress.dead_lettered,
    }),
  };
}

function refusals(
  sink: Sink,
  records: readonly BatchRecord[],
  acks: readonly Ack[],
): { record: BatchRecord; ack: Extract<Ack, { status: 'undeliverable' }> }[] {
  if (acks.length !== records.length) {
    throw new FatalError(`${sink.name} answered for ${acks.length} of ${records.length} records`, {
      hint: 'A sink must answer for every record, by index: this is a fault of the sink.',
    });
  }
  return records.flatMap((record, index) => {
    const ack = acks[index];
    return ack?.status === 'undeliverable' ? [{ record, ack }] : [];
  });
}
