import {
  RetryableError,
  type Ack,
  type Batch,
  type Replacing,
  type Sink,
  type SinkOptions,
  type SliceAddress,
  type WriteResult,
} from '@loadin/pipeline';
import type { Faults } from './faults.js';

export function sinkWithFaults(sink: Sink, faults: Faults): Sink {
  const { replacing } = sink;
  return {
    name: sink.name,
    limits: sink.limits,
    write: (batch, options) =>
      faults.around({
        step: 'sink.write',
        target: placeOf(sink, batch),
        signal: options.signal,
        run: () => sink.write(batch, options),
        ...(batch.records.length > 1 && { runPart: (random: () => number) => writePart(sink, batch, options, random) }),
      }),
    ...(replacing !== undefined && { replacing: replacingWithFaults(sink, replacing, faults) }),
    close: async () => sink.close?.(),
  };
}

function replacingWithFaults(sink: Sink, replacing: Replacing, faults: Faults): Replacing {
  return {
    parts: (slice, options) =>
      faults.around({ step: 'sink.parts', target: sliceOf(sink, slice), signal: options.signal, run: () => replacing.parts(slice, options) }),
    compare: (batch, options) =>
      faults.around({ step: 'sink.compare', target: placeOf(sink, batch), signal: options.signal, run: () => replacing.compare(batch, options) }),
    replace: (batch, standing, options) =>
      faults.around({
        step: 'sink.replace',
        target: placeOf(sink, batch),
        signal: options.signal,
        run: () => replacing.replace(batch, standing, options),
      }),
  };
}

/** Each record is taken or left by the die, at least one of each; the order of those that are taken stays. */
async function writePart(sink: Sink, batch: Batch, options: SinkOptions, random: () => number): Promise<WriteResult> {
  const left = batch.records.map(() => random() < 0.5);
  const sure = Math.floor(random() * left.length);
  left[sure] = true;
  left[(sure + 1) % left.length] = false;
  const result = await sink.write({ ...batch, records: batch.records.filter((_, index) => left[index] === false) }, options);
  let next = 0;
  const acks = left.map((isLeft): Ack => (isLeft ? { status: 'pending' } : (result.acks[next++] ?? { status: 'pending' })));
  return { ...result, acks, error: result.error ?? new RetryableError(`injected partial: ${sink.name} took a part of the batch`) };
}

const sliceOf = (sink: Sink, { runId, dataType, sliceOrdinal }: SliceAddress): string => [sink.name, runId, dataType, sliceOrdinal].join('/');
const placeOf = (sink: Sink, batch: Batch): string => `${sliceOf(sink, batch)}/${batch.part}`;
