import { expectSame, expectThat, type Check } from '../check.js';
import { someTurns } from '../waiting.js';
import { stored, using } from './reading.js';
import type { MakeStream, StreamSettings } from './stream-under-test.js';

const MAX_SLICES = 1_000;

/** What a stream says of itself and of its work before anything is read. */
export function planChecks(makeStream: MakeStream, { scheduledTime, maxBoundsBytes }: StreamSettings): Check[] {
  return [
    {
      name: 'names itself as `{source}.{kind}`, with a folder for the lake and a read mode',
      run: () =>
        using(makeStream, async ({ stream }) => {
          expectThat(stream.id.startsWith(`${stream.source}.`), `id is "${stream.id}": expected "${stream.source}." and a name`);
          expectThat(/^[a-z][a-z0-9_]*$/.test(stream.dataType), `dataType is "${stream.dataType}": expected a folder like "events" or "top_tracks"`);
          expectThat(['full', 'incremental'].includes(stream.readMode), `readMode is "${stream.readMode}"`);
          expectThat(!stream.readsAfter?.includes(stream.id), 'readsAfter names the stream itself');
        }),
    },
    {
      name: 'plans from configuration and the scheduled time alone: the same again, elsewhere too, without a call',
      run: () =>
        using(makeStream, async ({ stream, requests }) => {
          const before = requests?.();
          const context = Object.freeze({ scheduledTime });
          const plan = stream.plan(context);
          expectThat(Array.isArray(plan), 'plan must answer a list, not a promise');
          await someTurns();
          expectSame('the plan, made again', stream.plan(context), plan);
          const elsewhere = await using(makeStream, async (other) => other.stream.plan(context));
          expectSame('the plan, made by another instance', elsewhere, plan);
          expectSame('requests of plan', requests?.(), before);
        }),
    },
    {
      name: 'counts its slices from 0, names each, and keeps to a thousand',
      run: () =>
        using(makeStream, async ({ stream }) => {
          const plan = stream.plan({ scheduledTime });
          expectThat(plan.length <= MAX_SLICES, `the plan has ${plan.length} slices; a stream can have ${MAX_SLICES}`);
          expectSame(
            'ordinals',
            plan.map(({ ordinal }) => ordinal),
            plan.map((_, index) => index),
          );
          for (const { name, ordinal } of plan) expectThat(name.trim() !== '', `slice ${ordinal} has no name`);
          expectSame('number of different names', new Set(plan.map(({ name }) => name)).size, plan.length);
        }),
    },
    {
      name: 'has bounds that can be stored: small, and nothing but JSON',
      run: () =>
        using(makeStream, async ({ stream }) => {
          for (const { name, bounds } of stream.plan({ scheduledTime })) {
            expectThat(typeof bounds === 'object' && bounds !== null && !Array.isArray(bounds), `the bounds of slice ${name} must be an object`);
            expectSame(`bounds of slice ${name} after storage`, stored(bounds), bounds);
            const bytes = Buffer.byteLength(JSON.stringify(bounds));
            expectThat(bytes <= maxBoundsBytes, `the bounds of slice ${name} have ${bytes} bytes; ${maxBoundsBytes} are allowed`);
          }
        }),
    },
  ];
}
