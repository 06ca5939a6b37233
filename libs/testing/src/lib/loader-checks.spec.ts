import type { Loader } from '@loadin/pipeline';
import { loaderChecks } from './loader-checks.js';
import { read, underTest, type KitTable } from './loader/kit-loader.fixture.js';

describe('loaderChecks', () => {
  it.each(loaderChecks(underTest()))('a loader that keeps the promises: $name', ({ run }) => run());

  /** Names of the checks that fail. */
  async function caught(change: (loader: Loader, table: KitTable) => Loader): Promise<string[]> {
    const failed: string[] = [];
    for (const { name, run } of loaderChecks(underTest(change), { promptMs: 50 })) await run().catch(() => failed.push(name));
    return failed;
  }

  it.each<[string, (loader: Loader, table: KitTable) => Loader, RegExp]>([
    [
      'commits before it asks',
      (loader, table) => ({
        ...loader,
        load: async (_load, options) => ((table.commit ??= await read(table, options)), await options.beforeCommit(), table.commit.loaded),
      }),
      /^shows nothing before/,
    ],
    [
      'does not ask',
      (loader) => ({ ...loader, load: (load, options) => loader.load(load, { ...options, beforeCommit: async () => undefined }) }),
      /^gives everything up when it may not commit/,
    ],
    [
      'reads anew what is committed',
      (loader, table) => ({
        ...loader,
        load: async (load, options) => loader.load(load, options).then(async () => (table.commit = await read(table, options)).loaded),
      }),
      /^answers as before once it has committed/,
    ],
    [
      'commits over what another one has committed',
      (loader, table) => ({
        ...loader,
        async load(_load, options) {
          if (table.commit !== undefined) return table.commit.loaded;
          const made = await read(table, options);
          await options.beforeCommit();
          table.commit = { ...made, loaded: { ...made.loaded, notes: [{ kind: 'drift', message: String(Math.random()) }] } };
          return table.commit.loaded;
        },
      }),
      /^changes nothing when it wakes up/,
    ],
    [
      'counts what it rejects as delivered',
      (loader) => ({ ...loader, load: async (load, options) => ({ ...(await loader.load(load, options)), rejected: 0 }) }),
      /^answers counts that add up/,
    ],
    [
      'says nothing on the way',
      (loader) => ({ ...loader, load: (load, options) => loader.load(load, { ...options, onProgress: () => undefined }) }),
      /^tells how far it is/,
    ],
    [
      'writes no letters',
      (loader, table) => ({
        ...loader,
        load: async (load, options) => loader.load(load, options).finally(() => table.commit && (table.commit = { ...table.commit, letters: [] })),
      }),
      /^brings each row once, and a letter/,
    ],
    [
      'is not cancelled',
      (loader) => ({
        ...loader,
        load: (load, options) => loader.load(load, { ...options, signal: new AbortController().signal, beforeCommit: async () => undefined }),
      }),
      /^brings nothing when it is cancelled already/,
    ],
  ])('catches a loader that %s', async (_, change, expected) => {
    expect(await caught(change)).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
  });
});
