import { createMeter, silentLogger } from '@loadin/observability';
import type { Sink } from '@loadin/pipeline';
import { readmeDifferences } from '@loadin/specs/readme';
import { batchOf, createManualClock, createMemoryStateStore, createRandom, recordsOf, sinkChecks, type StoredRecord } from './index.js';

describe('the example of the README', () => {
  it('works as printed', async () => {
    const lines: unknown[] = [];
    const console = { log: (...values: unknown[]) => lines.push(...values) };

    // example
    const makeSink = async () => {
      const stored = new Map<string, StoredRecord>();
      const sink: Sink = {
        name: 'mine',
        limits: { maxRecords: 1_000, maxBytes: 1_000_000 },
        async write({ records }, { signal, meter }) {
          signal.throwIfAborted();
          for (const { id, value } of records) stored.set(id, { id, record: value });
          meter.add('requests', 1);
          meter.add('bytes_written', records.length);
          return { acks: records.map(() => ({ status: 'delivered' })), objects: [] };
        },
      };
      return { sink, readBack: async () => [...stored.values()] };
    };
    for (const { run } of sinkChecks(makeSink)) await run(); // or in Jest: it.each(sinkChecks(makeSink))('$name', ({ run }) => run());

    const clock = createManualClock(Date.UTC(2024, 10, 8, 12));
    await clock.sleep(86_400_000); // returns at once, a day later
    console.log(new Date(clock.now()).toISOString(), createRandom(1)() === createRandom(1)());
    // end

    expect(lines).toEqual(['2024-11-09T12:00:00.000Z', true]);
    const { sink } = await makeSink();
    const options = { signal: new AbortController().signal, meter: createMeter(), logger: silentLogger };
    expect((await sink.write(batchOf(recordsOf(2)), options)).acks).toHaveLength(2);
    expect(await createMemoryStateStore().get('nothing')).toBeUndefined();
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
