import type { Upstreams } from '@loadin/upstreams';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before the sources and lets in whoever has a key of the ring, with the key that the sources know. */
export interface KeyRing {
  readonly url: string;
  readonly keys: Set<string>;
  /** Of all calls so far: with which key, and whether it was let in. */
  readonly calls: { readonly key: string; readonly taken: boolean }[];
  /** Called before each call is looked at. */
  beforeCall: (count: number) => Promise<void>;
  close(): Promise<void>;
}

export async function startKeyRing(sources: Upstreams): Promise<KeyRing> {
  const target = new URL(sources.ticketmasterUrl);
  const { ticketmasterApiKey, gatewayApiKey } = sources.credentials;
  const ring = {
    keys: new Set<string>(),
    calls: [] as { key: string; taken: boolean }[],
    beforeCall: (async () => undefined) as KeyRing['beforeCall'],
  };
  const server = createServer((incoming, outgoing) => {
    const forward = async (): Promise<void> => {
      await ring.beforeCall(ring.calls.length + 1);
      const url = new URL(incoming.url ?? '/', target);
      const key = url.searchParams.get('apikey') ?? String(incoming.headers['x-api-key']);
      const taken = ring.keys.has(key);
      ring.calls.push({ key, taken });
      if (url.searchParams.has('apikey')) url.searchParams.set('apikey', taken ? ticketmasterApiKey : key);
      const headers = {
        ...incoming.headers,
        host: target.host,
        ...(incoming.headers['x-api-key'] !== undefined && { 'x-api-key': taken ? gatewayApiKey : key }),
      };
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        request(url, { method: incoming.method, headers }, resolve).on('error', reject).end();
      });
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    };
    forward().catch((error: Error) => outgoing.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(ring, {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
}
