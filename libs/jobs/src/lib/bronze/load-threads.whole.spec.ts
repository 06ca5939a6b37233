import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { startServers, type Servers, type Shop } from './bronze.fixture.js';
import { createEncoderThreads, type EncoderThreads, type EncoderThreadsOptions } from './encoder-threads.js';
import { openOrders } from './orders.fixture.js';

jest.setTimeout(60_000);

describe('a load with a second thread', () => {
  let servers: Servers;
  let folder: string;
  let threadFile: URL;
  beforeAll(async () => {
    servers = await startServers();
    folder = mkdtempSync(join(tmpdir(), 'loadin-threads-'));
    const writer = createRequire(__filename).resolve('@loadin/bronze-writer/package.json');
    const entryPoints = [join(writer, '../src/lib/threads/encoder-thread.ts')];
    const outfile = join(folder, 'encoder-thread.mjs');
    await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', conditions: ['@loadin/source'], logLevel: 'warning' });
    threadFile = pathToFileURL(outfile);
  });
  afterAll(async () => {
    await servers.close();
    rmSync(folder, { recursive: true });
  });
  let shop: Shop;
  beforeEach(async () => void (shop = await openOrders(servers, 5_000)));
  afterEach(() => shop.close());

  /** Threads for tables as small as that of a specification, and how often one was taken. */
  const watched = (options: EncoderThreadsOptions): EncoderThreads & { readonly taken: () => number } => {
    const threads = createEncoderThreads({ threads: 1, threadFile, fromBytes: 50_000, ...options });
    let taken = 0;
    return { taken: () => taken, place: () => threads.place(() => (taken += 1)) };
  };
  const objects = async (of: Shop): Promise<Record<string, Uint8Array>> =>
    Object.fromEntries(await Promise.all((await of.keys('data/bronze/')).map(async (key) => [key, await of.bytes(key)] as const)));

  it('writes the same objects, byte for byte, as one without', async () => {
    const other = await openOrders(servers, 5_000);
    const threads = watched({});
    const writer = { memoryBytes: 2 ** 20, rowGroupBytes: 50_000 };
    expect(await shop.load({ context: { threads, writer } })).toMatchObject({ read: 5_000 });
    await other.load({ context: { writer } });
    expect(threads.taken()).toBe(1);
    expect(await objects(shop)).toEqual(await objects(other));
    await other.close();
  });

  it('starts none for a small table', async () => {
    const threads = watched({ fromBytes: 10_000_000 });
    await shop.load({ context: { threads } });
    expect(threads.taken()).toBe(0);
  });

  it('that loses its thread fails with a line that says what to do, leaves nothing, and is loaded by the next attempt', async () => {
    const broken = join(folder, 'broken.mjs');
    writeFileSync(broken, 'setTimeout(() => process.exit(), 20);');
    const threads = watched({ threadFile: pathToFileURL(broken) });
    await expect(shop.load({ context: { threads } })).rejects.toMatchObject({
      action: 'retry',
      message: 'The thread that encodes has ended',
      hint: 'Nothing was published. Run it again.',
    });
    expect(threads.taken()).toBe(1);
    expect([await shop.keys(), await shop.pending()]).toEqual([[], []]);
    expect(await shop.load({ context: { threads: watched({}) } })).toMatchObject({ read: 5_000 });
  });

  it('gives its thread back to the next one, also when it has failed', async () => {
    const threads = watched({});
    const failing = { beforeCommit: () => Promise.reject(new Error('no lease')) };
    await expect(shop.load({ context: { threads }, options: failing })).rejects.toThrow('no lease');
    await shop.load({ context: { threads } });
    expect(threads.taken()).toBe(2);
  });
});
