import type { IncomingHttpHeaders } from 'node:http';

export const apis = ['accounts', 'spotify', 'ticketmaster', 'payments', 'shipments'] as const;
export type Api = (typeof apis)[number];

/** The two behind API Gateway. */
export const isBehindGateway = (api: Api): boolean => api === 'payments' || api === 'shipments';

/** A request, read completely. */
export interface Call {
  readonly api: Api;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Epoch milliseconds by the server's clock. */
  readonly at: number;
}

/** An answer, before faults. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: JSON.stringify(value) };
}

export function plain(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body };
}
