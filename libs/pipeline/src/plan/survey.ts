import type { JsonObject } from '../ports/json.js';
import type { PlanContext, SlicedStream, SurveyOptions } from '../ports/stream.js';
import { stopReason } from '../slices/slice-error.js';
import { withMessage } from '../with-message.js';

/** Asks a stream that has something to ask; `undefined` for the others. */
export type Survey = (stream: SlicedStream, context: PlanContext) => Promise<JsonObject | undefined>;

/** The surveys of one plan: when one fails there will be none, so the others are told to end. Their errors keep their class and name the stream. */
export function createSurvey({ signal, logger }: SurveyOptions): Survey {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  return async (stream, context) => {
    if (stream.survey === undefined) return undefined;
    if (signal.aborted) throw stopReason(signal);
    try {
      const answer = await stream.survey(context, { signal: either, logger });
      // As every later attempt finds it in the plan.
      return JSON.parse(JSON.stringify(answer)) as JsonObject;
    } catch (error) {
      failed.abort(error);
      throw signal.aborted ? stopReason(signal) : named(stream, error);
    }
  };
}

function named({ id }: SlicedStream, error: unknown): Error {
  return withMessage(error, `${id} can't be planned: ${error instanceof Error ? error.message : String(error)}`);
}
