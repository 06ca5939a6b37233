import { createMeter, silentLogger } from '@loadin/observability';
import { createBackoff, RetryableError, StopError } from '@loadin/resilience';
import { createManualClock, recordOf } from '@loadin/testing';
import { createDelivery, type Delivery } from './delivery.js';
import { createDispatcher } from './dispatcher.js';
import type { Item } from './item.js';
import type { Answer, Outcome } from './put-records.js';
import { newCounts } from './stats.js';
import { steadyTime } from './steady-time.js';

const accepted: Outcome = { status: 'accepted', shardId: undefined };
const throttled: Outcome = { status: 'refused', shardId: undefined, code: 'ThrottlingException', message: '', what: 'throttled' };

/** A dispatcher over a stream that answers as the test says; `sent` has the index of each record in its batch, behind the batch's name. */
function createWorld(answer: (name: string) => Outcome | 'failed') {
  const clock = createManualClock(0);
  const names = new Map<Delivery, string>();
  const nameOf = ({ delivery, index }: Item): string => `${names.get(delivery)}${index}`;
  const sent: string[] = [];
  const dispatcher = createDispatcher({
    streamName: 'scripted',
    clock,
    now: steadyTime(clock),
    concurrency: 1,
    recordAttempts: 2,
    requestAttempts: 1,
    limits: { maxRecords: 1, maxBytes: 1_000 },
    perShard: { recordsPerSecond: 1_000, bytesPerSecond: 1_000_000 },
    backoff: createBackoff({ baseMs: 10, maxMs: 10, random: () => 0.5 }),
    counts: newCounts(),
    list: undefined,
    async send(items): Promise<Answer> {
      await clock.sleep(10);
      sent.push(...items.map(nameOf));
      const outcomes = items.map((item) => answer(nameOf(item)));
      if (outcomes.includes('failed')) throw new RetryableError('no answer');
      return { outcomes: outcomes as Outcome[], repeated: false };
    },
  });
  const add = (name: string, keys: readonly string[], signal = new AbortController().signal): Promise<string> => {
    const encoded = keys.map((key) => ({ key, record: recordOf(key), textOf: () => '', bytes: 10 }));
    const delivery = createDelivery(encoded, { signal, meter: createMeter(), logger: silentLogger });
    names.set(delivery, name);
    dispatcher.add(delivery);
    return delivery.done.then(
      ({ acks }) => acks.map(({ status }) => status).join(' '),
      (error: Error) => error.message,
    );
  };
  return { add, sent, clock };
}

describe('what a batch leaves for a later attempt', () => {
  it.each([
    ['its shard stays full', throttled, 'Kinesis refused a record 2 times, last with ThrottlingException'],
    ['requests fail', 'failed', 'no answer'],
  ] as const)('is overtaken by no record of its key that was handed in behind it, because %s', async (_why, bad, message) => {
    const { add, sent } = createWorld((name) => (name === 'a0' ? bad : accepted));
    const [first, second] = [add('a', ['k']), add('b', ['other', 'k', 'more', 'k'])];
    expect(await first).toBe(message);
    expect(await second).toBe('delivered pending delivered pending');
    expect(sent.filter((name) => name !== 'a0')).toEqual(['b0', 'b2']);
    expect(await add('c', ['k'])).toBe('delivered');
  });

  it('is overtaken by none that is handed in before the batch has answered', async () => {
    const { add, sent } = createWorld((name) => (name === 'a0' ? throttled : accepted));
    const before = add('a', ['k']);
    const late: Promise<string>[] = [];
    const handedInAtOnce = add('b', ['k', 'other']);
    void before.finally(() => late.push(add('c', ['k'])));
    await before;
    expect(await handedInAtOnce).toBe('pending delivered');
    expect(await Promise.all(late)).toEqual([expect.stringContaining('Kinesis refused')]);
    expect(sent).not.toContain('c0');
    expect(await add('d', ['k'])).toBe('delivered');
  });

  it('is nothing when the batch was cancelled: others go on', async () => {
    const controller = new AbortController();
    const { add, sent } = createWorld((name) => (name === 'a0' ? throttled : accepted));
    const [first, second] = [add('a', ['k'], controller.signal), add('b', ['k'])];
    controller.abort(new StopError('enough', { reason: 'deadline' }));
    expect([await first, await second]).toEqual(['enough', 'delivered']);
    expect(sent.at(-1)).toBe('b0');
  });

  it('is all of a batch whose signal has aborted before: nothing of it is sent', async () => {
    const { add, sent } = createWorld(() => accepted);
    expect(await add('a', ['k'], AbortSignal.abort(new StopError('enough', { reason: 'deadline' })))).toBe('enough');
    expect(await add('b', ['k'])).toBe('delivered');
    expect(sent).toEqual(['b0']);
  });
});
