import { StopError, type LastLoad, type Load, type Loaded, type LoadHistory, type Loader, type LoadOptions, type Slice } from '@loadin/pipeline';
import { silentLogger } from '@loadin/pipeline';
import { expectSame, expectThat, type Check } from '../check.js';
import { answerOf, ask, askedBy, LETTERS, type Asked } from './asking.js';
import type { LoaderUnderTest } from './loader-under-test.js';

/** What needs a history, and a second run. */
interface Runs {
  readonly under: LoaderUnderTest;
  readonly history: LoadHistory;
  readonly first: Load;
  readonly later: Load;
  /** What `history.last` answers, as another process has it. */
  last(): Promise<LastLoad>;
  load(run: Load, loader?: Loader, options?: Partial<LoadOptions>): Promise<Loaded>;
}

type Named = (name: string, body: (under: LoaderUnderTest) => Promise<void>) => Check;

/** What a Loader with a history must do besides. A loader without one passes them all. */
export function historyChecks(check: Named, promptMs: number): Check[] {
  const ofRuns = (name: string, body: (runs: Runs) => Promise<void>): Check =>
    check(`with a history: ${name}`, async (under) => {
      const { loader, load, later } = under;
      if (loader.history === undefined || later === undefined) return;
      await body(runsOf(under, loader.history, { ...load, after: null }, { ...later, after: null }));
    });
  return [
    ofRuns('knows of no load before the first one is committed', async ({ under, first, last }) => {
      expectLast(await last(), null);
      await new Promise<void>((died, ended) => {
        const dying = askedBy({ beforeCommit: () => (died(), new Promise(() => undefined)) });
        ask({ load: first }, under.loader, dying).then(() => ended(new Error('it has never asked whether it may commit')), ended);
      });
      expectLast(await last(), null);
      expectSame('rows that can be seen', await under.seen(), []);
    }),
    ofRuns('names the last load, and what it came to until its checkpoint has moved', async ({ history, first, later, last, load }) => {
      const loaded = await load(first);
      expectLast(await last(), first.runId, loaded);
      await history.settled(first, later.runId);
      expectLast(await last(), first.runId, loaded);
      await history.settled(first, first.runId);
      expectLast(await last(), first.runId);
    }),
    ofRuns('brings to its end what a killed run has committed, whoever asks first', async ({ under, first, last, load }) => {
      if (under.killed === undefined) return;
      const dead = load(first, await under.killed()).catch(() => undefined);
      await Promise.race([dead, untilCommitted(last, promptMs)]);
      const found = await Promise.all([last(), last(), last()]);
      await expectRows(under);
      const loaded = await load(first, await under.another());
      for (const each of found) expectLast(each, first.runId, loaded);
    }),
    ofRuns('asks for the slice that is left before it reads, when another run has committed since, and brings no more', async (runs) => {
      const { under, first, later, load, last } = runs;
      const loaded = await load(first);
      const cut = cutting();
      const { read, objects } = await load(later, await under.another(), cut);
      expectSame('calls of cutAnew', cut.asked.length, 1);
      expectLast(cut.asked[0], first.runId, loaded);
      expectSame('rows that it has read of no slice', [read, objects.length], [0, 0]);
      await expectRows(under);
      expectSame('the last load', (await last()).runId, later.runId);
    }),
    ofRuns('does not ask for another slice when the load that it goes on from is the last', async ({ under, first, later, load }) => {
      await load(first);
      const cut = cutting();
      await load({ ...later, after: first.runId }, await under.another(), cut);
      expectSame('calls of cutAnew', cut.asked.length, 0);
    }),
    ofRuns('brings each row once when two runs begin with the same, whichever sleeps before its commit', async (runs) => {
      await sleepThrough(runs, runs.first, runs.later);
    }),
    ofRuns('the same, when it is the later one that sleeps', async (runs) => {
      await sleepThrough(runs, runs.later, runs.first);
    }),
  ];
}

function runsOf(under: LoaderUnderTest, history: LoadHistory, first: Load, later: Load): Runs {
  return {
    ...{ under, history, first, later },
    async last() {
      const other = (await under.another()).history ?? history;
      return other.last(first, { signal: new AbortController().signal, logger: silentLogger });
    },
    load: (run, loader = under.loader, options = {}) => loader.load(run, { ...askedOf(run), ...cutting(), ...options }),
  };
}

/** Of a run: two runs have letters of their own. */
function askedOf({ runId }: Load, options?: Parameters<typeof askedBy>[0]): Asked {
  const asked = askedBy(options);
  return { ...asked, letters: { ...asked.letters, key: (part) => `${LETTERS}${runId}-${part}.ndjson` } };
}

/** Nothing is left: the source has not changed. */
function cutting(): Required<Pick<LoadOptions, 'cutAnew'>> & { readonly asked: LastLoad[] } {
  const asked: LastLoad[] = [];
  return { asked, cutAnew: async (last): Promise<Slice | undefined> => (asked.push(last), undefined) };
}

/** One sleeps right before its commit while the other brings everything. It may give up (`StopError`), and is then asked again. */
async function sleepThrough({ under, load }: Runs, sleeper: Load, other: Load): Promise<void> {
  let others: Promise<Loaded> | undefined;
  const beforeCommit = async (): Promise<void> => void (await (others ??= Promise.resolve(under.another()).then((loader) => load(other, loader))));
  await load(sleeper, under.loader, { beforeCommit }).catch(async (error: unknown) => {
    expectThat(error instanceof StopError, `it can be asked again: a StopError is expected, found ${String(error)}`);
    await expectRows(under);
    await load(sleeper, await under.another());
  });
  expectThat(others !== undefined, 'it has never asked whether it may commit');
  await expectRows(under);
}

async function expectRows({ seen, ids }: LoaderUnderTest): Promise<void> {
  expectSame('rows that can be seen', [...(await seen())].sort(), [...ids].sort());
}

/** @param open what it came to, while its checkpoint has still to move */
function expectLast(last: LastLoad | undefined, runId: string | null, open?: Loaded): void {
  expectSame('the run of the last load', last?.runId, runId);
  expectSame('what it came to', last?.open && answerOf(last.open), open && answerOf(open));
}

/** A killed load may never end. Where nothing is committed in this time, what is asked next says so. */
async function untilCommitted(last: Runs['last'], withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  while ((await last()).runId === null && performance.now() < end) await new Promise((resolve) => setImmediate(resolve));
}
