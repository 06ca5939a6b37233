import type { Loader } from '@loadin/pipeline';
import { loaderChecks } from '../loader-checks.js';
import { historyUnderTest, type historyLoader, type KitHistory } from './kit-history.fixture.js';

type Kit = ReturnType<typeof historyLoader>;
const begun = new WeakMap<KitHistory, string>();
const ofHistory = ({ name }: { readonly name: string }): boolean => name.startsWith('with a history');

describe('loaderChecks of a loader with a history', () => {
  it.each(loaderChecks(historyUnderTest()).filter(ofHistory))('one that keeps the promises: $name', ({ run }) => run());

  async function caught(change: (loader: Kit, told: KitHistory) => Loader): Promise<string[]> {
    const failed: string[] = [];
    for (const { name, run } of loaderChecks(historyUnderTest(change), { promptMs: 50 }).filter(ofHistory))
      await run().catch(() => failed.push(name));
    return failed;
  }

  it.each<[string, (loader: Kit, told: KitHistory) => Loader, RegExp]>([
    [
      'counts a load before it is committed',
      (loader, told) => {
        const load: Loader['load'] = (run, options) => (begun.set(told, run.runId), loader.load(run, options));
        return { ...loader, load, history: { ...loader.history, last: async () => ({ runId: begun.get(told) ?? null, notes: [] }) } };
      },
      /knows of no load before/,
    ],
    [
      'forgets what a load came to',
      (loader) => ({
        ...loader,
        history: { ...loader.history, last: async (of, options) => ({ runId: (await loader.history.last(of, options)).runId, notes: [] }) },
      }),
      /names the last load/,
    ],
    [
      'takes any word for that of the last load',
      (loader, { commits }) => ({
        ...loader,
        history: { ...loader.history, settled: async () => commits.forEach((commit) => (commit.settled = true)) },
      }),
      /names the last load/,
    ],
    [
      'never learns that the checkpoint has moved',
      (loader) => ({ ...loader, history: { ...loader.history, settled: async () => undefined } }),
      /names the last load/,
    ],
    [
      'counts what can not be seen yet',
      (loader, { commits }) => ({
        ...loader,
        history: {
          ...loader.history,
          async last() {
            const found = commits.at(-1);
            return { runId: found?.runId ?? null, notes: [], ...(found?.settled === false && { open: found.loaded }) };
          },
        },
      }),
      /brings to its end what a killed run/,
    ],
    [
      'reads the slice that was planned',
      (loader) => ({ ...loader, load: (run, options) => loader.load(run, { ...options, cutAnew: undefined }) }),
      /asks for the slice that is left/,
    ],
    [
      'always asks for another slice',
      (loader) => ({ ...loader, load: (run, options) => loader.load({ ...run, after: 'none of them' }, options) }),
      /does not ask for another slice/,
    ],
    [
      'commits beside another run',
      (loader, { commits }) => ({
        ...loader,
        async load(run, options) {
          const made = commits.length;
          let others: typeof commits = [];
          const beforeCommit = async (): Promise<void> => {
            await options.beforeCommit();
            others = commits.splice(made);
          };
          return loader.load(run, { ...options, beforeCommit }).finally(() => commits.splice(made, 0, ...others));
        },
      }),
      /when two runs begin with the same/,
    ],
  ])('catches one that %s', async (_, change, expected) => {
    expect(await caught(change)).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
  });
});
