import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A span as it came, with what a specification looks at. */
export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly kind: number;
  readonly failed: boolean;
  readonly message: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[];
  readonly resource: Readonly<Record<string, unknown>>;
}

/** How it answers: with a status (and headers, and texts), or never. */
export type Answer =
  | number
  | 'never'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly text?: string; readonly statusText?: string };

export interface Collector {
  readonly url: string;
  readonly spans: ReceivedSpan[];
  readonly requests: { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: Buffer }[];
  answer: Answer;
  /** What the next requests are answered with, before `answer` counts. */
  readonly next: Answer[];
  close(): Promise<void>;
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface OtlpSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly status?: { readonly code?: number; readonly message?: string };
  readonly attributes?: readonly KeyValue[];
  readonly events?: readonly { readonly name: string; readonly attributes?: readonly KeyValue[] }[];
}
interface OtlpTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

/** `STATUS_CODE_ERROR` of OTLP. */
const ERROR = 2;

/** A receiver of OTLP/HTTP with JSON, on a free port of this machine. */
export async function startCollector(answer: Answer = 200): Promise<Collector> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const sent = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
      collector.requests.push({ path: request.url ?? '', headers: request.headers, body });
      const given = collector.next.shift() ?? collector.answer;
      if (given === 'never') return;
      const { status, headers = {}, text = '{}', statusText = '' } = typeof given === 'number' ? { status: given } : given;
      if (status === 200) collector.spans.push(...spansOf(JSON.parse(body.toString('utf8')) as OtlpTraces));
      response.writeHead(status, statusText, { 'content-type': 'application/json', ...headers }).end(text);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const collector: Collector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: [],
    requests: [],
    next: [],
    answer,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return collector;
}

function spansOf({ resourceSpans }: OtlpTraces): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ name, traceId, spanId, parentSpanId, kind, status, attributes = [], events = [] }) => ({
        ...{ name, traceId, spanId, parentSpanId: parentSpanId || undefined, kind },
        failed: status?.code === ERROR,
        message: status?.message,
        attributes: valuesOf(attributes),
        events: events.map((event) => ({ name: event.name, attributes: valuesOf(event.attributes ?? []) })),
        resource: valuesOf(resource.attributes),
      })),
    ),
  );
}

/** Whatever its type, a value is the one member. */
const valuesOf = (pairs: readonly KeyValue[]): Record<string, unknown> =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]]));
