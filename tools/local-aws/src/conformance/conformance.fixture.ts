import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalAws, startLocalAws } from '../start.js';
import { type ConformanceClients, makeClients } from './index.js';

interface Check {
  readonly id: string;
  readonly title: string;
  run(clients: ConformanceClients): Promise<void>;
}

/** Specifies that these checks pass at a local AWS that is reached by this host. */
export function itPasses(checks: readonly Check[], host: string): void {
  let dataDir: string;
  let server: LocalAws;
  let clients: ConformanceClients;
  const lines: string[] = [];

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'conformance-'));
    server = await startLocalAws({ dataDir, log: (line) => lines.push(line) });
    clients = makeClients(`http://${host}:${server.port}`);
  });
  afterAll(async () => {
    clients.destroy();
    await server.close();
    await rm(dataDir, { recursive: true });
  });

  // Some at a time, because some wait for a second to pass; the tests below tell how each of them ended.
  let outcomes: Promise<Map<string, unknown>>;
  beforeAll(() => {
    outcomes = runSome(8);
  });
  async function runSome(atOnce: number): Promise<Map<string, unknown>> {
    const ended = new Map<string, unknown>();
    const waiting = [...checks];
    const work = async (): Promise<void> => {
      for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
        ended.set(check.id, await check.run(clients).catch((error: unknown) => error));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return ended;
  }

  it.each(checks.map(({ id, title }) => [id, title]))(
    '%s: %s',
    async (id) => {
      const error = (await outcomes).get(id);
      if (error !== undefined) throw error;
    },
    180_000,
  );

  it('meets no unexpected error while it runs them', async () => {
    await outcomes;
    expect(lines).toEqual([]);
  });
}
