import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConformanceClients, makeClients } from './conformance/clients.js';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from './start.js';

/** A server in this process with a data directory of its own, and clients for it. */
export interface ServerUnderTest {
  readonly server: LocalAws;
  readonly clients: ConformanceClients;
  readonly dataDir: string;
  /** What it logged. */
  readonly lines: string[];
  /** The same data directory, a new server. */
  restart(options?: Partial<LocalAwsOptions>): Promise<void>;
  close(): Promise<void>;
}

export async function serverUnderTest(options: Partial<LocalAwsOptions> = {}): Promise<ServerUnderTest> {
  const dataDir = await mkdtemp(join(tmpdir(), 'local-aws-'));
  const lines: string[] = [];
  const start = (more: Partial<LocalAwsOptions> = {}): Promise<LocalAws> =>
    startLocalAws({ dataDir, log: (line) => void lines.push(line), ...options, ...more });
  let server = await start();
  let clients = makeClients(server.url);
  const stop = async (): Promise<void> => {
    clients.destroy();
    await server.close();
  };
  return {
    dataDir,
    lines,
    get server() {
      return server;
    },
    get clients() {
      return clients;
    },
    async restart(more) {
      await stop();
      server = await start(more);
      clients = makeClients(server.url);
    },
    async close() {
      await stop();
      await rm(dataDir, { recursive: true });
    },
  };
}
