import { runJob, type Json, type JsonObject, type Batch, type RunReport, type Sink, type Transform } from '@loadin/pipeline';
import { createHostileStream, type HostileStreamOptions } from '../hostile/hostile-stream.js';
import { createManualClock } from '../manual-clock.js';
import { createMemoryObjectStore } from '../memory-object-store.js';
import { createMemorySink } from '../memory-sink.js';
import { createMemoryStateStore } from '../memory-state-store.js';
import type { FaultOptions } from './fault-options.js';
import { createFaults, type Faults } from './faults.js';
import { underSeeds } from './under-seeds.js';
import { withFaults } from './with-faults.js';

const { key: keyOf } = createHostileStream();
const toThing: Transform = (raw: Json) => {
  const key = keyOf(raw);
  return key === undefined
    ? { ok: false, reasons: [{ path: 'id', message: 'is missing' }] }
    : { ok: true, id: `hostile_${key}`, record: { thing: raw } };
};

/** What outlives a process, and processes that try to finish one run. */
function createPlace(options: HostileStreamOptions, instead?: Sink) {
  const [lake, state, clock] = [createMemoryObjectStore(), createMemoryStateStore(), createManualClock(Date.parse('2024-11-08T02:00:05Z'))];
  const sinks = [createMemorySink({ name: 'files', limits: { maxRecords: 25, maxBytes: 100_000 } }), createMemorySink({ name: 'others' })];
  const process = (faults: Faults, changes: HostileStreamOptions = {}): Promise<RunReport> =>
    runJob({
      job: {
        name: 'hostile',
        streams: [
          {
            stream: withFaults(createHostileStream({ ...options, ...changes }), faults),
            transform: toThing,
            sinks: (instead === undefined ? sinks : [instead]).map((sink) => withFaults(sink, faults)),
            schemaVersion: '1',
            maxRejected: 1,
          },
        ],
      },
      lake: withFaults(lake, faults),
      state: withFaults(state, faults),
      clock,
      at: '2024-11-08T02:00:00Z',
    });
  return { lake, state, clock, sinks, process };
}

/** A stream: what it is sent is appended, whatever lies there. */
const appendingTo = (log: string[]): Sink => ({
  name: 'stream',
  limits: { maxRecords: 40, maxBytes: 100_000 },
  async write({ records }: Batch) {
    log.push(...records.map(({ id }) => id));
    return { acks: records.map(() => ({ status: 'delivered' })), objects: [] };
  },
});

type Place = ReturnType<typeof createPlace>;
const small: HostileStreamOptions = { seed: 4, slices: 2, pages: 5, largestPage: 60 };

const delivered = ({ sinks }: Place): string[][] => sinks.map((sink) => sink.records.map(({ id }) => id.slice('hostile_'.length)).sort());

/** Everything delivered once, and a ledger that balances. */
function expectWhole(place: Place, report: RunReport, options: HostileStreamOptions): void {
  const { keys, keyless } = createHostileStream(options);
  expect(report.status).toBe('complete');
  expect(delivered(place)).toEqual([keys, keys]);
  expect(lettersIn(place)).toBe(keyless);
  const [stream] = report.streams;
  const { read = 0, accepted = 0, rejected = 0, deduplicated = 0 } = stream?.ledger ?? {};
  expect([accepted, rejected, read - accepted - rejected - deduplicated]).toEqual([keys.length, keyless, 0]);
}

/** Dead letters, by the lines of their objects. */
const lettersIn = ({ lake }: Place): number =>
  [...lake.objects.keys()]
    .filter((key) => key.startsWith('dead-letters/'))
    .reduce((sum, key) => sum + lake.text(key).trimEnd().split('\n').length, 0);

const contents = ({ lake, sinks }: Place): JsonObject => ({
  landing: [...lake.objects.keys()].filter((key) => key.startsWith('landing/')).sort(),
  sinks: sinks.map((sink) => sink.batches.map(({ sliceOrdinal, part, records }) => [sliceOrdinal, part, records.map(({ json }) => json)])),
});

