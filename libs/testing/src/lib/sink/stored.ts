import { createMeter, silentLogger } from '@loadin/observability';
import { LoadinError, type Ack, type Batch, type BatchRecord, type JsonObject, type Sink, type SinkOptions } from '@loadin/pipeline';
import { expectSame, expectThat } from '../check.js';
import type { StoredRecord } from './sink-under-test.js';

export function options(signal: AbortSignal = new AbortController().signal): SinkOptions & { meter: ReturnType<typeof createMeter> } {
  return { signal, meter: createMeter(), logger: silentLogger };
}

/** These records lie there, each complete, and no other. */
export function expectStored(
  stored: readonly StoredRecord[],
  records: readonly Pick<BatchRecord, 'id' | 'json'>[],
  once: 'exactly' | 'at-least',
): void {
  const found = new Map<string, StoredRecord[]>();
  for (const one of stored) found.set(one.id, [...(found.get(one.id) ?? []), one]);
  expectSame('ids that are stored', [...found.keys()].sort(), records.map((record) => record.id).sort());
  for (const { id, json } of records) {
    const copies = found.get(id) ?? [];
    if (once === 'exactly') expectSame(`copies of ${id}`, copies.length, 1);
    const value = JSON.parse(json) as JsonObject;
    for (const copy of copies) expectSame(`record ${id}`, pick(copy.record, Object.keys(value)), value);
    for (const copy of copies) expectSame(`a second copy of ${id}`, copy.record, copies[0]?.record);
  }
}

export const statuses = (acks: readonly Ack[]): string[] => acks.map(({ status }) => status);

export const allDelivered = (batch: Pick<Batch, 'records'>): Ack[] => batch.records.map(() => ({ status: 'delivered' }));

/** What an attempt left to do: records that were not taken, by index, and why. */
export interface Attempted {
  readonly delivered: readonly BatchRecord[];
  readonly pending: readonly BatchRecord[];
  readonly error: LoadinError | undefined;
}

/** A write that may fail, as the pipeline takes it: an error means that nothing was acknowledged, and it must be one of Loadin's. */
export async function attempt(sink: Sink, batch: Batch, signal?: AbortSignal): Promise<Attempted> {
  const outcome = await sink.write(batch, options(signal)).catch((error: unknown) => ({ thrown: error }));
  if ('thrown' in outcome) {
    const { thrown } = outcome;
    expectThat(thrown instanceof LoadinError, `a failed write must throw an error of Loadin, found ${String(thrown)}`);
    const error = thrown as LoadinError;
    expectThat(!error.message.includes('\n'), `the message of a failed write must be one line, found ${JSON.stringify(error.message)}`);
    return { delivered: [], pending: batch.records, error };
  }
  const { acks, error } = outcome;
  expectSame('number of acks', acks.length, batch.records.length);
  const of = (status: Ack['status']): BatchRecord[] => batch.records.filter((_, index) => acks[index]?.status === status);
  const pending = of('pending');
  expectSame('an error is given exactly when records are pending', error !== undefined, pending.length > 0);
  return { delivered: of('delivered'), pending, error };
}

function pick(record: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.filter((name) => Object.hasOwn(record, name)).map((name) => [name, record[name] ?? null]));
}
