import { silentLogger } from '@loadin/observability';
import { FatalError, RetryableError, type Json, type JsonObject, type Stream } from '@loadin/pipeline';
import { withFaults } from './faults/with-faults.js';
import { streamChecks } from './stream-checks.js';
import type { StreamUnderTest } from './stream/stream-under-test.js';

type Ask = NonNullable<Stream['survey']>;

/** A source of one record, whose survey says how many there are. `wrong` replaces parts of the stream. */
function make(wrong: (stream: Stream & { survey: Ask }, requests: { made: number }) => Partial<Stream> = () => ({})): StreamUnderTest {
  const requests = { made: 0 };
  let failAt = Infinity;
  let hanging = false;
  const get = async (signal: AbortSignal): Promise<JsonObject> => {
    signal.throwIfAborted();
    requests.made += 1;
    if (hanging) await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    if (requests.made >= failAt) throw new RetryableError('the source is down');
    return { id: '1' };
  };
  const stream: Stream & { survey: Ask } = {
    ...{ id: 'kit.numbers', source: 'kit', dataType: 'numbers', readMode: 'full' },
    survey: async (_, { signal }) => ({ count: Object.keys(await get(signal)).length }),
    plan: ({ survey }) => [{ ordinal: 0, name: 'all', bounds: { ...survey } }],
    key: (raw: Json) =>
      raw !== null && typeof raw === 'object' && 'id' in raw && typeof raw['id'] === 'string' && raw['id'] !== '' ? raw['id'] : undefined,
    async *read(_, { signal, meter }) {
      meter.add('requests', 1);
      yield { records: [await get(signal)], position: null, request: 'GET /' };
    },
  };
  const hands = { requests: () => requests.made, failFrom: (n: number) => void (failAt = requests.made + n), hang: () => void (hanging = true) };
  return { stream: { ...stream, ...wrong(stream, requests) }, ...hands };
}

async function caught(wrong: Parameters<typeof make>[0]): Promise<string[]> {
  const messages: string[] = [];
  for (const { name, run } of streamChecks(() => make(wrong), { promptMs: 50 })) {
    await run().catch((error: Error) => messages.push(`${name}: ${error.message}`));
  }
  return messages;
}

describe('streamChecks of a stream with a survey', () => {
  it.each(streamChecks(() => make()))('one that keeps the promises: $name', ({ run }) => run());

  it.each<[string, Parameters<typeof make>[0], RegExp]>([
    ['that is no object', () => ({ survey: async () => [] as unknown as JsonObject }), /the survey must be an object/],
    ['that is large', () => ({ survey: async () => ({ text: 'x'.repeat(70_000) }) }), /the survey has 70\d+ bytes/],
    [
      'by which the plan is not all',
      ({ plan }) => ({
        plan: (context) => plan(context).map((slice) => ({ ...slice, bounds: { random: context.survey && Math.random() } }) as never),
      }),
      /made by another instance/,
    ],
    [
      'after which the plan asks again',
      ({ plan }, requests) => ({ plan: (context) => ((requests.made += context.survey === undefined ? 0 : 1), plan(context)) }),
      /requests of plan/,
    ],
    [
      'that hides a failure',
      ({ survey }) => ({
        survey: (...ask) => survey(...ask).catch((error: unknown) => (error instanceof RetryableError ? {} : Promise.reject(error))),
      }),
      /expected an error, found the result/,
    ],
    [
      'that fails with a bug',
      ({ survey }) => ({
        survey: (...ask) =>
          survey(...ask).catch((error: unknown) => Promise.reject(error instanceof RetryableError ? new TypeError('x is null') : error)),
      }),
      /expected an error of Loadin/,
    ],
    [
      'that says nothing of its cancellation',
      ({ survey }) => ({ survey: (context, ask) => survey(context, ask).catch(() => Promise.reject(new FatalError('failed'))) }),
      /must end with the reason/,
    ],
  ])('catches one %s', async (_, wrong, message) => {
    expect((await caught(wrong)).join('\n')).toMatch(message);
  });

  it('is hit by faults, as its reads are', async () => {
    const stream = withFaults(make().stream, { seed: 1, rates: { error: 1 }, steps: ['stream.survey'] });
    const ask = { signal: new AbortController().signal, logger: silentLogger };
    await expect(stream.survey?.({ scheduledTime: '2026-03-01T12:00:00Z' }, ask)).rejects.toThrow('injected error at stream.survey #1');
    expect(withFaults({ ...make().stream, survey: undefined }, { seed: 1 }).survey).toBeUndefined();
  });
});
