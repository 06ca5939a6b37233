import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to the server that breaks. */
export interface CuttingProxy {
  readonly port: number;
  /** How many connections were made through it. */
  readonly connections: () => number;
  /** Bytes that it has taken from the server. */
  readonly bytes: () => number;
  /** Each connection is cut, without a word, after the server has sent so many bytes; one for each connection in turn, then none. */
  cutAfter(...bytes: readonly number[]): void;
  /** From now on the server's bytes are kept back. */
  hang(): void;
  close(): Promise<void>;
}

export async function startCuttingProxy(target: { readonly host: string; readonly port: number }): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let cuts: readonly number[] = [];
  let connections = 0;
  let total = 0;
  let hanging = false;
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    const cut = cuts[connections] ?? Infinity;
    connections += 1;
    let sent = 0;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    client.on('data', (chunk) => upstream.write(chunk)).on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    upstream.on('data', (chunk) => {
      total += chunk.length;
      if (hanging) return;
      const rest = chunk.subarray(0, Math.max(0, cut - sent));
      sent += chunk.length;
      if (!client.write(rest)) {
        upstream.pause();
        client.once('drain', () => upstream.resume());
      }
      if (sent >= cut) client.resetAndDestroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    bytes: () => total,
    cutAfter: (...bytes) => {
      cuts = [...Array.from({ length: connections }, () => Infinity), ...bytes];
    },
    hang: () => {
      hanging = true;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
