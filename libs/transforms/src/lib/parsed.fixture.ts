import type { Parsed, Reason } from './types.js';

/** The record; fails the test with the reasons when there is none. */
export function recordOf<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(`rejected: ${JSON.stringify(parsed.reasons)}`);
  return parsed.record;
}

/** The reasons; fails the test when there are none. */
export function reasonsOf<T>(parsed: Parsed<T>): Reason[] {
  if (parsed.ok) throw new Error(`accepted: ${JSON.stringify(parsed.record)}`);
  return parsed.reasons;
}
