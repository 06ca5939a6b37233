import type { Check } from './check.js';
import { cancellationChecks } from './stream/cancellation-checks.js';
import { cursorChecks } from './stream/cursor-checks.js';
import { failureChecks } from './stream/failure-checks.js';
import { identityChecks } from './stream/identity-checks.js';
import { planChecks } from './stream/plan-checks.js';
import { readChecks } from './stream/read-checks.js';
import { surveyChecks } from './stream/survey-checks.js';
import type { MakeStream, StreamChecksOptions } from './stream/stream-under-test.js';

/** What every Stream must do. `makeStream` gives one over the same source for each check; run each check as a test of your runner. */
export function streamChecks(makeStream: MakeStream, options: StreamChecksOptions = {}): Check[] {
  const { scheduledTime = '2026-03-01T12:00:00Z', canaries = [], interruptions = 8, promptMs = 2_000 } = options;
  const { mayRepeat = false, maxPositionBytes = 8_192, maxBoundsBytes = 65_536, oldest = (since) => since } = options;
  const settings = { scheduledTime, canaries, interruptions, mayRepeat, maxPositionBytes, maxBoundsBytes, promptMs, oldest };
  return [planChecks, surveyChecks, readChecks, cursorChecks, identityChecks, cancellationChecks, failureChecks].flatMap((checks) =>
    checks(makeStream, settings),
  );
}
