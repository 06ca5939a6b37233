import { RetryableError, type Ack, type Batch, type BatchRecord, type Sink, type SinkOptions, type WriteResult } from '@loadin/pipeline';
import type { SinkUnderTest, StoredRecord, TargetFault } from './sink-under-test.js';

/** A store of rows that is asked in requests and can misbehave; rows have names, under which they are stored once. */
export function createKitTarget() {
  const rows = new Map<string, StoredRecord>();
  let fault: TargetFault | 'none' = 'none';
  let left = 0;
  const put = (names: readonly string[], records: readonly BatchRecord[]): void =>
    records.forEach(({ id, value }, index) => rows.set(names[index] ?? '', { id, record: value }));
  return {
    rows,
    tell(next: TargetFault | 'none'): void {
      fault = next;
      left = next === 'throttle' ? 2 : next === 'lost-answer' ? 1 : Infinity;
    },
    /** Answers which were stored. */
    async request(names: readonly string[], records: readonly BatchRecord[], signal: AbortSignal): Promise<readonly boolean[]> {
      await new Promise<void>((resolve) => setImmediate(resolve));
      const hit = left > 0 ? fault : 'none';
      left -= 1;
      if (hit === 'hang') await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      if (hit === 'error' || hit === 'throttle') throw new RetryableError(hit === 'throttle' ? 'slow down' : 'out of order');
      const taken = records.map((_, index) => hit !== 'partial' || index % 3 !== 1);
      put(
        names.filter((_, index) => taken[index]),
        records.filter((_, index) => taken[index]),
      );
      if (hit === 'lost-answer') throw new RetryableError('no answer');
      return taken;
    },
  };
}
export type KitTarget = ReturnType<typeof createKitTarget>;

export const LARGEST = 100_000;

/** A sink that keeps the promises: three requests for a batch at most, the first for all that fits, each for what is left. */
export function createKitSink(target: KitTarget): Sink {
  return {
    name: 'kit',
    limits: { maxRecords: 100, maxBytes: 1_000_000 },
    async write(batch: Batch, { signal, meter }: SinkOptions): Promise<WriteResult> {
      signal.throwIfAborted();
      const acks = batch.records.map((record): Ack | undefined =>
        record.json.length > LARGEST ? { status: 'undeliverable', reason: 'it is too large', errorClass: 'TooLarge' } : undefined,
      );
      let error: RetryableError | undefined;
      for (let tries = 0; tries < 3; tries += 1) {
        const open = batch.records.flatMap((record, index) => (acks[index] === undefined ? [{ record, index }] : []));
        if (open.length === 0) return { acks: acks.flatMap((ack) => ack ?? []), objects: [] };
        meter.add('requests', 1);
        if (tries > 0) meter.add('retries', 1);
        meter.add('bytes_written', open.length);
        try {
          const names = open.map(({ index }) => nameOf(batch, index));
          const taken = await target.request(
            names,
            open.map(({ record }) => record),
            signal,
          );
          open.forEach(({ index }, position) => taken[position] === true && (acks[index] = { status: 'delivered' }));
          error = new RetryableError('the target refused a part');
        } catch (thrown) {
          if (!(thrown instanceof RetryableError)) throw thrown;
          error = thrown;
        }
      }
      const all = acks.map((ack): Ack => ack ?? { status: 'pending' });
      if (!all.some(({ status }) => status === 'delivered')) throw error ?? new RetryableError('nothing was taken');
      return { acks: all, objects: [], ...(all.some(({ status }) => status === 'pending') && { error }) };
    },
  };
}

/** By content and place: what is left of a batch has the same names as in the batch. */
const nameOf = ({ runId, dataType, second, sliceOrdinal, part, records }: Batch, index: number): string =>
  [runId, dataType, second, sliceOrdinal, part, records[index]?.id, records[index]?.hash].join('/');

/** Everything that the kit can use. `change` makes a wrong sink of the right one. */
export function underTest(change: (sink: Sink, target: KitTarget) => Partial<Sink> = () => ({})): () => Promise<SinkUnderTest> {
  return async () => {
    const target = createKitTarget();
    const make = (): Sink => {
      const sink = createKitSink(target);
      return { ...sink, ...change(sink, target) };
    };
    return { sink: make(), another: make, target: target.tell, readBack: async () => [...target.rows.values()] };
  };
}
