import { StopError, type LastLoad, type Load, type Loaded, type Loader, type LoadHistory, type LoadOptions } from '@loadin/pipeline';
import { read, underTest, type KitTable } from './kit-loader.fixture.js';
import type { LoaderUnderTest } from './loader-under-test.js';

/** What runs have committed, in their order; it can be seen when it is complete. */
export interface KitHistory {
  readonly commits: { readonly runId: string; readonly loaded: Loaded; readonly ids: readonly string[]; complete: boolean; settled: boolean }[];
}

/** A loader with a history that keeps its promises, in memory. `dies`: right after its commit. */
export function historyLoader(table: KitTable, told: KitHistory, { dies = false } = {}): Loader & { readonly history: LoadHistory } {
  const lastRun = (): string | null => told.commits.at(-1)?.runId ?? null;
  const complete = (): void => told.commits.forEach((commit) => (commit.complete = true));
  const last = async (): Promise<LastLoad> => {
    complete();
    const found = told.commits.at(-1);
    return { runId: lastRun(), notes: [], ...(found?.settled === false && { open: found.loaded }) };
  };
  const load = async (run: Load, options: LoadOptions): Promise<Loaded> => {
    const known = told.commits.find(({ runId }) => runId === run.runId);
    complete();
    if (known !== undefined) return known.loaded;
    const base = lastRun();
    const isAnother = run.after !== undefined && run.after !== base;
    const isLeft = !isAnother || options.cutAnew === undefined || (await options.cutAnew(await last())) !== undefined;
    const { ids, loaded } = isLeft ? await read(table, options) : nothing;
    await options.beforeCommit();
    if (lastRun() !== base) throw new StopError('another run has committed', { reason: 'lease' });
    told.commits.push({ runId: run.runId, loaded, ids, complete: !dies, settled: false });
    return dies ? new Promise(() => undefined) : loaded;
  };
  return {
    name: 'kit',
    load,
    history: { last, settled: async (_of, runId) => void told.commits.slice(-1).forEach((commit) => (commit.settled ||= commit.runId === runId)) },
  };
}

const nothing = { ids: [], loaded: { read: 0, deduplicated: 0, rejected: 0, objects: [], notes: [], reached: null } satisfies Loaded };

/** One with an empty target; `change` makes it one that breaks a promise. */
export const historyUnderTest =
  (change: (loader: ReturnType<typeof historyLoader>, told: KitHistory) => Loader = (loader) => loader) =>
  async (): Promise<LoaderUnderTest> => {
    const told: KitHistory = { commits: [] };
    let table: KitTable = { rows: [], commit: undefined };
    const under = await underTest((loader, own) => ((table = own), loader))();
    const make = (dies = false): Loader => change(historyLoader(table, told, { dies }), told);
    return {
      ...under,
      loader: make(),
      later: {
        ...under.load,
        runId: 'a later run',
        ingestionId: 'another id',
        second: '2026-03-01T13:00:00Z',
        scheduledTime: '2026-03-01T13:00:00Z',
      },
      seen: async () => told.commits.flatMap(({ ids, complete }) => (complete ? ids : [])),
      another: () => make(),
      killed: () => make(true),
    };
  };
