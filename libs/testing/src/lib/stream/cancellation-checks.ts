import { StopError, type Page, type Slice } from '@loadin/pipeline';
import { expectSame, expectThat, type Check } from '../check.js';
import { promptly, someTurns } from '../waiting.js';
import { readOptions, using } from './reading.js';
import type { MakeStream, StreamSettings, StreamUnderTest } from './stream-under-test.js';

/** How a read ends that is cancelled: before its first page, between two, in a request. */
export function cancellationChecks(makeStream: MakeStream, { scheduledTime, promptMs }: StreamSettings): Check[] {
  const check = (name: string, body: (cancelled: CancelledRead) => Promise<void>): Check => ({
    name,
    run: async () => {
      const slices = await using(makeStream, async ({ stream }) => stream.plan({ scheduledTime }));
      for (const slice of slices) await using(makeStream, (under) => body(startRead(under, slice, promptMs)));
    },
  });
  return [
    check('asks nothing and gives nothing when it is cancelled already', async (read) => {
      read.cancel();
      await read.expectEnd();
    }),
    check('ends at the next page when it is cancelled between two, and asks nothing more', async (read) => {
      const first = await read.next();
      if (first.done === true || first.value.position === null) return;
      read.cancel();
      await read.expectEnd();
    }),
    check('ends when it is cancelled while the source does not answer', async (read) => {
      if (read.under.hang === undefined) return;
      read.under.hang();
      const first = read.next().catch((error: unknown) => ({ error }));
      await someTurns();
      read.cancel();
      const outcome = await promptly(`The end of ${read.what}`, first, promptMs);
      if ('error' in outcome) read.expectReason(outcome.error);
      else await read.expectEnd(); // its first page needed no answer
    }),
  ];
}

interface CancelledRead {
  readonly under: StreamUnderTest;
  /** For messages. */
  readonly what: string;
  next(): Promise<IteratorResult<Page>>;
  cancel(): void;
  expectReason(error: unknown): void;
  /** It may give pages that need no request; then it must end, with the reason of the cancellation. */
  expectEnd(): Promise<void>;
}

function startRead(under: StreamUnderTest, slice: Slice, promptMs: number): CancelledRead {
  const what = `slice ${slice.name}, which was cancelled`;
  const reason = new StopError('cancelled by the kit', { reason: 'cancelled' });
  const controller = new AbortController();
  const pages = under.stream.read(slice, readOptions(under, [], { signal: controller.signal }))[Symbol.asyncIterator]();
  let asked = 0;
  const requestsSince = (): number => (under.requests?.() ?? 0) - asked;
  const expectReason = (error: unknown): void =>
    expectThat(error === reason, `${what}, must end with the reason of its cancellation, not with ${String(error)}`);
  return {
    under,
    what,
    next: () => pages.next(),
    cancel() {
      asked = under.requests?.() ?? 0;
      controller.abort(reason);
    },
    expectReason,
    async expectEnd() {
      for (let ended = false; !ended;) {
        const next = pages.next().catch((error: unknown) => ({ error }));
        const outcome = await promptly(`The end of ${what},`, next, promptMs);
        if ('error' in outcome) expectReason(outcome.error);
        else expectThat(under.requests !== undefined && requestsSince() === 0, `${what}, gave a page`);
        ended = 'error' in outcome || outcome.done === true;
      }
      await someTurns();
      expectSame(`requests of ${what}`, requestsSince(), 0);
    },
  };
}
