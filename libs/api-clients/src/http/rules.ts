/**
 * What to do about a failed call.
 * - `retry`: again after a back-off, `attempts` times at most; not before `Retry-After`, and beyond the cap of that the run stops resumably
 * - `wait`: again when the service says (`Retry-After`, reset header), else after a back-off; beyond the cap the run stops resumably
 * - `refresh-token`: once more with a new access token
 * - `renew-credential`: once more when the credential has another value by now, else `fatal`
 * - `stop`: the run stops resumably
 * - `refuse`: `RefusedError` with the rule's code; the client knows what it means (a withheld endpoint, an unknown id)
 * - `fatal`: nothing but a change by the user helps
 */
export type Reaction = 'retry' | 'wait' | 'refresh-token' | 'renew-credential' | 'stop' | 'refuse' | 'fatal';

/**
 * A failure without a usable answer: the connection broke, no answer in time, a 200 that is not what was promised, an answer above the size
 * cap, one redirect too many.
 */
export type FailureKind = 'network' | 'timeout' | 'malformed' | 'too-large' | 'redirects';

/** One line of a source's failure table. */
export interface Rule {
  /** A status, a range of them (both inclusive), or a failure without a usable answer. */
  readonly on: number | readonly [from: number, to: number] | FailureKind;
  /** Only for these endpoints. Default: all. */
  readonly endpoints?: readonly string[];
  /** Only when the body's text matches. Default: any body. */
  readonly body?: RegExp;
  readonly then: Reaction;
  /** Stable name of the case: `invalid-limit`. */
  readonly code: string;
  /** For users, one line; `{detail}` is replaced by what the service said. */
  readonly message?: string;
  readonly hint?: string;
  /** A header with the instant (epoch milliseconds or seconds) from which calls are allowed again; `Retry-After` is always understood. */
  readonly resetHeader?: string;
}

export interface Failure {
  readonly on: number | FailureKind;
  /** The body's text; empty when there was none. */
  readonly body: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** `ECONNREFUSED` and the like. */
  readonly errorCode?: string;
}

/** The last lines of every table: what HTTP itself says. */
export const commonRules: readonly Rule[] = [
  { on: 'network', then: 'retry', code: 'network' },
  { on: 'timeout', then: 'retry', code: 'timeout' },
  { on: 'malformed', then: 'retry', code: 'malformed', message: 'answers with something that is not the promised JSON' },
  {
    on: 'too-large',
    then: 'fatal',
    code: 'too-large',
    message: 'sends an answer above the size limit',
    hint: 'Raise maxBytes when such an answer is expected.',
  },
  { on: 'redirects', then: 'fatal', code: 'redirects', message: 'redirects again and again', hint: 'Check the base URL if it is set.' },
  { on: 429, then: 'wait', code: 'rate-limit' },
  { on: 408, then: 'retry', code: 'request-timeout' },
  { on: [500, 599], then: 'retry', code: 'server-error' },
  {
    on: [300, 399],
    then: 'fatal',
    code: 'redirect',
    message: 'redirects to another address, which is not followed because it could get the credentials',
  },
  { on: [400, 499], then: 'fatal', code: 'bad-request', message: 'refuses the request: {detail}' },
];

/** The first rule that matches; the common rules end with one for every failure. */
export function classify(rules: readonly Rule[], failure: Failure, endpoint: string): Rule {
  const found = [...rules, ...commonRules].find((rule) => matches(rule, failure, endpoint));
  return found ?? { on: failure.on, then: 'fatal', code: 'unexpected', message: 'answers with a status that is not understood: {detail}' };
}

function matches({ on, endpoints, body }: Rule, failure: Failure, endpoint: string): boolean {
  const same = typeof on === 'object' ? typeof failure.on === 'number' && failure.on >= on[0] && failure.on <= on[1] : on === failure.on;
  return same && (endpoints === undefined || endpoints.includes(endpoint)) && (body === undefined || failure.body.search(body) >= 0);
}

/** A year: what is more is a mistake of the service, and no instant that a date can hold. */
const longestWaitMs = 31_536_000_000;

/** Milliseconds until calls are allowed again, as the answer says it; `undefined` when it doesn't. */
export function askedWait({ headers }: Failure, { resetHeader }: Rule, now: number): number | undefined {
  const reset = resetHeader === undefined ? undefined : headers[resetHeader.toLowerCase()];
  if (reset !== undefined && /^\d{9,14}$/.test(reset)) return Math.min(longestWaitMs, Math.max(0, epochMs(reset) - now));
  const after = headers['retry-after'];
  if (after === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(after)) return Math.min(longestWaitMs, Number(after) * 1000);
  const date = Date.parse(after);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Eleven digits and fewer are seconds: as milliseconds they would be before 1973. */
const epochMs = (digits: string): number => Number(digits) * (digits.length < 12 ? 1000 : 1);
