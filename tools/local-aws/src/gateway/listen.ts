import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Handler } from './handle.js';

/** How long closing waits for requests whose clients have stalled. */
const GRACE_MS = 5_000;

export interface Listening {
  readonly port: number;
  /** Lets the requests that are being answered finish, then closes every connection. */
  close(): Promise<void>;
}

/** `localhost` is ::1 to some clients and 127.0.0.1 to others: on the loopback address both are served, on the same port. */
export async function listen(host: string, port: number, handler: Handler): Promise<Listening> {
  const active = new Set<Promise<void>>();
  const track: Handler = (request, response) => {
    const done = handler(request, response).finally(() => active.delete(done));
    active.add(done);
    return done;
  };
  const servers = await openServers(host, port, track);
  return {
    port: (servers[0]?.address() as AddressInfo).port,
    async close() {
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      await Promise.race([Promise.all(active), sleep(GRACE_MS, undefined, { ref: false })]);
      servers.forEach((server) => server.closeAllConnections());
      await Promise.all(closed);
    },
  };
}

async function openServers(host: string, port: number, handler: Handler): Promise<Server[]> {
  for (let attempt = 1; ; attempt += 1) {
    const first = await openServer(host, port, handler);
    if (host !== '127.0.0.1') return [first];
    try {
      return [first, await openServer('::1', (first.address() as AddressInfo).port, handler)];
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Someone else has the system's choice on ::1: choose again. Where there is no ::1, `localhost` is 127.0.0.1.
      if (code !== 'EADDRINUSE') return [first];
      await new Promise((resolve) => first.close(resolve));
      if (port !== 0 || attempt === 20) throw error;
    }
  }
}

async function openServer(host: string, port: number, handler: Handler): Promise<Server> {
  // Idle connections outlive those that SDK clients keep: a client never writes into one that is being closed.
  const server = createServer({ keepAliveTimeout: 120_000, requestTimeout: 0 }, (request, response) => void handler(request, response));
  await new Promise<void>((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException): void => {
      const taken = error.code === 'EADDRINUSE';
      reject(taken ? Object.assign(new Error(`port ${port} of ${host} is taken: choose another one, or 0 for any.`), { code: error.code }) : error);
    };
    server.once('error', refused).listen(port, host, () => {
      server.off('error', refused);
      resolve();
    });
  });
  return server;
}
