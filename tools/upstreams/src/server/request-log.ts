import { apis, type Api, type Call } from './exchange.js';
import type { FaultEffect } from './faults.js';

/** What the servers have seen since they started or since the last reset. */
export interface RequestLog {
  readonly total: number;
  /** By `{api} {method} {endpoint}`, ids replaced: `spotify GET /v1/artists/{id}`. */
  readonly endpoints: Readonly<Record<string, number>>;
  readonly byApi: Readonly<Record<Api, ApiCounts>>;
  /** The last 20,000 calls in the order of arrival; no credentials. */
  readonly calls: readonly LoggedCall[];
}

export interface ApiCounts {
  readonly calls: number;
  /** Answers by status; `0`: none was given (dropped, hanging). */
  readonly statuses: Readonly<Record<string, number>>;
  readonly tooManyRequests: number;
  /** The most calls that arrived within any 1,000 ms. */
  readonly maxInASecond: number;
  /** The most calls that arrived within any 30,000 ms. */
  readonly maxInThirtySeconds: number;
}

export interface LoggedCall {
  readonly at: number;
  readonly api: Api;
  readonly method: string;
  /** Path and query, without the apikey. */
  readonly target: string;
  status: number;
  /** What a fault or storm did to it. */
  fault?: FaultEffect['kind'];
}

export interface Recorder {
  /** The returned entry gets its status when it is answered. */
  add(call: Call): LoggedCall;
  log(): RequestLog;
  reset(): void;
}

const kept = 20_000;

export function createRecorder(): Recorder {
  let calls: LoggedCall[] = [];
  return {
    add(call) {
      const entry: LoggedCall = { at: call.at, api: call.api, method: call.method, target: targetOf(call), status: 0 };
      calls.push(entry);
      if (calls.length > kept * 1.1) calls = calls.slice(-kept);
      return entry;
    },
    log: () => summary(calls),
    reset() {
      calls = [];
    },
  };
}

/** Path and query without the apikey. */
export function targetOf({ path, query }: Pick<Call, 'path' | 'query'>): string {
  const rest = new URLSearchParams(query);
  rest.delete('apikey');
  const text = rest.toString();
  return text === '' ? path : `${path}?${text}`;
}

function summary(calls: readonly LoggedCall[]): RequestLog {
  const endpoints: Record<string, number> = {};
  for (const call of calls) {
    const endpoint = `${call.api} ${call.method} ${endpointOf(call.target)}`;
    endpoints[endpoint] = (endpoints[endpoint] ?? 0) + 1;
  }
  const of = (api: Api): ApiCounts => countsOf(calls.filter((c) => c.api === api));
  const byApi = Object.fromEntries(apis.map((api) => [api, of(api)])) as Record<Api, ApiCounts>;
  return { total: calls.length, endpoints, byApi, calls: calls.slice(-kept).map((c) => ({ ...c })) };
}

function countsOf(calls: readonly LoggedCall[]): ApiCounts {
  const statuses: Record<string, number> = {};
  for (const { status } of calls) statuses[status] = (statuses[status] ?? 0) + 1;
  const times = calls.map((c) => c.at);
  return {
    calls: calls.length,
    statuses,
    tooManyRequests: statuses['429'] ?? 0,
    maxInASecond: mostWithin(times, 1000),
    maxInThirtySeconds: mostWithin(times, 30_000),
  };
}

function mostWithin(times: readonly number[], windowMs: number): number {
  let most = 0;
  let first = 0;
  times.forEach((at, last) => {
    while ((times[first] as number) <= at - windowMs) first++;
    most = Math.max(most, last - first + 1);
  });
  return most;
}

function endpointOf(target: string): string {
  const path = target.split('?')[0] ?? '';
  return path.replace(/^(\/v1\/artists|\/discovery\/v2\/(?:events|venues|attractions))\/[^/]+?(\.json)?(?=\/|$)/, '$1/{id}').replace(/\.json$/, '');
}
