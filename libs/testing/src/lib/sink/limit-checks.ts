import { LoadinError, type Batch } from '@loadin/pipeline';
import { expectSame, expectThat, type Check } from '../check.js';
import { batchOf, recordOf, recordsOf, versionsOf } from '../factories.js';
import { allDelivered, attempt, expectStored, options, statuses } from './stored.js';
import type { SinkCheckBody, SinkSettings } from './sink-under-test.js';

/** Limits, order, and what a sink leaves alone. */
export function limitChecks(check: (name: string, body: SinkCheckBody) => Check, settings: SinkSettings): Check[] {
  const { once, ordered, oversizeBytes } = settings;
  return [
    check('takes a batch above its limits as a whole or not at all', async ({ sink, readBack }) => {
      const batch = batchOf(recordsOf(sink.limits.maxRecords + 1));
      const { delivered, error } = await attempt(sink, batch);
      if (error !== undefined) expectThat(error instanceof LoadinError, 'it must refuse with an error of Loadin');
      expectSame('number of acks', delivered.length, error === undefined ? batch.records.length : 0);
      expectStored(await readBack(), delivered, once);
    }),
    check('leaves the batch that it is given as it was', async ({ sink }) => {
      const batch = frozen(batchOf(recordsOf(5)));
      const before = JSON.stringify(batch);
      expectSame('acks', (await sink.write(batch, options())).acks, allDelivered(batch));
      expectSame('the batch', JSON.stringify(batch), before);
    }),
    check('keeps runs, kinds of data, slices and parts apart', async ({ sink, readBack }) => {
      const fields: Partial<Batch>[] = [
        {},
        { second: '2024-11-08T12:00:01Z', runId: 'another' },
        { dataType: 'venues' },
        { sliceOrdinal: 7 },
        { part: 3 },
      ];
      const batches = fields.map((field, index) => batchOf(recordsOf(4, index * 4), field));
      for (const batch of batches) expectSame('acks', (await sink.write(batch, options())).acks, allDelivered(batch));
      expectStored(
        await readBack(),
        batches.flatMap(({ records }) => records),
        once,
      );
    }),
    ...(ordered
      ? [
          check('stores the records of one id in their order', async ({ sink, readBack }) => {
            const ids = ['kit_a', 'kit_b', 'kit_c'];
            const records = [0, 1, 2, 3].flatMap((version) => ids.map((id) => versionsOf(id, 4)[version] ?? recordOf(id)));
            const batch = batchOf(records);
            expectSame('acks', (await sink.write(batch, options())).acks, allDelivered(batch));
            const stored = await readBack();
            for (const id of ids) {
              const versions = stored.filter((one) => one.id === id).map(({ record }) => record['version']);
              expectSame(`versions of ${id}`, [...new Set(versions)], [0, 1, 2, 3]);
            }
          }),
        ]
      : []),
    ...(oversizeBytes === undefined
      ? []
      : [
          check('answers for a record that is too large, alone and with the reason, and delivers the others', async ({ sink, readBack }) => {
            const [first, second, third] = recordsOf(3);
            const huge = recordOf('kit_huge', { artist_id: 'kit_huge', text: 'x'.repeat(oversizeBytes) });
            const fine = [first, second, third].flatMap((one) => one ?? []);
            const batch = batchOf([...fine.slice(0, 1), huge, ...fine.slice(1)]);
            const { acks } = await sink.write(batch, options());
            expectSame('acks', statuses(acks), ['delivered', 'undeliverable', 'delivered', 'delivered']);
            const [, ack] = acks;
            expectThat(ack?.status === 'undeliverable' && ack.reason !== '' && ack.errorClass !== '', 'it must say why, with a class of the error');
            expectStored(await readBack(), fine, once);
          }),
        ]),
  ];
}

/** With everything in it: who changes it fails. */
function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}
