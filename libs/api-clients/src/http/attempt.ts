import { AxiosError, type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { silentLogger, silentMeter, spanEvent } from '@loadin/observability';
import type { Breaker, Outcome } from './breaker.js';
import type { Call } from './call.js';
import { malformed, timedOut, tooManyRedirects } from './failure.js';
import { passOf, type Pass } from './pass.js';
import { maxRedirects, sameOriginTarget } from './redirect.js';
import type { HttpOptions, HttpRequest } from './types.js';
import { pathWithQuery } from './url.js';

export interface AttemptOptions extends HttpOptions {
  readonly breaker: Breaker;
}

/** One attempt: credentials, slots, time limit, redirects, parsing. axios calls it for the first attempt and for every replay. */
export function attemptWith(send: AxiosAdapter, call: Call, request: HttpRequest, options: AttemptOptions): AxiosAdapter {
  const { timeoutMs = 30_000, auth, redactor } = options;
  const { signal } = request;
  return async (config) => {
    options.breaker.check(new URL(options.baseUrl).origin); // before anything is waited for
    const pass = await passOf(auth, redactor, signal);
    // The time of all hops is that of one attempt; the time in the rate queue is not part of it.
    const mayMs = Math.min(timeoutMs, call.leftMs());
    let spentMs = 0;
    const hop = hopWith(send, pass, request, options, (ms) => (spentMs += ms));
    let url = config.url ?? options.baseUrl;
    try {
      for (let hops = 0; ; hops += 1) {
        const response = await hop({ ...config, url }, config, Math.max(1, mayMs - spentMs));
        const target = isRedirect(response) ? sameOriginTarget(locationOf(response), url, auth.kind === 'query' ? auth.name : undefined) : undefined;
        if (request.form !== undefined || target === undefined) return accepted(response, request, config, options);
        if (hops >= maxRedirects) throw tooManyRedirects(config);
        url = target;
      }
    } finally {
      call.attempted(pass, spentMs);
    }
  };
}

/** One request on the wire. Gives answers of every status; throws when there is none. */
function hopWith(send: AxiosAdapter, pass: Pass, request: HttpRequest, options: AttemptOptions, took: (ms: number) => void) {
  const { rate, clock, service, breaker, baseUrl } = options;
  const { signal, meter = silentMeter, logger = silentLogger, lane } = request;
  const { token } = pass;
  return async (hop: InternalAxiosRequestConfig, config: InternalAxiosRequestConfig, timeoutMs: number) => {
    const signed = { ...pass.sign(hop), validateStatus: null };
    const slot = await rate.take({ signal, meter, lane });
    const entered = entering(breaker, baseUrl, () => slot.release(false));
    const started = clock.now();
    const timer = new AbortController();
    const timeout = setTimeout(() => timer.abort(), timeoutMs);
    if (token !== undefined) token.inFlight += 1;
    meter.add('requests', 1);
    let status: number | undefined;
    let outcome: Outcome = 'failed';
    try {
      const combined = signal === undefined ? timer.signal : AbortSignal.any([signal, timer.signal]);
      const response: AxiosResponse<Buffer> = await send({ ...signed, signal: combined });
      status = response.status;
      outcome = status >= 500 ? 'failed' : 'answered';
      meter.add('bytes_read', response.data.length);
      return response;
    } catch (error) {
      if (signal?.aborted === true) outcome = 'cancelled';
      const seen = timer.signal.aborted && signal?.aborted !== true ? timedOut(config) : error;
      if (!(seen instanceof AxiosError)) throw seen;
      if (seen.message.startsWith('maxContentLength')) outcome = 'answered';
      seen.config = config; // a replay begins from the request as it was asked for, not from this attempt's copy
      status = seen.response?.status;
      throw seen;
    } finally {
      clearTimeout(timeout);
      slot.release(status !== undefined);
      took(clock.now() - started);
      if (token !== undefined) {
        token.inFlight -= 1;
        if (status !== undefined && status !== 401) token.accepted += 1;
      }
      const path = pathWithQuery(request.path, request.query);
      spanEvent('attempt', { 'http.response.status_code': status, 'loadin.outcome': outcome, 'loadin.ms': clock.now() - started });
      logger.debug('call', { service, endpoint: request.endpoint, path, status, ms: clock.now() - started });
      const leftAloneUntil = entered(outcome);
      if (leftAloneUntil !== undefined) {
        const until = new Date(leftAloneUntil).toISOString();
        logger.warn(`${service}: the host has failed several times in a row and is left alone`, { host: new URL(baseUrl).host, until });
      }
    }
  };
}

/** The host may have been given up while the call waited for its slot. */
function entering(breaker: Breaker, baseUrl: string, refused: () => void): ReturnType<Breaker['enter']> {
  try {
    return breaker.enter(new URL(baseUrl).origin);
  } catch (error) {
    refused();
    throw error;
  }
}

const isRedirect = ({ status }: AxiosResponse): boolean => [301, 302, 303, 307, 308].includes(status);
const locationOf = ({ headers }: AxiosResponse): string | undefined => (typeof headers['location'] === 'string' ? headers['location'] : undefined);

/** What axios's own check of the status would have thrown, with the request as it was asked for. */
function accepted(response: AxiosResponse<Buffer>, request: HttpRequest, config: InternalAxiosRequestConfig, options: HttpOptions): AxiosResponse {
  if (response.status >= 200 && response.status < 300) return { ...response, config, data: parsed(response, request, config, options) };
  throw new AxiosError('the service answers with a failure', AxiosError.ERR_BAD_RESPONSE, config, undefined, response);
}

function parsed(response: AxiosResponse<Buffer>, request: HttpRequest, config: InternalAxiosRequestConfig, { redactor }: HttpOptions): unknown {
  // The token endpoint's answer is itself a credential: it is not redacted, and it goes to the token source alone.
  const text = response.data.toString('utf8').replace(/^\uFEFF/, ''); // some services begin with a byte order mark
  try {
    const body: unknown = JSON.parse(request.form === undefined ? redactor.data(text) : text);
    if (request.isValid(body)) return body;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw malformed(config, response);
}
