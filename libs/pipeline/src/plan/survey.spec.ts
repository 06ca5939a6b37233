import { FatalError, RetryableError, StopError } from '@loadin/resilience';
import { createManualClock, createMemoryObjectStore, createMemorySink, createMemoryStateStore } from '@loadin/testing';
import type { Job } from '../job.js';
import type { JsonObject } from '../ports/json.js';
import type { PlanContext, Stream, SurveyOptions } from '../ports/stream.js';
import { artists, createListStream, toArtist } from '../runs/list-stream.fixture.js';
import { runJob } from '../runs/run.js';
import { PLANS, type Plan } from './plan.js';

const at = '2024-01-15T12:00:00Z';

/** A list whose slice carries what the survey said. */
function surveyed(survey: Stream['survey'], id = 'shop.artists') {
  const contexts: PlanContext[] = [];
  const list = createListStream({ id, slices: [[artists(1, 2), artists(3, 1)]] });
  const stream: Stream = {
    ...list,
    ...(survey !== undefined && { survey }),
    plan(context) {
      contexts.push(context);
      return list.plan(context).map((slice) => ({ ...slice, bounds: { ...slice.bounds, ...context.survey } }));
    },
  };
  return { stream, contexts };
}

function world(...streams: readonly Stream[]) {
  const [lake, state, sink] = [createMemoryObjectStore(), createMemoryStateStore(), createMemorySink()];
  const job: Job = { name: 'nightly', streams: streams.map((stream) => ({ stream, transform: toArtist, sinks: [sink], schemaVersion: '1' })) };
  const run = (options: Partial<Parameters<typeof runJob>[0]> = {}) =>
    runJob({ job, lake, state, at, clock: createManualClock(Date.parse(at)), ...options });
  const plan = async (): Promise<Plan> => {
    const keys: string[] = [];
    for await (const { key } of lake.list(PLANS)) keys.push(key);
    return JSON.parse(Buffer.from((await lake.get(keys[0] ?? '')) ?? []).toString()) as Plan;
  };
  return { run, plan, lake, state, sink };
}

describe('a stream that asks its source before it is planned', () => {
  it('is asked once a run, and planned with the answer, which the plan keeps', async () => {
    let asked = 0;
    const { stream, contexts } = surveyed(async (context) => ({ below: context.scheduledTime, asked: (asked += 1) }));
    const { run, plan, sink } = world(stream);
    // It ends after the plan is written, and comes again.
    const controller = new AbortController();
    const observe = (): void => controller.abort(new StopError('killed', { reason: 'cancelled' }));
    expect(await run({ signal: controller.signal, observe })).toMatchObject({ status: 'stopped' });
    expect(sink.records).toHaveLength(0);
    expect(await run()).toMatchObject({ status: 'complete' });
    expect(asked).toBe(1);
    const survey = { below: at, asked: 1 };
    expect(contexts).toEqual([{ scheduledTime: at, fullRefresh: false, survey }]);
    expect((await plan()).streams[0]).toMatchObject({ survey, slices: [{ bounds: survey }] });
    await run();
    expect(asked).toBe(1);
  });

  it('is not asked where it has nothing to ask, and its plan says nothing of it', async () => {
    const { stream, contexts } = surveyed(undefined);
    const { run, plan } = world(stream);
    await run();
    expect(contexts).toEqual([{ scheduledTime: at, fullRefresh: false }]);
    expect((await plan()).streams[0]).not.toHaveProperty('survey');
  });

  it('gets from the survey what is stored of it', async () => {
    const { stream, contexts } = surveyed(async () => ({ kept: 1, lost: undefined }) as unknown as JsonObject);
    await world(stream).run();
    expect(Object.keys(contexts[0]?.survey ?? {})).toEqual(['kept']);
  });

  it.each([
    ['what is wrong for good', new FatalError('no such table', { where: 'shop', hint: 'Check it.' }), { name: 'FatalError', action: 'fatal' }],
    ['what may go over', new RetryableError('unreachable', { hint: 'Check it.' }), { name: 'RetryableError', action: 'retry' }],
    [
      'a wish to be asked later',
      new StopError('no quota', { reason: 'quota', resumeAfter: at }),
      { name: 'StopError', reason: 'quota', resumeAfter: at },
    ],
    ['a bug', new TypeError('x is not a function'), { name: 'Error' }],
  ])('fails to be planned by %s: with its name, and nothing is written', async (_, error, expected) => {
    let broken = true;
    const survey = async (): Promise<JsonObject> => {
      if (broken) throw error;
      return {};
    };
    const { run, lake, state, sink } = world(surveyed(undefined, 'shop.first').stream, surveyed(survey).stream);
    const where = 'where' in error ? { where: error.where, hint: error.hint } : {};
    await expect(run()).rejects.toMatchObject({ ...expected, ...where, message: `shop.artists can't be planned: ${error.message}`, cause: error });
    expect(await listed(lake.list(''))).toEqual([]);
    const kept = await listed(state.list(''));
    expect(kept.filter((key) => !key.startsWith('lease/'))).toEqual([]);
    broken = false;
    expect(await run()).toMatchObject({ status: 'complete' });
    expect(sink.records.length).toBeGreaterThan(0);
  });

  it('is told to end when the survey of another one has failed', async () => {
    const waiting = surveyed((_, options) => untilAborted(options), 'shop.waiting');
    const failing = surveyed(async () => Promise.reject(new FatalError('no such table')));
    await expect(world(waiting.stream, failing.stream).run()).rejects.toThrow("shop.artists can't be planned: no such table");
  });

  it('ends with the reason of the run’s stop when that comes meanwhile', async () => {
    const controller = new AbortController();
    const stop = new StopError('time is up', { reason: 'deadline' });
    const { stream } = surveyed(async (_, options) => {
      controller.abort(stop);
      return untilAborted(options);
    });
    await expect(world(stream).run({ signal: controller.signal })).rejects.toBe(stop);
  });
});

const untilAborted = ({ signal }: SurveyOptions): Promise<JsonObject> =>
  new Promise((_, reject) => {
    const end = (): void => reject(signal.reason as Error);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
  });

async function listed(entries: AsyncIterable<{ readonly key: string }>): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of entries) keys.push(key);
  return keys;
}
