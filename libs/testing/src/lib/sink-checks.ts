import { expectSame, expectThat, failureOf, type Check } from './check.js';
import { batchOf, recordOf, recordsOf } from './factories.js';
import { faultChecks } from './sink/fault-checks.js';
import { lifeChecks } from './sink/life-checks.js';
import { limitChecks } from './sink/limit-checks.js';
import type { MakeSink, SinkCheckBody, SinkChecksOptions, SinkSettings } from './sink/sink-under-test.js';
import { expectStored, options } from './sink/stored.js';

/** What every Sink must do. `makeSink` gives a sink with an empty target for each check; run each check as a test of your runner. */
export function sinkChecks(makeSink: MakeSink, checksOptions: SinkChecksOptions = {}): Check[] {
  const { once = 'exactly', faults = [], oversizeBytes, ordered = false, promptMs = 2_000 } = checksOptions;
  const settings = { once, faults, oversizeBytes, ordered, promptMs };
  const check = (name: string, body: SinkCheckBody): Check => ({
    name,
    run: async () => {
      const under = await makeSink();
      try {
        await body(under);
      } finally {
        await under.sink.close?.();
      }
    },
  });
  return [...writeChecks(check, settings), ...limitChecks(check, settings), ...lifeChecks(check, settings), ...faultChecks(check, settings)];
}

/** What a write does when nothing is in the way. */
function writeChecks(check: (name: string, body: SinkCheckBody) => Check, { once }: SinkSettings): Check[] {
  return [
    check('answers for every record, by index, once it is stored', async ({ sink, readBack }) => {
      const batch = batchOf(recordsOf(25));
      const { acks } = await sink.write(batch, options());
      const stored = await readBack(); // before anything else: an ack means durable
      expectSame(
        'acks',
        acks,
        batch.records.map(() => ({ status: 'delivered' })),
      );
      expectStored(stored, batch.records, 'exactly');
    }),
    check('keeps every character and every null', async ({ sink, readBack }) => {
      const record = recordOf('kit_ü-1', {
        artist_id: 'kit_ü-1',
        name: 'Beyoncé 🎤 "quoted" \\ \n\u2028',
        followers: null,
        tags: [],
        nested: { a: [null, 0.1, -0, 1e21] },
        empty: '',
      });
      await sink.write(batchOf([record]), options());
      expectStored(await readBack(), [record], 'exactly');
    }),
    check('takes a batch as large as its limit of records', async ({ sink, readBack }) => {
      const batch = batchOf(recordsOf(sink.limits.maxRecords));
      const { acks } = await sink.write(batch, options());
      expectSame('number of acks', acks.length, batch.records.length);
      expectThat(
        acks.every((ack) => ack.status === 'delivered'),
        'every record must be delivered',
      );
      expectStored(await readBack(), batch.records, once);
    }),
    check('takes a batch without records', async ({ sink, readBack }) => {
      expectSame('acks', (await sink.write(batchOf([], { rejected: 3 }), options())).acks, []);
      expectSame('stored records', await readBack(), []);
    }),
    check('gives the same result when a batch is written again', async ({ sink, readBack }) => {
      const batch = batchOf(recordsOf(10));
      const first = await sink.write(batch, options());
      const second = await sink.write(structuredClone(batch), options());
      expectSame('acks of the second write', second.acks, first.acks);
      expectSame(
        'objects of the second write',
        second.objects.map((object) => object.uri),
        first.objects.map((object) => object.uri),
      );
      expectStored(await readBack(), batch.records, once);
    }),
    check('keeps concurrent batches apart', async ({ sink, readBack }) => {
      const batches = Array.from({ length: 6 }, (_, part) =>
        batchOf(recordsOf(20, part * 20), { sliceOrdinal: part % 2, part: Math.floor(part / 2) }),
      );
      const results = await Promise.all(batches.map((batch) => sink.write(batch, options())));
      expectSame(
        'number of acks',
        results.map(({ acks }) => acks.length),
        batches.map(() => 20),
      );
      expectStored(
        await readBack(),
        batches.flatMap((batch) => batch.records),
        once,
      );
    }),
    check('writes nothing once it is cancelled', async ({ sink, readBack }) => {
      const reason = new Error('cancelled by the kit');
      await failureOf('a write with an aborted signal', () => sink.write(batchOf(recordsOf(3)), options(AbortSignal.abort(reason))));
      expectSame('stored records', await readBack(), []);
    }),
    check('counts its requests and bytes', async ({ sink }) => {
      const counted = options();
      await sink.write(batchOf(recordsOf(3)), counted);
      const { requests, bytes_written: bytes } = counted.meter.totals;
      expectThat(requests >= 1 && bytes > 0, `the meter must show requests and bytes_written; it shows ${requests} and ${bytes}`);
    }),
  ];
}
