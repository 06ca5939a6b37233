import http from 'node:http';
import https from 'node:https';
import axios, { AxiosError, type AxiosAdapter, type AxiosInstance, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import axiosRetry from 'axios-retry';
import { silentLogger, silentMeter } from '@loadin/observability';
import { createCall, type Call } from './call.js';
import { failureOf, malformed, timedOut } from './failure.js';
import { passOf } from './pass.js';
import type { Http, HttpAnswer, HttpOptions, HttpRequest } from './types.js';
import { checkedBaseUrl, isLoopback, pathWithQuery } from './url.js';

/**
 * One service over axios. axios-retry replays what the failure table says is worth it; every attempt, replays included, waits for its
 * slot of the rate first. Waits are made on the Clock port. Redirects are not followed.
 */
export function createHttp(given: HttpOptions): Http {
  const options = { ...given, baseUrl: checkedBaseUrl(given.baseUrl, given.settings.baseUrl) };
  const agents = { httpAgent: new http.Agent({ keepAlive: true }), httpsAgent: new https.Agent({ keepAlive: true }) };
  const instance = axios.create({
    ...agents,
    adapter: 'http',
    maxRedirects: 0,
    maxContentLength: options.maxBytes ?? 32 * 1024 * 1024,
    responseType: 'arraybuffer', // parsed by us, so that a body that is not JSON can be asked for again
    headers: { Accept: 'application/json', 'User-Agent': 'loadin' },
    ...(isLoopback(options.baseUrl) && { proxy: false as const }),
  });
  axiosRetry(instance, { retries: Infinity, retryDelay: () => 0, shouldResetTimeout: true }); // bounds and waits are the call's own
  return {
    request: (request) => perform(instance, request, options),
    close: () => {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

async function perform(instance: AxiosInstance, request: HttpRequest, options: HttpOptions): Promise<HttpAnswer> {
  const call = createCall(request, options);
  const target = pathWithQuery(request.path, request.query);
  try {
    const response = await instance.request<unknown>({
      url: `${options.baseUrl}${target}`,
      method: request.form === undefined ? 'GET' : 'POST',
      ...(request.form !== undefined && { data: new URLSearchParams(request.form) }),
      signal: request.signal,
      adapter: attemptWith(axios.getAdapter('http'), call, request, options),
      transformResponse: [(data: unknown) => data],
      'axios-retry': { retryCondition: (error) => call.judge(failureOf(error)), onRetry: () => call.pause() },
    });
    options.retryBudget.succeeded();
    const { link } = response.headers as { link?: string };
    return {
      body: response.data,
      request: `${request.form === undefined ? 'GET' : 'POST'} ${target}`,
      ...(link !== undefined && { link: options.redactor.data(link) }),
    };
  } catch (error) {
    throw call.errorFor(error);
  }
}

/** One attempt: credentials, slot, time limit, parsing. axios calls it for the first attempt and for every replay. */
function attemptWith(send: AxiosAdapter, call: Call, request: HttpRequest, options: HttpOptions): AxiosAdapter {
  const { rate, clock, timeoutMs = 30_000, service } = options;
  const { signal, meter = silentMeter, logger = silentLogger } = request;
  return async (config) => {
    const pass = await passOf(options.auth, options.redactor, signal);
    const { token } = pass;
    const slot = await rate.take({ signal, meter });
    const started = clock.now();
    const timer = new AbortController();
    const timeout = setTimeout(() => timer.abort(), timeoutMs);
    if (token !== undefined) token.inFlight += 1;
    meter.add('requests', 1);
    let status: number | undefined;
    try {
      const combined = signal === undefined ? timer.signal : AbortSignal.any([signal, timer.signal]);
      const response: AxiosResponse<Buffer> = await send({ ...pass.sign(config), signal: combined });
      status = response.status;
      meter.add('bytes_read', response.data.length);
      return { ...response, config, data: parsed(response, request, config, options) };
    } catch (error) {
      const seen = timer.signal.aborted && signal?.aborted !== true ? timedOut(config) : error;
      if (!(seen instanceof AxiosError)) throw seen;
      seen.config = config; // a replay begins from the request as it was asked for, not from this attempt's copy
      status = seen.response?.status;
      throw seen;
    } finally {
      clearTimeout(timeout);
      slot.release();
      call.attempted(pass, clock.now() - started);
      if (token !== undefined) {
        token.inFlight -= 1;
        if (status !== undefined && status !== 401) token.accepted += 1;
      }
      logger.debug('call', {
        service,
        endpoint: request.endpoint,
        path: pathWithQuery(request.path, request.query),
        status,
        ms: clock.now() - started,
      });
    }
  };
}

function parsed(response: AxiosResponse<Buffer>, request: HttpRequest, config: InternalAxiosRequestConfig, { redactor }: HttpOptions): unknown {
  // The token endpoint's answer is itself a credential: it is not redacted, and it goes to the token source alone.
  const text = response.data.toString('utf8');
  try {
    const body: unknown = JSON.parse(request.form === undefined ? redactor.data(text) : text);
    if (request.isValid(body)) return body;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw malformed(config, response);
}
