import { StopError } from '@loadin/pipeline';
import { expectSame, expectThat, failureOf, type Check } from './check.js';
import { answerOf, ask, askedBy } from './loader/asking.js';
import { historyChecks } from './loader/history-checks.js';
import type { LoaderChecksOptions, LoaderUnderTest, MakeLoader } from './loader/loader-under-test.js';
import { promptly } from './waiting.js';

type Body = (under: LoaderUnderTest) => Promise<void>;
type Named = (name: string, body: Body) => Check;

/** What every Loader must do. `makeLoader` gives a loader with an empty target, and the same source, for each check; run each check as a test of your runner. */
export function loaderChecks(makeLoader: MakeLoader, { promptMs = 2_000 }: LoaderChecksOptions = {}): Check[] {
  const check: Named = (name, body) => ({
    name,
    run: async () => {
      const under = await makeLoader();
      try {
        await body(under);
      } finally {
        await under.close?.();
      }
    },
  });
  return [...loadChecks(check), ...commitChecks(check), ...endChecks(check, promptMs), ...historyChecks(check, promptMs)];
}

async function expectSeen({ seen, letters, ids, rejected }: LoaderUnderTest, wanted: readonly string[] = ids, lettered = rejected): Promise<void> {
  expectSame('rows that can be seen', [...(await seen())].sort(), [...wanted].sort());
  expectSame('number of dead letters', (await letters()).length, lettered);
}

/** What a load does when nothing is in the way. */
function loadChecks(check: Named): Check[] {
  return [
    check('brings each row once, and a letter for each that it rejects', async (under) => {
      await ask(under, under.loader);
      await expectSeen(under);
    }),
    check(
      'answers counts that add up: what is read is delivered, deduplicated or rejected, and its objects hold what is delivered',
      async (under) => {
        const { read, deduplicated, rejected, objects } = await ask(under, under.loader);
        expectSame('rejected', rejected, under.rejected);
        expectSame('delivered', read - deduplicated - rejected, under.ids.length);
        const held = objects.reduce((sum, { records }) => sum + records, 0);
        expectSame('records of its objects', held, under.ids.length);
      },
    ),
    check('tells how far it is, never more than it answers', async (under) => {
      const options = askedBy();
      const { read, rejected } = await ask(under, under.loader, options);
      expectThat(options.told.length > 0, 'onProgress was never called');
      const counts = options.told.map((told) => told.read);
      expectSame(
        'rows told, one after the other',
        counts,
        [...counts].sort((a, b) => a - b),
      );
      const last = options.told.at(-1);
      expectThat(
        (last?.read ?? 0) <= read && (last?.rejected ?? 0) <= rejected,
        `it told of ${last?.read} rows and ${last?.rejected} rejected, and answers ${read} and ${rejected}`,
      );
    }),
    check('names places that another reader finds: uris, each once', async (under) => {
      const { objects } = await ask(under, under.loader);
      expectSame('objects named twice', objects.length - new Set(objects.map(({ uri }) => uri)).size, 0);
      expectThat(
        objects.every(({ uri }) => /^\w+:\/\//.test(uri)),
        `not all of its objects have a uri: ${objects.map(({ uri }) => uri).join(', ')}`,
      );
    }),
  ];
}

function commitChecks(check: Named): Check[] {
  return [
    check('shows nothing before it has asked whether it may commit, and asks once', async (under) => {
      const options = askedBy({ beforeCommit: () => expectSeen(under, [], 0) });
      await ask(under, under.loader, options);
      expectSame('calls of beforeCommit', options.asked.times, 1);
    }),
    check('gives everything up when it may not commit, says why, and can be asked again', async (under) => {
      const refused = new StopError('another process has taken over', { reason: 'lease' });
      const error = await failureOf('a load that may not commit', () =>
        ask(under, under.loader, askedBy({ beforeCommit: () => Promise.reject(refused) })),
      );
      expectThat(error === refused, `the error of beforeCommit is expected as it is, found ${String(error)}`);
      await expectSeen(under, [], 0);
      await ask(under, await under.another());
      await expectSeen(under);
    }),
    check('answers as before once it has committed, reads nothing anew and asks nobody, whatever the source has now', async (under) => {
      const first = answerOf(await ask(under, under.loader));
      await under.change?.();
      for (const loader of [under.loader, await under.another()]) {
        const options = askedBy();
        expectSame('answer of a later attempt', answerOf(await ask(under, loader, options)), first);
        expectSame('calls of beforeCommit', options.asked.times, 0);
      }
      await expectSeen(under);
    }),
    check('commits once when two are at it, and both answer with that', async (under) => {
      const [one, other] = await Promise.all([ask(under, under.loader), ask(under, await under.another())]);
      expectSame('the two answers', answerOf(one), answerOf(other));
      await expectSeen(under);
    }),
    check('changes nothing when it wakes up after another one has committed, and answers as that one', async (under) => {
      let second: ReturnType<typeof answerOf> | undefined;
      const asleep = askedBy({ beforeCommit: async () => void (second = answerOf(await ask(under, await under.another()))) });
      expectSame('answer of the one that slept', answerOf(await ask(under, under.loader, asleep)), second);
      await expectSeen(under);
    }),
    check('leaves nothing in the way of the next attempt when it dies right before its commit', async (under) => {
      await new Promise<void>((died, ended) => {
        const dying = askedBy({ beforeCommit: () => (died(), new Promise(() => undefined)) });
        ask(under, under.loader, dying).then(() => ended(new Error('it has never asked whether it may commit')), ended);
      });
      await expectSeen(under, [], 0);
      await ask(under, await under.another());
      await expectSeen(under);
    }),
  ];
}

function endChecks(check: Named, promptMs: number): Check[] {
  return [
    check('brings nothing when it is cancelled already', async (under) => {
      await failureOf('a load with an aborted signal', () =>
        ask(under, under.loader, askedBy({ signal: AbortSignal.abort(new Error('cancelled by the kit')) })),
      );
      await expectSeen(under, [], 0);
    }),
    check('ends promptly, and brings nothing, when it is cancelled on the way', async (under) => {
      const cancelled = new AbortController();
      const options = askedBy({ signal: cancelled.signal });
      const loading = ask(under, under.loader, {
        ...options,
        onProgress: () => cancelled.abort(new Error('cancelled by the kit')),
        beforeCommit: async () => cancelled.signal.throwIfAborted(),
      });
      await failureOf('a load that is cancelled', () => promptly('a cancelled load', loading, promptMs));
      await expectSeen(under, [], 0);
    }),
  ];
}
