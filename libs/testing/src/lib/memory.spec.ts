import { createMeter, silentLogger } from '@loadin/observability';
import { RetryableError, type JsonObject, type Sink, type SinkOptions } from '@loadin/pipeline';
import { batchOf, recordsOf } from './factories.js';
import { createMemoryObjectStore } from './memory-object-store.js';
import { createMemorySink } from './memory-sink.js';
import { createMemoryStateStore } from './memory-state-store.js';
import { objectStoreChecks } from './object-store-checks.js';
import { replacingChecks } from './replacing-checks.js';
import { sinkChecks, type StoredRecord } from './sink-checks.js';
import { stateStoreChecks } from './state-store-checks.js';

const options = (): SinkOptions => ({ signal: new AbortController().signal, meter: createMeter(), logger: silentLogger });

describe('createMemoryStateStore', () => {
  const shared = createMemoryStateStore();
  it.each(stateStoreChecks(() => shared))('$name', ({ run }) => run());

  it('can lose the answer to a put that was carried out', async () => {
    const lost = new RetryableError('lost');
    const store = createMemoryStateStore({
      fail: (operation, _key, call) => (operation === 'put' && call === 1 ? { error: lost, when: 'after' } : undefined),
    });
    await expect(store.put('a', { n: 1 }, null)).rejects.toBe(lost);
    expect((await store.get('a'))?.value).toEqual({ n: 1 });
    expect(store.history).toHaveLength(1);
  });
});

describe('createMemoryObjectStore', () => {
  const shared = createMemoryObjectStore();
  it.each(objectStoreChecks(() => shared))('$name', ({ run }) => run());

  it('can fail before it writes', async () => {
    const store = createMemoryObjectStore({ fail: (_operation, key) => (key === 'bad' ? { error: new Error('full'), when: 'before' } : undefined) });
    await expect(store.put('bad', Buffer.from('x'))).rejects.toThrow('full');
    await store.put('good', Buffer.from('x'));
    expect([...store.objects.keys()]).toEqual(['good']);
    expect(store.text('good')).toBe('x');
  });
});

describe('createMemorySink', () => {
  it.each(
    sinkChecks(async () => {
      const sink = createMemorySink();
      return { sink, readBack: async () => sink.records.map((record): StoredRecord => ({ id: record.id, record: record.value })) };
    }),
  )('$name', ({ run }) => run());

  it.each(
    replacingChecks(async () => {
      const sink = createMemorySink({ replaceable: true });
      return { sink, readBack: async () => sink.records.map((record): StoredRecord => ({ id: record.id, record: record.value })) };
    }),
  )('replaceable: $name', ({ run }) => run());

  it('answers for a refused record and does not store it', async () => {
    const sink = createMemorySink({ refuse: (record) => (record.id === 'spotify_1' ? 'not today' : undefined) });
    const { acks } = await sink.write(batchOf(recordsOf(3)), options());
    expect(acks).toEqual([{ status: 'delivered' }, { status: 'undeliverable', reason: 'not today', errorClass: 'Refused' }, { status: 'delivered' }]);
    expect(sink.records.map((record) => record.id)).toEqual(['spotify_0', 'spotify_2']);
  });

  it('refuses another batch in the place of one that it holds', async () => {
    const sink = createMemorySink();
    await sink.write(batchOf(recordsOf(3)), options());
    await expect(sink.write(batchOf(recordsOf(2)), options())).rejects.toThrow('Another batch');
  });
});

describe('sinkChecks', () => {
  const wrong = (change: (sink: Sink, stored: StoredRecord[]) => Sink['write']) => async () => {
    const stored: StoredRecord[] = [];
    const sink: Sink = { name: 'wrong', limits: { maxRecords: 100, maxBytes: 1_000_000 }, write: () => Promise.reject(new Error('not yet')) };
    return { sink: { ...sink, write: change(sink, stored) }, readBack: async () => [...stored] };
  };
  const store = (stored: StoredRecord[], records: readonly { id: string; value: JsonObject }[]): void => {
    stored.push(...records.map(({ id, value }) => ({ id, record: value })));
  };
  const failing = async (makeSink: Parameters<typeof sinkChecks>[0]): Promise<string[]> => {
    const names: string[] = [];
    for (const { name, run } of sinkChecks(makeSink)) await run().catch(() => names.push(name));
    return names;
  };

  it('catches a sink that acknowledges before it writes', async () => {
    const early = wrong((_sink, stored) => async (batch) => {
      setTimeout(() => store(stored, batch.records), 1).unref();
      return { acks: batch.records.map(() => ({ status: 'delivered' as const })), objects: [] };
    });
    expect(await failing(early)).toContain('answers for every record, by index, once it is stored');
  });

  it('catches a sink that stores a repeated batch twice, or ignores cancellation', async () => {
    const careless = wrong((_sink, stored) => async (batch, { meter }) => {
      store(stored, batch.records);
      meter.add('requests', 1);
      meter.add('bytes_written', 1);
      return { acks: batch.records.map(() => ({ status: 'delivered' as const })), objects: [] };
    });
    expect(await failing(careless)).toEqual(['gives the same result when a batch is written again', 'writes nothing once it is cancelled']);
  });
});
