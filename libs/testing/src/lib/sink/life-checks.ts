import { expectSame, expectThat, type Check } from '../check.js';
import { batchOf, recordsOf } from '../factories.js';
import { allDelivered, attempt, expectStored, options } from './stored.js';
import type { SinkCheckBody, SinkSettings } from './sink-under-test.js';

/** Other processes, cancellation, and the end of a sink. */
export function lifeChecks(check: (name: string, body: SinkCheckBody) => Check, { once }: SinkSettings): Check[] {
  return [
    check('needs nothing of its earlier life: another process writes the same batch with the same result', async ({ sink, readBack, another }) => {
      const batch = batchOf(recordsOf(6));
      const first = await sink.write(batch, options());
      const other = (await another?.()) ?? sink;
      const again = await other.write(structuredClone(batch), options());
      expectSame('acks of the other process', again.acks, first.acks);
      if (other !== sink) await other.close?.();
      expectStored(await readBack(), batch.records, once);
    }),
    check('lets one of two batches be cancelled, and delivers the other', async ({ sink, readBack }) => {
      const [stays, goes] = [batchOf(recordsOf(5)), batchOf(recordsOf(5, 5), { part: 1 })];
      const controller = new AbortController();
      const writes = [sink.write(stays, options()), sink.write(goes, options(controller.signal)).catch(() => undefined)] as const;
      controller.abort(new Error('cancelled by the kit'));
      expectSame('acks of the other', (await writes[0]).acks, allDelivered(stays));
      const cancelled = await writes[1];
      const ids = new Set((await readBack()).map(({ id }) => id));
      for (const { id } of stays.records) expectThat(ids.has(id), `${id} was acknowledged and is not stored`);
      cancelled?.acks.forEach((ack, index) => {
        const id = goes.records[index]?.id ?? '';
        expectThat(ack.status !== 'delivered' || ids.has(id), `${id} was acknowledged and is not stored`);
      });
    }),
    check('can be closed twice, and leaves what it acknowledged', async ({ sink, readBack }) => {
      const batch = batchOf(recordsOf(5));
      const { acks } = await sink.write(batch, options());
      await sink.close?.();
      await sink.close?.();
      expectSame('acks', acks, allDelivered(batch));
      expectStored(await readBack(), batch.records, 'exactly');
    }),
    check('can be closed unused', async ({ sink, readBack }) => {
      await sink.close?.();
      expectSame('stored records', await readBack(), []);
    }),
    check('says of a write while it is closed what became of it', async ({ sink, readBack }) => {
      const batch = batchOf(recordsOf(5));
      const writing = attempt(sink, batch);
      await sink.close?.();
      const { delivered } = await writing;
      const ids = new Set((await readBack()).map(({ id }) => id));
      for (const { id } of delivered) expectThat(ids.has(id), `${id} was acknowledged and is not stored`);
    }),
  ];
}
