import { expectSame, expectThat, type Check } from '../check.js';
import { batchOf, recordsOf } from '../factories.js';
import { promptly, someTurns } from '../waiting.js';
import { allDelivered, attempt, expectStored, options } from './stored.js';
import type { SinkCheckBody, SinkSettings, SinkUnderTest, TargetFault } from './sink-under-test.js';

type Make = (name: string, body: SinkCheckBody) => Check;

/** What a sink does when its target misbehaves: one group of checks for each fault that the target can be told. */
export function faultChecks(check: Make, settings: SinkSettings): Check[] {
  const groups: Record<TargetFault, () => Check[]> = {
    error: () => errorChecks(check, settings),
    'lost-answer': () => lostAnswerChecks(check, settings),
    throttle: () => throttleChecks(check, settings),
    hang: () => hangChecks(check, settings),
    partial: () => partialChecks(check),
  };
  return settings.faults.flatMap((fault) => groups[fault]());
}

function errorChecks(check: Make, { once }: SinkSettings): Check[] {
  return [
    check('acknowledges nothing while the target fails, says why, and delivers later', async (under) => {
      const batch = batchOf(recordsOf(12));
      await tell(under, 'error');
      const { delivered, error } = await attempt(under.sink, batch);
      expectSame('records that were acknowledged', delivered.length, 0);
      expectThat(error !== undefined, 'a write that took nothing must say why');
      expectSame('stored records', await under.readBack(), []);
      await tell(under, 'none');
      expectSame('acks', (await under.sink.write(batch, options())).acks, allDelivered(batch));
      expectStored(await under.readBack(), batch.records, once);
    }),
    check('goes on with other batches after one has failed', async (under) => {
      const [first, second] = [batchOf(recordsOf(3)), batchOf(recordsOf(3, 3), { part: 1 })];
      await tell(under, 'error');
      await attempt(under.sink, first);
      await tell(under, 'none');
      expectSame('acks', (await under.sink.write(second, options())).acks, allDelivered(second));
      expectStored(await under.readBack(), second.records, once);
    }),
  ];
}

function lostAnswerChecks(check: Make, { once }: SinkSettings): Check[] {
  return [
    check('loses nothing, and tells nothing wrong, when an answer is lost', async (under) => {
      const batch = batchOf(recordsOf(8));
      await tell(under, 'lost-answer');
      const first = await attempt(under.sink, batch);
      const stored = new Set((await under.readBack()).map(({ id }) => id));
      for (const { id } of first.delivered) expectThat(stored.has(id), `${id} was acknowledged and is not stored`);
      if (first.error !== undefined) expectSame('acks', (await under.sink.write(batch, options())).acks, allDelivered(batch));
      expectStored(await under.readBack(), batch.records, once);
    }),
  ];
}

function throttleChecks(check: Make, { once }: SinkSettings): Check[] {
  return [
    check('delivers a batch whose requests were throttled, and counts the repetitions', async (under) => {
      const batch = batchOf(recordsOf(8));
      await tell(under, 'throttle');
      const counted = options();
      expectSame('acks', (await under.sink.write(batch, counted)).acks, allDelivered(batch));
      expectThat(counted.meter.totals.retries > 0, `the meter must show retries; it shows ${counted.meter.totals.retries}`);
      expectStored(await under.readBack(), batch.records, once);
    }),
  ];
}

function hangChecks(check: Make, { once, promptMs }: SinkSettings): Check[] {
  return [
    check('acknowledges nothing while the target has not answered, however much waits', async (under) => {
      const batches = Array.from({ length: 12 }, (_, part) => batchOf(recordsOf(5, part * 5), { part }));
      const controller = new AbortController();
      await tell(under, 'hang');
      let settled = 0;
      const writes = batches.map((batch) =>
        attempt(under.sink, batch, controller.signal)
          .catch(() => undefined)
          .finally(() => (settled += 1)),
      );
      await someTurns();
      expectSame('writes that ended although nothing was stored', settled, 0);
      controller.abort(new Error('cancelled by the kit'));
      await promptly('The end of writes that were cancelled', Promise.all(writes), promptMs);
    }),
    check('ends promptly when it is cancelled under way, with an error, and delivers later', async (under) => {
      const batch = batchOf(recordsOf(4));
      const controller = new AbortController();
      await tell(under, 'hang');
      const writing = under.sink.write(batch, options(controller.signal)).then(
        () => 'acknowledged',
        () => 'failed',
      );
      await someTurns();
      controller.abort(new Error('cancelled by the kit'));
      expectSame('outcome', await promptly('The end of a write that was cancelled', writing, promptMs), 'failed');
      await tell(under, 'none');
      expectSame('acks', (await under.sink.write(batch, options())).acks, allDelivered(batch));
      expectStored(await under.readBack(), batch.records, once);
    }),
  ];
}

function partialChecks(check: Make): Check[] {
  return [
    check('answers by index when only a part is taken: what is delivered is stored, the rest is pending with the reason', async (under) => {
      const batch = batchOf(recordsOf(40));
      await tell(under, 'partial');
      const { delivered, pending, error } = await attempt(under.sink, batch);
      expectStored(await under.readBack(), delivered, 'exactly');
      if (error === undefined) return; // it repeated until all was taken
      expectThat(pending.length > 0, 'an error was thrown although a part was taken: what was acknowledged would be sent again');
      await tell(under, 'none');
      const rest = batchOf(pending);
      expectSame('acks of the rest', (await under.sink.write(rest, options())).acks, allDelivered(rest));
      expectStored(await under.readBack(), batch.records, 'exactly');
    }),
  ];
}

async function tell({ target }: SinkUnderTest, fault: TargetFault | 'none'): Promise<void> {
  if (target === undefined) throw new Error('the kit was told of faults; the sink under test needs `target` to make them');
  await target(fault);
}
