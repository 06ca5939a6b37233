import { createRetryBudget } from '@loadin/resilience';
import { createManualClock, type ManualClock } from '@loadin/testing';
import { createRate } from '../rate/rate.js';
import { createHttp } from './http.js';
import { createRedactor } from './redact.js';
import { startScripted, type Reply, type ScriptedServer } from './scripted-server.fixture.js';
import type { Http, HttpOptions, HttpRequest } from './types.js';

export const startTime = Date.parse('2026-03-01T12:00:00Z');
export const things: HttpRequest = {
  endpoint: 'things',
  path: '/v1/things',
  isValid: (body) => typeof body === 'object' && body !== null && 'ok' in body,
};

/** Servers and transports of a test, and one clock for all; `close` ends them. */
export function createTransportWorld() {
  const closers: (() => unknown)[] = [];
  const clock: ManualClock = createManualClock(startTime);
  return {
    clock,
    async serve(...replies: readonly Reply[]): Promise<ScriptedServer> {
      const server = await startScripted(...replies);
      closers.push(() => server.close());
      return server;
    },
    http(baseUrl: string, more: Partial<HttpOptions> = {}): Http {
      const http = createHttp({
        service: 'Things',
        baseUrl,
        rules: [],
        settings: { baseUrl: 'API_THINGS_BASE_URL', credentials: ['API_THINGS_KEY'] },
        auth: { kind: 'none' },
        rate: createRate({ service: 'Things', windows: [], pace: { perSecond: 1e6, burst: 1e6 }, maxInFlight: 10, clock }),
        redactor: createRedactor(),
        clock,
        random: () => 0.5,
        retryBudget: createRetryBudget(),
        ...more,
      });
      closers.push(() => http.close());
      return http;
    },
    async close(): Promise<void> {
      for (const close of closers.splice(0)) await close();
    },
  };
}

export type TransportWorld = ReturnType<typeof createTransportWorld>;

export const failureOfCall = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => undefined,
    (error: unknown) => error,
  );
