import type { Clock, Logger, Meter } from '@loadin/pipeline';
import type { RetryBudget } from '@loadin/resilience';
import type { Breaker } from './breaker.js';
import type { CredentialInUse } from './credential.js';
import type { Redactor } from './redact.js';
import type { Rate } from '../rate/rate.js';
import type { Rule } from './rules.js';
import type { TokenSource } from './token-source.js';

/** How the service knows who calls. The transport adds it to each attempt; it is in no URL, error or log that leaves. */
export type Auth =
  | { readonly kind: 'none' }
  | { readonly kind: 'query'; readonly name: string; readonly value: CredentialInUse }
  | { readonly kind: 'header'; readonly name: string; readonly scheme?: string; readonly value: CredentialInUse }
  | { readonly kind: 'basic'; readonly user: CredentialInUse; readonly password: CredentialInUse }
  | { readonly kind: 'bearer'; readonly tokens: TokenSource };

/** Bounds of one call and its retries. */
export interface HttpLimits {
  /** Milliseconds that one attempt may take, body and redirects included. Default 30,000: a page that took longer has never arrived. */
  readonly timeoutMs?: number;
  /** Milliseconds of attempts and waits of one request, time in the rate queue not counted; the last attempt ends with it. Default 300,000. */
  readonly totalTimeoutMs?: number;
  /** Bytes of an answer after decompression. Default 32 MB: the largest pages of these APIs have 2 MB. */
  readonly maxBytes?: number;
  /** Retries after the first attempt (`API_RETRY_ATTEMPTS`). Default 3. */
  readonly attempts?: number;
  /** Milliseconds: retry n waits a random time up to `backoffMs × 2^(n-1)`, 30 s at most (`API_RETRY_BACKOFF` has seconds). Default 1,000. */
  readonly backoffMs?: number;
  /** Retries that all calls of a client share. Default: 100, and a tenth of the successful calls. */
  readonly retryBudget?: RetryBudget;
  /** The longest `Retry-After` that is waited, in milliseconds; beyond it the run stops resumably. Default 60,000. */
  readonly maxRetryAfterMs?: number;
  /** Leaves a dead host alone. Default: one of this client with `createBreaker`'s defaults; give several clients of a service the same to share it. */
  readonly breaker?: Breaker;
}

export interface HttpOptions extends HttpLimits {
  /** For messages: `Spotify`. */
  readonly service: string;
  /** `https://api.spotify.com`; paths are added to it. */
  readonly baseUrl: string;
  /** What to do about which failure; the first rule that matches counts. */
  readonly rules: readonly Rule[];
  /** Names of the settings that a user has to look at when the service can't be reached or refuses the credentials. */
  readonly settings: { readonly baseUrl: string; readonly credentials: readonly string[] };
  readonly auth: Auth;
  readonly rate: Rate;
  readonly redactor: Redactor;
  readonly clock: Clock;
  /** Numbers in [0, 1) for the jitter. */
  readonly random: () => number;
  readonly retryBudget: RetryBudget;
}

/** Who asks: cancellation and where to count and log. All optional: silent and endless. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly meter?: Meter;
  readonly logger?: Logger;
  /** Who asks (a stream's id): lanes that wait for the rate are served in turn. Default: one lane for all that name none. */
  readonly lane?: string;
}

export type QueryValue = string | number | undefined;

export interface HttpRequest extends CallOptions {
  /** Name of the endpoint in the rules: `search`. */
  readonly endpoint: string;
  readonly path: string;
  /** In this order; `undefined` is left out. */
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** Makes it a POST of a form. */
  readonly form?: Readonly<Record<string, string>>;
  /** Whether a body is what the endpoint promises; another one counts as malformed and is asked for again. */
  readonly isValid: (body: unknown) => boolean;
}

export interface HttpAnswer {
  /** Parsed JSON, credentials removed. */
  readonly body: unknown;
  /** `GET /v1/search?q=…`: without credentials. */
  readonly request: string;
  /** The `Link` header (RFC 8288), credentials removed. */
  readonly link?: string;
}

export interface Http {
  /** Throws `FatalError` (`RefusedError` when a rule names it), `RetryableError` or `StopError`; never anything with a credential in it. */
  request(request: HttpRequest): Promise<HttpAnswer>;
  /** Closes idle connections. */
  close(): void;
}
