import { hash } from 'node:crypto';
import { inSpan } from '@loadin/observability';
import { FatalError } from '@loadin/resilience';
import { createBatcher, type PendingBatch } from './batching.js';
import type { DeadLetter, DeadLetterBox } from './dead-letters.js';
import type { SinkLedger } from '../report/ledger.js';
import type { Ack, Batch, BatchRecord, Sink, SinkOptions, SliceAddress, WriteResult } from '../ports/sink.js';
import type { SinkProgress } from './progress.js';

export interface SinkWriter {
  readonly name: string;
  /** What it waits for when the record did not fit into the batch before it: that batch is written. */
  add(record: BatchRecord): Promise<void> | undefined;
  reject(): undefined;
  finish(): Promise<void>;
  readonly progress: SinkProgress;
  /** Records of the batches walked so far that are delivered or in the dead letters to the last one. */
  readonly settled: number;
  /** Against `accepted` records so far. */
  ledger(accepted: number): SinkLedger;
}

export interface SinkWriterOptions {
  readonly sink: Sink;
  readonly batch: SliceAddress;
  /** So many batches are written at least, the last ones without records: a replay takes what an earlier delivery needed more parts for out of them. */
  readonly leastParts: number;
  readonly streamId: string;
  /** What earlier attempts have had acknowledged: those batches are built again, to keep the cuts, and not written again. */
  readonly done: SinkProgress;
  readonly deadLetters: DeadLetterBox;
  readonly options: SinkOptions;
  /** Asked before each batch: throws when no further one is to be begun, because the run is stopped or somebody else has taken the slice over. */
  readonly beforeBatch: () => Promise<void>;
}

/** Feeds one sink with one slice's records, batch after batch, and keeps its side of the ledger. */
export function createSinkWriter(options: SinkWriterOptions): SinkWriter {
  const { sink, batch, done, beforeBatch, leastParts } = options;
  const batcher = createBatcher(sink.limits);
  let progress = done;
  let part = 0;
  let settled = 0;
  let ids = '';
  /** Batches of which something is acknowledged. */
  const begun = done.parts + (done.remaining === undefined ? 0 : 1);

  const write = async ({ records, rejected }: PendingBatch): Promise<void> => {
    const current = part;
    part += 1;
    ids = hash('md5', [ids, ...records.map(({ id }) => id)].join('\n'));
    if (part === begun && done.ids !== undefined && done.ids !== ids) throw otherRecords(options);
    if (current < done.parts) {
      settled += records.length;
      return;
    }
    await beforeBatch();
    const indexes = current === done.parts ? done.remaining : undefined;
    const wanted = indexes === undefined ? records : indexes.flatMap((index) => records[index] ?? []);
    const result = await writeTraced(options, { ...batch, part: current, records: wanted, rejected });
    const { letters, refused, pending, delivered } = sortOut(options, wanted, indexes, result);
    const lost = await writeLetters(`${sink.name}-${String(current).padStart(6, '0')}`, letters, result);
    // What has no letter yet is for the next attempt, which is to send that alone.
    const remaining = lost === undefined ? pending : [...pending, ...refused].sort((a, b) => a - b);
    const counted = {
      delivered: progress.delivered + delivered,
      dead_lettered: progress.dead_lettered + (lost === undefined ? letters.length : 0),
      objects: [...progress.objects, ...result.objects],
      ids,
    };
    progress = remaining.length === 0 ? { ...counted, parts: current + 1 } : { ...counted, parts: current, remaining };
    const error = lost === undefined ? result.error : lost.error;
    if (error !== undefined) throw error;
    settled += records.length;
  };

  /** Gives what failed. A sink whose batch is an object takes the whole of it again: that changes nothing, and a part of it would be another object. */
  const writeLetters = async (
    step: string,
    letters: readonly DeadLetter[],
    { objects }: WriteResult,
  ): Promise<{ readonly error: unknown } | undefined> => {
    try {
      await options.deadLetters.write(step, letters);
      return undefined;
    } catch (error) {
      if (sink.replacing !== undefined || objects.length > 0) throw error;
      return { error };
    }
  };

  return {
    name: sink.name,
    get progress() {
      return progress;
    },
    get settled() {
      return settled;
    },
    add(record) {
      const full = batcher.add(record);
      return full === undefined ? undefined : write(full);
    },
    reject: () => batcher.reject(),
    async finish() {
      const rest = batcher.rest();
      if (rest !== undefined) await write(rest);
      while (part < leastParts) await write({ records: [], rejected: 0 });
      if (part < begun) throw otherRecords(options);
    },
    ledger: (accepted) => ({
      delivered: progress.delivered,
      dead_lettered: progress.dead_lettered,
      pending: accepted - progress.delivered - progress.dead_lettered,
    }),
  };
}

async function writeTraced({ sink, streamId, options }: SinkWriterOptions, batch: Batch): Promise<WriteResult> {
  const { sliceOrdinal, part, records } = batch;
  const attributes = { 'loadin.sink': sink.name, 'loadin.stream': streamId, 'loadin.slice': sliceOrdinal, 'loadin.part': part };
  return inSpan('loadin.write', { ...attributes, 'loadin.records': records.length }, async (span) => {
    const result = await sink.write(batch, options);
    span.set({
      'loadin.object': result.objects[0]?.uri,
      'loadin.undeliverable': result.acks.filter(({ status }) => status === 'undeliverable').length,
    });
    if (result.error !== undefined) span.fail(result.error);
    return result;
  });
}

/** What became of each record by the sink's answers. `indexes`: of the records in their batch, when it is not all of it. */
function sortOut(
  { sink, batch, streamId }: SinkWriterOptions,
  records: readonly BatchRecord[],
  indexes: readonly number[] | undefined,
  { acks, error }: WriteResult,
) {
  if (acks.length !== records.length) throw faulty(sink, `answered for ${acks.length} of ${records.length} records`);
  const letters: DeadLetter[] = [];
  const refused: number[] = [];
  const pending: number[] = [];
  acks.forEach((ack, position) => {
    const index = indexes?.[position] ?? position;
    if (ack.status === 'pending') pending.push(index);
    const record = records[position]?.value;
    if (ack.status !== 'undeliverable' || record === undefined) return;
    letters.push(letterOf(ack, record));
    refused.push(index);
  });
  if (pending.length > 0 !== (error !== undefined))
    throw faulty(sink, pending.length > 0 ? 'left records pending without an error' : 'gave an error although no record is pending');
  return { letters, refused, pending, delivered: records.length - letters.length - pending.length };

  function letterOf(ack: Extract<Ack, { status: 'undeliverable' }>, record: DeadLetter['record']): DeadLetter {
    const where = { run_id: batch.runId, stream: streamId, slice: batch.sliceOrdinal };
    return { stage: 'sink', reason: ack.reason, error_class: ack.errorClass, sinks: [sink.name], ...where, record };
  }
}

/** Batches that were acknowledged can't be cut again: what lay in them, and what did not, is not known any more. */
const otherRecords = ({ sink, batch, streamId }: SinkWriterOptions): FatalError =>
  new FatalError(`the landed pages give other records for ${sink.name} than in an earlier attempt: the transforms have changed since`, {
    where: `${streamId}, slice ${batch.sliceOrdinal} of run ${batch.runId}`,
    hint: 'Nothing more was sent. Finish the run with the version of Loadin that began it, or make a new one (another time; --again for a manual run).',
  });

const faulty = (sink: Sink, what: string): FatalError =>
  new FatalError(`${sink.name} ${what}`, { hint: 'A sink must answer for every record, by index: this is a fault of the sink.' });
