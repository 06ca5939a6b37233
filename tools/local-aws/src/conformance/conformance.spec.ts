import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalAws, startLocalAws } from '../start.js';
import { type ConformanceClients, dynamodbChecks, kinesisChecks, makeClients, s3Checks, secretsChecks } from './index.js';

const checks = [...s3Checks, ...kinesisChecks, ...dynamodbChecks, ...secretsChecks];

describe.each(['127.0.0.1', 'localhost'])('the local AWS at %s behaves as AWS documents', (host) => {
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

  // Side by side, because some checks wait for a second to pass; the first test below tells how each of them ended.
  let outcomes: Promise<Map<string, unknown>>;
  beforeAll(() => {
    const run = async (check: (typeof checks)[number]): Promise<[string, unknown]> => [
      check.id,
      await check.run(clients).then(
        () => undefined,
        (error: unknown) => error,
      ),
    ];
    outcomes = Promise.all(checks.map(run)).then((ended) => new Map(ended));
  });

  it.each(checks.map(({ id, title }) => [id, title]))(
    '%s: %s',
    async (id) => {
      const error = (await outcomes).get(id);
      if (error !== undefined) throw error;
    },
    60_000,
  );

  it('meets no unexpected error while it runs them', async () => {
    await outcomes;
    expect(lines).toEqual([]);
  });

  it('has every check once', () => {
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  });
});
