import { recordHash, type Batch, type BatchRecord, type Replacing, type SliceAddress } from '@loadin/pipeline';
import { expectSame, expectThat, failureOf, type Check } from './check.js';
import { batchOf, recordsOf } from './factories.js';
import { expectStored, options } from './sink/stored.js';
import type { SinkUnderTest } from './sink/sink-under-test.js';

/** What a Sink with `replacing` must do in a replay. `makeSink` gives a sink with an empty target for each check. */
export function replacingChecks(makeSink: () => Promise<SinkUnderTest>): Check[] {
  const check = (name: string, body: (under: SinkUnderTest & { readonly replacing: Replacing }) => Promise<void>): Check => ({
    name,
    run: async () => {
      const under = await makeSink();
      const { replacing } = under.sink;
      if (replacing === undefined) throw new Error('the sink has no `replacing`');
      try {
        await body({ ...under, replacing });
      } finally {
        await under.sink.close?.();
      }
    },
  });
  return [
    check('knows the parts of a slice, and those of no other', async ({ sink, replacing }) => {
      for (const [sliceOrdinal, part] of [
        [0, 0],
        [0, 1],
        [0, 12],
        [1, 0],
        [10, 3],
      ] as const)
        await sink.write(batchOf(recordsOf(1, part), { sliceOrdinal, part }), options());
      await sink.write(batchOf(recordsOf(1), { second: '2024-11-08T12:00:01Z', runId: 'another', part: 5 }), options());
      const partsOf = (sliceOrdinal: number) => replacing.parts(addressOf(batchOf([], { sliceOrdinal })), options());
      expectSame('parts of slice 0', await partsOf(0), [0, 1, 12]);
      expectSame('parts of slice 1', await partsOf(1), [0]);
      expectSame('parts of slice 10', await partsOf(10), [3]);
      expectSame('parts of slice 2', await partsOf(2), []);
    }),
    check('tells what is missing, identical or different, and with which hashes', async ({ sink, replacing }) => {
      const batch = hashed(recordsOf(3));
      expectSame('nothing there', (await replacing.compare(batch, options())).state, 'missing');
      const { objects } = await sink.write(batch, options());
      const same = await replacing.compare(batch, options());
      expectSame('the same there', same.state, 'identical');
      expectSame('checksum', same.checksum, objects[0]?.checksum);
      const other = await replacing.compare(hashed(recordsOf(2, 1)), options());
      expectSame('other records there', other.state, 'different');
      expectThat(other.revision !== null && other.revision === same.revision, 'the revision is of what is there');
      expectSame(
        'hashes',
        other.hashes,
        batch.records.map(({ hash }) => hash),
      );
    }),
    check('replaces what was compared, and leaves it alone the second time', async ({ sink, replacing, readBack }) => {
      await sink.write(hashed(recordsOf(3)), options());
      const next = hashed(recordsOf(4, 2));
      const standing = await replacing.compare(next, options());
      const { acks, objects } = await replacing.replace(next, standing, options());
      expectSame('acks', acks.length, 4);
      expectSame('replaced', objects[0]?.replaced, standing.revision);
      expectStored(await readBack(), next.records, 'exactly');
      const again = await replacing.replace(next, standing, options());
      expectSame('existed', again.objects[0]?.existed, true);
      expectSame('races of a repetition', again.objects[0]?.races ?? 0, 0);
      expectStored(await readBack(), next.records, 'exactly');
    }),
    check('rebuilds what is missing', async ({ replacing, readBack }) => {
      const batch = hashed(recordsOf(2));
      const { objects } = await replacing.replace(batch, await replacing.compare(batch, options()), options());
      expectSame('existed', objects[0]?.existed, false);
      expectStored(await readBack(), batch.records, 'exactly');
    }),
    check('compares anew and says so when somebody else wrote in between', async ({ sink, replacing, readBack }) => {
      await sink.write(hashed(recordsOf(3)), options());
      const [mine, theirs] = [hashed(recordsOf(2, 10)), hashed(recordsOf(2, 20))];
      const standing = await replacing.compare(mine, options());
      await replacing.replace(theirs, await replacing.compare(theirs, options()), options());
      const { objects } = await replacing.replace(mine, standing, options());
      expectSame('races', objects[0]?.races, 1);
      expectStored(await readBack(), mine.records, 'exactly');
    }),
    check(
      'takes the records out of a part that is needed no more, and makes no empty one where nothing is',
      async ({ sink, replacing, readBack }) => {
        await sink.write(hashed(recordsOf(3), { part: 1 }), options());
        for (const part of [1, 2]) {
          const empty = batchOf([], { part });
          await replacing.replace(empty, await replacing.compare(empty, options()), options());
        }
        expectSame('stored records', await readBack(), []);
        expectSame('parts', await replacing.parts(addressOf(batchOf([])), options()), [1]);
      },
    ),
    check('replaces nothing once it is cancelled', async ({ sink, replacing, readBack }) => {
      const before = hashed(recordsOf(3));
      await sink.write(before, options());
      const next = hashed(recordsOf(1));
      const standing = await replacing.compare(next, options());
      await failureOf('a replacement with an aborted signal', () =>
        replacing.replace(next, standing, options(AbortSignal.abort(new Error('cancelled by the kit')))),
      );
      expectStored(await readBack(), before.records, 'exactly');
    }),
  ];
}

/** With the canonical hashes of the lake, by which records are compared. */
const hashed = (records: readonly BatchRecord[], fields: Partial<Omit<Batch, 'records'>> = {}): Batch =>
  batchOf(
    records.map((record) => ({ ...record, hash: recordHash(record.value) })),
    fields,
  );

const addressOf = ({ runId, ingestionId, source, dataType, sliceOrdinal, second }: Batch): SliceAddress => ({
  runId,
  ingestionId,
  source,
  dataType,
  sliceOrdinal,
  second,
});
