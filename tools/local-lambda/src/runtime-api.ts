import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { maxPayloadBytes } from './types.js';

/** What the process in the environment says through the Runtime API. */
export interface RuntimeEvents {
  /** It is idle and waits for an event. */
  next(): void;
  response(id: string, body: string): void;
  /** The handler of invocation `id` failed; `id` is undefined when the initialisation did. */
  error(id: string | undefined, body: string): void;
}

export interface RuntimeApi {
  /** `host:port`, the value of AWS_LAMBDA_RUNTIME_API. */
  readonly address: string;
  /** Answers the pending `next` with an event. */
  send(invocation: { id: string; event: string; deadlineMs: number; functionArn: string; sampled: boolean }): void;
  close(): Promise<void>;
}

/** The service side of https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html for one process. */
export async function startRuntimeApi(events: RuntimeEvents): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined;
  const server = createServer((request, response) => {
    route(request, response).catch(() => response.destroy());
  });
  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').replace('/2018-06-01/runtime/', '');
    if (request.method === 'GET' && path === 'invocation/next') {
      waiting = response;
      events.next();
      return;
    }
    const [, id, verb] = /^invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    if (request.method !== 'POST' || (verb === undefined && path !== 'init/error')) return void response.writeHead(404).end();
    const body = await readBody(request);
    if (body === undefined) {
      events.error(id, responseTooLarge());
      return void response.writeHead(413).end();
    }
    if (verb === 'response' && id !== undefined) events.response(id, body);
    else events.error(id, body);
    response.writeHead(202).end();
  };
  // A frozen process can't answer a keep-alive probe, so connections end only with the process.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    send: ({ id, event, deadlineMs, functionArn, sampled }) => {
      waiting?.writeHead(200, {
        'Content-Type': 'application/json',
        'Lambda-Runtime-Aws-Request-Id': id,
        'Lambda-Runtime-Deadline-Ms': String(deadlineMs),
        'Lambda-Runtime-Invoked-Function-Arn': functionArn,
        'Lambda-Runtime-Trace-Id': traceHeader(id, deadlineMs, sampled),
      });
      waiting?.end(event);
      waiting = undefined;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Its parent is what Lambda itself tells X-Ray of the invocation. https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
function traceHeader(id: string, deadlineMs: number, sampled: boolean): string {
  const hex = id.replaceAll('-', '');
  return `Root=1-${Math.floor(deadlineMs / 1000).toString(16)}-${hex.slice(0, 24)};Parent=${hex.slice(-16)};Sampled=${sampled ? 1 : 0}`;
}

/** Undefined when the body is larger than an answer may be. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxPayloadBytes) chunks.push(chunk);
  }
  return bytes > maxPayloadBytes ? undefined : Buffer.concat(chunks).toString('utf8');
}

const responseTooLarge = (): string =>
  JSON.stringify({
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${maxPayloadBytes} bytes).`,
  });
