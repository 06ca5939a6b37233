import { silentLogger } from '@loadin/observability';
import { LoadinError, StopError, type JsonObject, type PlanContext } from '@loadin/pipeline';
import { expectSame, expectThat, failureOf, type Check } from '../check.js';
import { promptly, someTurns } from '../waiting.js';
import { stored, using } from './reading.js';
import type { MakeStream, StreamSettings, StreamUnderTest } from './stream-under-test.js';

/** Of streams that ask their source before they are planned; others pass. */
export function surveyChecks(makeStream: MakeStream, { scheduledTime, maxBoundsBytes, promptMs }: StreamSettings): Check[] {
  const context: PlanContext = Object.freeze({ scheduledTime });
  const check = (name: string, body: (under: StreamUnderTest, ask: (signal?: AbortSignal) => Promise<JsonObject>) => Promise<void>): Check => ({
    name,
    run: () =>
      using(makeStream, async (under) => {
        const { stream } = under;
        if (stream.survey === undefined) return;
        const survey = stream.survey.bind(stream);
        await body(under, (signal = new AbortController().signal) => survey(context, { signal, logger: silentLogger }));
      }),
  });
  return [
    check('answers a survey that can be stored, and plans by it without a call, the same elsewhere too', async ({ stream, requests }, ask) => {
      const answer = await ask();
      expectThat(typeof answer === 'object' && answer !== null && !Array.isArray(answer), 'the survey must be an object');
      expectSame('the survey after storage', stored(answer), answer);
      const bytes = Buffer.byteLength(JSON.stringify(answer));
      expectThat(bytes <= maxBoundsBytes, `the survey has ${bytes} bytes; ${maxBoundsBytes} are allowed`);
      const before = requests?.();
      const plan = stream.plan({ ...context, survey: stored(answer) });
      const elsewhere = await using(makeStream, async (other) => other.stream.plan({ ...context, survey: stored(answer) }));
      expectSame('the plan by the survey, made by another instance', elsewhere, plan);
      await someTurns();
      expectSame('requests of plan', requests?.(), before);
    }),
    check('says so when a survey can’t be made: an error of Loadin', async (under, ask) => {
      if (under.failFrom === undefined) return;
      under.failFrom(1);
      const error = await failureOf('a survey whose source fails', ask);
      expectThat(error instanceof LoadinError, `a survey whose source fails: expected an error of Loadin, found ${String(error)}`);
    }),
    check('ends a survey that is cancelled, before it asks and while it waits, with the reason', async (under, ask) => {
      const reason = new StopError('cancelled by the kit', { reason: 'cancelled' });
      const expectReason = (error: unknown): void =>
        expectThat(error === reason, `a survey that is cancelled must end with the reason of its cancellation, not with ${String(error)}`);
      expectReason(await failureOf('a survey that is cancelled already', () => ask(AbortSignal.abort(reason))));
      if (under.hang === undefined) return;
      under.hang();
      const controller = new AbortController();
      const waiting = failureOf('a survey that is cancelled', () => ask(controller.signal));
      await someTurns();
      controller.abort(reason);
      expectReason(await promptly('The end of a survey that is cancelled', waiting, promptMs));
    }),
  ];
}
