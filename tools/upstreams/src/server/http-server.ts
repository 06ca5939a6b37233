import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Reply } from './exchange.js';
import type { FaultEffect } from './faults.js';

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What to send: the reply, bent by an effect. */
export interface Outcome {
  readonly reply: Reply;
  readonly effect?: FaultEffect;
}

export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Largest body read: the only ones that clients send are forms and admin calls. */
const maxBodyBytes = 1_000_000;

/** Listens on the port (0: any free one). Rejects with one line that says what to do when that is impossible. */
export async function listen(port: number, host: string, handle: (request: HttpRequest) => Outcome): Promise<HttpServer> {
  const timers = new Set<NodeJS.Timeout>();
  const server = createServer((request, response) => {
    read(request)
      .then((body) => send(handle({ method: request.method ?? 'GET', url: urlOf(request), headers: request.headers, body }), response, timers))
      .catch((error: Error) => {
        // A mistake of this server, or a request that broke off: say so where the client can see it.
        if (response.headersSent) response.destroy(error);
        else response.writeHead(500, { 'content-type': 'text/plain' }).end(`upstreams: ${error.message}`);
      });
  });
  // Longer than a client keeps an idle connection, so that it never writes to one that is just being closed.
  server.keepAliveTimeout = 65_000;
  await opened(server, port, host);
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: () =>
      new Promise((resolve, reject) => {
        timers.forEach((timer) => clearTimeout(timer));
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function urlOf({ url = '/' }: IncomingMessage): URL {
  // A path that begins with two slashes would be read as a host.
  return new URL(`http://local${url.startsWith('/') ? url.replace(/^\/+/, '/') : '/'}`);
}

function opened(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(`can't listen on ${host}:${port} (${error.code}): choose another port, or 0 for any free one`)),
    );
    server.listen(port, host, resolve);
  });
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > maxBodyBytes) throw new RangeError(`the request's body is larger than ${maxBodyBytes} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send({ reply, effect }: Outcome, response: ServerResponse, timers: Set<NodeJS.Timeout>): void {
  const body = Buffer.from(reply.body, 'utf8');
  const answer = (status: number, content: Buffer, headers = reply.headers): void => {
    response.writeHead(status, { ...headers, 'content-length': content.length });
    response.end(content);
  };
  const half = body.subarray(0, Math.floor(body.length / 2));
  switch (effect?.kind) {
    case 'drop':
      response.socket?.destroy();
      break;
    case 'hang':
      break;
    case 'latency': {
      const timer = setTimeout(() => {
        timers.delete(timer);
        answer(reply.status, body);
      }, effect.ms);
      timers.add(timer);
      break;
    }
    case 'truncatedBody':
      response.writeHead(reply.status, { ...reply.headers, 'content-length': body.length });
      response.write(half, () => response.socket?.destroy());
      break;
    case 'malformedJson':
      answer(200, half);
      break;
    case 'emptyBody':
      answer(200, Buffer.alloc(0));
      break;
    default:
      answer(reply.status, body);
  }
}