describe('a run over the hostile stream', () => {
  it('delivers every key once and rejects every record without one', async () => {
    const place = createPlace(small);
    expectWhole(place, await place.process(createFaults({ seed: 1 })), small);
  });

  it('is the same in the end wherever the process before it ended', async () => {
    const undisturbed = createPlace(small);
    const faults = createFaults({ seed: 1 });
    await undisturbed.process(faults);
    for (let crashAt = 1; crashAt <= faults.calls; crashAt += 1) {
      const place = createPlace(small);
      const dying = createFaults({ seed: 1, crashAt });
      await place.process(dying).catch(() => undefined);
      expect([crashAt, dying.crashed]).toEqual([crashAt, true]);
      expectWhole(place, await place.process(createFaults({ seed: 1 })), small);
      expect(contents(place).sinks).toEqual(contents(undisturbed).sinks);
    }
  });

  it.each(['sink.write', 'state.put', 'objects.put', 'objects.putIfAbsent'] as const)(
    'is the same when the process ends after the effect of any %s, and the source has changed since',
    async (step) => {
      const counted = createFaults({ seed: 1 });
      const steps: string[] = [];
      const counting: Faults = { ...counted, around: (call) => (steps.push(call.step), counted.around(call)) };
      await createPlace(small).process(counting);
      const calls = steps.filter((each) => each === step).length;
      for (let call = 1; call <= calls; call += 1) {
        const place = createPlace({ ...small, changing: true });
        await place.process(createFaults({ seed: 1, crashAt: { step, call, when: 'after' } })).catch(() => undefined);
        expectWhole(place, await place.process(createFaults({ seed: 1 })), small);
      }
    },
  );

  it('gets through storms: errors, lost answers, throttling, delays and crashes at once', async () => {
    await underSeeds({ count: 25 }, async ({ seed, faults }) => {
      const place = createPlace({ ...small, seed });
      const rates = { error: 0.03, 'lost-answer': 0.03, throttle: 0.02, crash: 0.02, delay: 0.1 };
      let report: RunReport | undefined;
      for (let tries = 0; tries < 60 && report?.status !== 'complete'; tries += 1) {
        const process = faults(tries < 50 ? { rates, clock: place.clock } : {});
        report = await place.process(process).catch(() => undefined);
      }
      if (report === undefined) throw new Error('it never ended');
      expectWhole(place, report, { ...small, seed });
    });
  });

  it('gets through storms with two processes at once, over a source that changes', async () => {
    await underSeeds({ count: 10 }, async ({ seed, faults }) => {
      const options = { ...small, seed, changing: true };
      const place = createPlace(options);
      const rates = { error: 0.02, 'lost-answer': 0.02, crash: 0.02, delay: 0.2 };
      for (let tries = 0; tries < 15; tries += 1) {
        const both = [1, 2].map(() => place.process(faults({ rates, clock: place.clock })).catch(() => undefined));
        await Promise.all(both);
      }
      expectWhole(place, await place.process(faults()), options);
    });
  });

  it('sends a stream that takes parts each record once while no answer is lost', async () => {
    await underSeeds({ count: 25 }, async ({ seed, faults }) => {
      const log: string[] = [];
      const place = createPlace({ ...small, seed }, appendingTo(log));
      const parts: FaultOptions['rates'] = { partial: 0.5, error: 0.1, throttle: 0.1 };
      let status: string | undefined;
      for (let tries = 0; tries < 60 && status !== 'complete'; tries += 1) {
        status = (await place.process(faults(tries < 50 ? { rates: parts, steps: ['stream.page', 'sink.write'], most: 3 } : {}))).status;
      }
      const { keys } = createHostileStream({ ...small, seed });
      expect(log.map((id) => id.slice('hostile_'.length)).sort()).toEqual(keys);
    });
  });

  it('goes on after an error at any place of the source', async () => {
    const { places } = createHostileStream(small);
    for (let failAt = 1; failAt <= places; failAt += 1) {
      const place = createPlace(small);
      const first = await place.process(createFaults({ seed: 1 }), { failAt });
      expect([failAt, first.status === 'complete']).toEqual([failAt, false]);
      expectWhole(place, await place.process(createFaults({ seed: 1 })), small);
    }
  });
});
