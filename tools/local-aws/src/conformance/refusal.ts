import assert from 'node:assert/strict';

interface Refusal {
  readonly name: string;
  readonly message: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** The SDK's typed exception that a call has to end with. @throws when the call succeeds or ends otherwise */
export async function refused(call: Promise<unknown>, names: string | readonly string[], status = 400): Promise<Refusal> {
  const allowed = typeof names === 'string' ? [names] : names;
  const outcome = await call.then(
    () => undefined,
    (error: Refusal) => error,
  );
  assert.ok(outcome, `expected ${allowed.join(' or ')}, but the call succeeded`);
  assert.ok(allowed.includes(outcome.name), `expected ${allowed.join(' or ')}, got ${outcome.name}: ${outcome.message}`);
  assert.equal(outcome.$metadata?.httpStatusCode, status);
  return outcome;
}

/** Calls until the answer fits: AWS may take a while. @throws when it does not within 30 s (or `withinMs`) */
export async function eventually<T>(
  what: string,
  call: () => Promise<T>,
  fits: (answer: T) => boolean,
  { everyMs = 100, withinMs = 30_000 } = {},
): Promise<T> {
  for (const end = Date.now() + withinMs; ;) {
    const answer = await call();
    if (fits(answer)) return answer;
    assert.ok(Date.now() < end, `not within ${withinMs / 1000} s: ${what}`);
    await pause(everyMs);
  }
}

export const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
