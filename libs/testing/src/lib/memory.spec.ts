import { createMeter, silentLogger } from '@loadin/observability';
import { RetryableError, type SinkOptions } from '@loadin/pipeline';
import { batchOf, recordsOf } from './factories.js';
import { createMemoryObjectStore } from './memory-object-store.js';
import { createMemorySink } from './memory-sink.js';
import { createMemoryStateStore } from './memory-state-store.js';
import { objectStoreChecks } from './object-store-checks.js';
import { replacingChecks } from './replacing-checks.js';
import { sinkChecks } from './sink-checks.js';
import type { StoredRecord } from './sink/sink-under-test.js';
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
