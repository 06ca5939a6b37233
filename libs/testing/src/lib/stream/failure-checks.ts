import { inspect } from 'node:util';
import { LoadinError, type Page, type Slice } from '@loadin/pipeline';
import { expectThat, failureOf, type Check } from '../check.js';
import { createRecordingLogger } from '../recording-logger.js';
import { readAll, readOptions, readToEnd, spread, stored, using } from './reading.js';
import { expectContinued } from './same-records.js';
import type { MakeStream, StreamSettings, StreamUnderTest } from './stream-under-test.js';

/** What a stream says, and does not say, when a page can't be read. */
export function failureChecks(makeStream: MakeStream, settings: StreamSettings): Check[] {
  const { scheduledTime, interruptions, mayRepeat } = settings;
  return [
    {
      name: 'says so when a page can’t be read: never one less, an error of Loadin, and it goes on there later',
      run: async () => {
        const whole = await using(makeStream, (under) => readAll(under, scheduledTime));
        let before: readonly Page[] = [];
        for (const { slice, pages } of whole) {
          const requests = await requestsOf(makeStream, slice, before);
          for (const index of spread(requests, interruptions))
            await breakAt(makeStream, { slice, before, whole: pages, request: index + 1, mayRepeat });
          before = [...before, ...pages];
        }
      },
    },
    {
      name: 'lets no secret out: not in plans, pages, errors or logs',
      run: () => expectNoSecrets(makeStream, settings),
    },
  ];
}

async function requestsOf(makeStream: MakeStream, slice: Slice, before: readonly Page[]): Promise<number> {
  return using(makeStream, async (under) => {
    if (under.failFrom === undefined || under.requests === undefined) return 0;
    const asked = under.requests();
    await readToEnd(under, slice, readOptions(under, before));
    return under.requests() - asked;
  });
}

interface Broken {
  readonly slice: Slice;
  /** Pages of the slices before it. */
  readonly before: readonly Page[];
  readonly whole: readonly Page[];
  /** The source fails from this one on. */
  readonly request: number;
  readonly mayRepeat: boolean;
}

async function breakAt(makeStream: MakeStream, { slice, before, whole, request, mayRepeat }: Broken): Promise<void> {
  const what = `slice ${slice.name}, whose source fails from request ${request} on`;
  const given: Page[] = [];
  await using(makeStream, async (under) => {
    under.failFrom?.(request);
    const error = await failureOf(what, async () => {
      for await (const page of under.stream.read(slice, readOptions(under, before))) given.push(page);
      return given.length;
    });
    expectThat(error instanceof LoadinError, `${what}: expected an error of Loadin, found ${String(error)}`);
    expectThat(!String((error as Error).message).includes('\n'), `${what}: its message must be one line`);
  });
  expectThat(given.at(-1)?.position !== null, `${what}: it gave a last page`);
  const after = stored(given.at(-1)?.position ?? null);
  const rest = await using(makeStream, (under) => readToEnd(under, stored(slice), readOptions(under, [...before, ...given], { after })));
  expectContinued(`${what}, and is continued`, { earlier: given, rest, whole, mayRepeat });
}

async function expectNoSecrets(makeStream: MakeStream, { canaries, scheduledTime }: StreamSettings): Promise<void> {
  const search = (where: string, value: unknown): void => {
    const text = `${inspect(value, { depth: 30, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity })}\n${JSON.stringify(value) ?? ''}`;
    for (const [index, canary] of canaries.entries()) {
      const found = typeof canary === 'string' ? text.includes(canary) : canary.test(text);
      expectThat(!found, `canary ${index + 1} of ${canaries.length} is in ${where}`);
    }
  };
  const walk = async (under: StreamUnderTest, circumstances: string): Promise<void> => {
    const logger = createRecordingLogger();
    for (const slice of under.stream.plan({ scheduledTime })) {
      search(`the plan of slice ${slice.name}`, slice);
      const pages: Page[] = [];
      let thrown: unknown;
      try {
        for await (const page of under.stream.read(slice, readOptions(under, [], { logger }))) pages.push(page);
      } catch (error) {
        thrown = [error, (error as Error).stack];
      }
      for (const page of pages) search(`a page of slice ${slice.name}${circumstances}`, page);
      search(`the error of slice ${slice.name}${circumstances}`, thrown);
    }
    search(`the logs${circumstances}`, logger.lines);
  };
  await using(makeStream, (under) => walk(under, ''));
  await using(makeStream, async (under) => {
    under.failFrom?.(1);
    await walk(under, ' while the source fails');
  });
}
