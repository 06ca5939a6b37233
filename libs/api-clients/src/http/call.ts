import { silentLogger, silentMeter, spanEvent } from '@loadin/observability';
import { FatalError, LoadinError } from '@loadin/pipeline';
import { createBackoff } from '@loadin/resilience';
import { cancelled, detailOf, errorOf, type Verdict } from './errors.js';
import type { Pass } from './pass.js';
import { askedWait, classify, type Failure, type Rule } from './rules.js';
import type { Token } from './token-source.js';
import type { HttpOptions, HttpRequest } from './types.js';

/** One request with its replays: what it has spent and what comes next. */
export interface Call {
  /** Told after each attempt. */
  attempted(pass: Pass, ms: number): void;
  /** Whether the request is sent again; if so, `pause` waits as long as it has to. Never rejects. */
  judge(failure: Failure): Promise<boolean>;
  pause(): Promise<void>;
  /** Milliseconds that are left of the total time. */
  leftMs(): number;
  /** What to throw for what axios threw. */
  errorFor(error: unknown): LoadinError;
}

/** Waits that one request may be asked for; then the run stops resumably. */
const maxWaits = 5;

export function createCall(request: HttpRequest, options: HttpOptions): Call {
  const {
    rules,
    clock,
    rate,
    auth,
    random,
    retryBudget,
    attempts: retries = 3,
    backoffMs = 1_000,
    maxRetryAfterMs = 60_000,
    totalTimeoutMs = 300_000,
  } = options;
  const { signal, meter = silentMeter, logger = silentLogger } = request;
  const done = { attempts: 0, retries: 0, waits: 0, refusedTokens: 0, renewals: 0, spentMs: 0 };
  let pass: Pass | undefined;
  /** Why a credential could not be read anew. */
  let unreadable: { readonly error: unknown } | undefined;
  let verdict: Verdict | undefined;
  let nextWaitMs = 0;

  const backoff = createBackoff({ baseMs: backoffMs, maxMs: 30_000, random });
  const inBudget = (ms: number): boolean => done.spentMs + ms < totalTimeoutMs;

  const again = (waitMs: number): boolean => {
    nextWaitMs = waitMs;
    return inBudget(waitMs);
  };
  const reactions: Record<Rule['then'], (failure: Failure, rule: Rule) => boolean | Promise<boolean>> = {
    retry: (failure, rule) => {
      const askedMs = askedWait(failure, rule, clock.now()) ?? 0; // a 503 may say when it is over
      if (askedMs > maxRetryAfterMs) {
        verdict = verdict && { ...verdict, resumeAt: clock.now() + askedMs };
        return false;
      }
      return done.retries < retries && again(Math.max(askedMs, backoff((done.retries += 1)))) && retryBudget.take();
    },
    wait: (failure, rule) => {
      const waitMs = askedWait(failure, rule, clock.now()) ?? backoffMs * 2 ** done.waits + backoff(1);
      verdict = verdict && { ...verdict, resumeAt: clock.now() + waitMs };
      rate.pause(waitMs); // nobody else's call would be answered either
      if (waitMs > maxRetryAfterMs || done.waits >= maxWaits) return false;
      done.waits += 1;
      return again(waitMs);
    },
    'refresh-token': () => auth.kind === 'bearer' && pass?.token !== undefined && mayRenew(pass.token) && again(0),
    'renew-credential': async () => pass !== undefined && (done.renewals += 1) === 1 && (await pass.replace(signal)) && again(0),
    stop: (failure, rule) => {
      const waitMs = askedWait(failure, rule, clock.now());
      if (waitMs === undefined) return false;
      verdict = verdict && { ...verdict, resumeAt: clock.now() + waitMs };
      rate.pause(waitMs);
      return false;
    },
    refuse: () => false,
    fatal: () => false,
  };
  const mayRenew = (refused: Token): boolean => {
    if (auth.kind === 'bearer') auth.tokens.refuse(refused);
    done.refusedTokens += 1;
    // A token that others use, or have used, was good and is used up by now: that says nothing about the credentials.
    return done.refusedTokens === 1 || refused.accepted > 0 || refused.inFlight > 0;
  };

  return {
    attempted(used, ms) {
      pass = used;
      done.attempts += 1;
      done.spentMs += ms;
    },
    async judge(failure) {
      if (signal?.aborted === true) return false;
      if (failure.on === 429) rate.throttled();
      const rule = classify(rules, failure, request.endpoint);
      verdict = { failure, rule, attempts: done.attempts };
      try {
        return await reactions[rule.then](failure, rule);
      } catch (error) {
        unreadable = { error };
        return false;
      }
    },
    async pause() {
      const rule = verdict?.rule.code;
      const said = verdict === undefined ? '' : detailOf(verdict.failure, request, options.redactor);
      logger.warn(`${options.service}: call is repeated`, {
        endpoint: request.endpoint,
        reason: rule,
        said,
        attempt: done.attempts + 1,
        wait_ms: nextWaitMs,
      });
      spanEvent('retry', { 'loadin.reason': rule, 'loadin.attempt': done.attempts + 1, 'loadin.wait_ms': nextWaitMs });
      meter.add('retries', 1);
      if (nextWaitMs === 0) return;
      meter.add('waits', 1);
      meter.add('wait_ms', nextWaitMs);
      await clock.sleep(nextWaitMs, signal);
      done.spentMs += nextWaitMs;
    },
    leftMs: () => totalTimeoutMs - done.spentMs,
    errorFor(thrown) {
      if (signal?.aborted === true) return cancelled(signal);
      const error = unreadable === undefined ? thrown : unreadable.error;
      if (error instanceof LoadinError) return error;
      if (verdict !== undefined && unreadable === undefined) return errorOf(verdict, request, options);
      const text = error instanceof Error ? error.message : String(error);
      return new FatalError(`${options.service}: the call failed: ${options.redactor.message(text)}`, { where: request.path });
    },
  };
}
