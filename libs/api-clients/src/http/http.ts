import http from 'node:http';
import https from 'node:https';
import { inSpan, type SpanAttributes } from '@loadin/observability';
import axios, { type AxiosInstance } from 'axios';
import axiosRetry from 'axios-retry';
import { attemptWith, type AttemptOptions } from './attempt.js';
import { createBreaker } from './breaker.js';
import { createCall } from './call.js';
import { failureOf } from './failure.js';
import type { Http, HttpAnswer, HttpOptions, HttpRequest } from './types.js';
import { checkedBaseUrl, isLoopback, pathWithQuery } from './url.js';

/**
 * One service over axios. axios-retry replays what the failure table says is worth it; every attempt, replays included, waits for its
 * slot of the rate first. Waits are made on the Clock port. Redirects are followed within the origin only; a host that has failed several times in a
 * row is left alone for a while.
 */
export function createHttp(given: HttpOptions): Http {
  const options = {
    ...given,
    baseUrl: checkedBaseUrl(given.baseUrl, given.settings.baseUrl),
    breaker: given.breaker ?? createBreaker({ clock: given.clock }),
  };
  const agents = { httpAgent: new http.Agent({ keepAlive: true }), httpsAgent: new https.Agent({ keepAlive: true }) };
  const instance = axios.create({
    ...agents,
    adapter: 'http',
    maxRedirects: 0, // followed by us, who know which of them may get the credentials
    maxContentLength: options.maxBytes ?? 32 * 1024 * 1024,
    responseType: 'arraybuffer', // parsed by us, so that a body that is not JSON can be asked for again
    headers: { Accept: 'application/json', 'User-Agent': 'loadin' },
    ...(isLoopback(options.baseUrl) && { proxy: false as const }),
  });
  axiosRetry(instance, { retries: Infinity, retryDelay: () => 0, shouldResetTimeout: true }); // bounds and waits are the call's own
  return {
    request: (request) => inSpan('loadin.request', spanOf(request, options), () => perform(instance, request, options), { kind: 'client' }),
    close: () => {
      for (const agent of Object.values(agents)) closeIdle(agent);
    },
  };
}

/** Of an address nothing but what stands before credentials are added. Attempts and waits are its events. */
const spanOf = ({ path, query, endpoint, form }: HttpRequest, { service, baseUrl, redactor }: HttpOptions): SpanAttributes => ({
  'loadin.service': service,
  'loadin.endpoint': endpoint,
  'http.request.method': form === undefined ? 'GET' : 'POST',
  'server.address': new URL(baseUrl).hostname,
  'url.path': redactor.message(pathWithQuery(path, query)),
});

/** Connections that wait for their answer close after it: destroying them would make calls fail that are under way. */
function closeIdle(agent: http.Agent): void {
  agent.maxFreeSockets = 0;
  for (const socket of Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? [])) socket.destroy();
}

async function perform(instance: AxiosInstance, request: HttpRequest, options: AttemptOptions): Promise<HttpAnswer> {
  const call = createCall(request, options);
  const target = pathWithQuery(request.path, request.query);
  const shown = target.startsWith('/') ? target : `${new URL(options.baseUrl).pathname}${target}`; // the base URL is the endpoint
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
      request: `${request.form === undefined ? 'GET' : 'POST'} ${shown}`,
      ...(link !== undefined && { link: options.redactor.data(link) }),
    };
  } catch (error) {
    throw call.errorFor(error);
  }
}
