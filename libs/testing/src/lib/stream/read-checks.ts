import { createMeter } from '@loadin/observability';
import type { Page, Slice } from '@loadin/pipeline';
import { expectSame, expectThat, type Check } from '../check.js';
import { someTurns } from '../waiting.js';
import { readAll, readOptions, readToEnd, spread, stored, using } from './reading.js';
import { expectContinued, expectRecords } from './same-records.js';
import type { MakeStream, StreamSettings, StreamUnderTest } from './stream-under-test.js';

/** Pages, positions, and going on after any of them. */
export function readChecks(makeStream: MakeStream, settings: StreamSettings): Check[] {
  const { scheduledTime, maxPositionBytes, interruptions, mayRepeat } = settings;
  return [
    {
      name: 'ends each slice with exactly one last page, whose position is null',
      run: () => using(makeStream, async (under) => void (await readAll(under, scheduledTime))),
    },
    {
      name: 'gives records, requests and notes that can be landed: nothing but JSON',
      run: () =>
        using(makeStream, async (under) => {
          for (const { slice, pages } of await readAll(under, scheduledTime)) {
            for (const [index, page] of pages.entries()) expectLandable(`page ${index} of slice ${slice.name}`, page);
          }
        }),
    },
    {
      name: 'gives positions that are small JSON',
      run: () =>
        using(makeStream, async (under) => {
          for (const { slice, pages } of await readAll(under, scheduledTime)) {
            for (const [index, { position }] of pages.entries()) {
              const what = `the position of page ${index} of slice ${slice.name}`;
              expectThat(position !== undefined, `${what} is missing`);
              expectSame(`${what} after storage`, stored(position), position);
              const bytes = Buffer.byteLength(JSON.stringify(position));
              expectThat(bytes <= maxPositionBytes, `${what} has ${bytes} bytes; ${maxPositionBytes} are allowed`);
            }
          }
        }),
    },
    {
      name: 'reads the same again while the source is the same',
      run: () =>
        using(makeStream, async (under) => {
          const first = await readAll(under, scheduledTime);
          const again = await readAll(under, scheduledTime);
          for (const [index, { slice, pages }] of first.entries()) {
            expectRecords(`slice ${slice.name} read again`, again[index]?.pages ?? [], pages);
          }
        }),
    },
    {
      name: 'goes on after any page, in another process, with the same records in the same order',
      run: async () => {
        const whole = await using(makeStream, (under) => readAll(under, scheduledTime));
        let before: readonly Page[] = [];
        for (const { slice, pages } of whole) {
          for (const index of spread(pages.length - 1, interruptions)) {
            const earlier = pages.slice(0, index + 1);
            const after = stored(earlier.at(-1)?.position ?? null);
            const rest = await using(makeStream, (under) => readToEnd(under, stored(slice), readOptions(under, [...before, ...earlier], { after })));
            expectContinued(`slice ${slice.name}, continued after page ${index}`, { earlier, rest, whole: pages, mayRepeat });
          }
          before = [...before, ...pages];
        }
      },
    },
    {
      name: 'lets two reads of a slice run side by side',
      run: () =>
        using(makeStream, async (under) => {
          let before: readonly Page[] = [];
          for (const { slice, pages } of await readAll(under, scheduledTime)) {
            const own = before;
            const both = await Promise.all([1, 2].map(() => readToEnd(under, slice, readOptions(under, own))));
            for (const one of both) expectRecords(`slice ${slice.name}, read by two`, one, pages);
            before = [...before, ...pages];
          }
        }),
    },
    {
      name: 'reads nothing before it is asked, and nothing ahead of what is asked for',
      run: async () => {
        const slices = await using(makeStream, async ({ stream }) => stream.plan({ scheduledTime }));
        for (const slice of slices) {
          const asked = await using(makeStream, (under) => requestsForFirstPage(under, slice));
          if (asked > 0) await using(makeStream, (under) => expectNeeded(under, slice, asked));
        }
      },
    },
    {
      name: 'counts its requests',
      run: () =>
        using(makeStream, async (under) => {
          for (const slice of under.stream.plan({ scheduledTime })) {
            const meter = createMeter();
            const before = under.requests?.() ?? 0;
            await readToEnd(under, slice, readOptions(under, [], { meter }));
            const made = (under.requests?.() ?? 0) - before;
            expectThat(
              made === 0 || meter.totals.requests > 0,
              `slice ${slice.name} made ${made} requests; the meter shows ${meter.totals.requests} \`requests\``,
            );
          }
        }),
    },
    {
      name: 'asks for landed pages of the streams in readsAfter and its own alone, and does without them',
      run: () =>
        using(makeStream, async (under) => {
          const { stream } = under;
          const allowed = new Set([stream.id, ...(stream.readsAfter ?? [])]);
          const wanted = new Set<string>();
          const landed = async function* (streamId: string): AsyncGenerator<Page> {
            wanted.add(streamId);
            yield* [];
          };
          for (const slice of stream.plan({ scheduledTime })) await readToEnd(under, slice, readOptions(under, [], { landed }));
          for (const streamId of wanted)
            expectThat(allowed.has(streamId), `it reads the landed pages of ${streamId}, which readsAfter does not name`);
        }),
    },
  ];
}

/** Lets time pass before, between and after: whatever is read then was read ahead. */
async function requestsForFirstPage(under: StreamUnderTest, slice: Slice): Promise<number> {
  const { stream, requests = () => 0 } = under;
  const idle = requests();
  const pages = stream.read(slice, readOptions(under))[Symbol.asyncIterator]();
  await someTurns();
  expectSame(`requests of slice ${slice.name} before its first page is wanted`, requests() - idle, 0);
  const first = await pages.next();
  const asked = requests();
  await someTurns();
  expectSame(`requests of slice ${slice.name} between two pages`, requests() - asked, 0);
  expectThat(first.done !== true, `slice ${slice.name} has no page`);
  await pages.return?.();
  await someTurns();
  expectSame(`requests of slice ${slice.name} after its reader has left`, requests() - asked, 0);
  return asked - idle;
}

/** A request without which the first page comes all the same was made for a later one. */
async function expectNeeded(under: StreamUnderTest, slice: Slice, asked: number): Promise<void> {
  if (under.failFrom === undefined) return;
  under.failFrom(asked);
  const pages = under.stream.read(slice, readOptions(under))[Symbol.asyncIterator]();
  const came = await pages.next().then(
    () => true,
    () => false,
  );
  await pages.return?.();
  expectThat(!came, `slice ${slice.name} made ${asked} requests for its first page, which comes without the last of them: it reads ahead`);
}

function expectLandable(what: string, page: Page): void {
  const { records, request, notes = [] } = page;
  expectThat(Array.isArray(records), `${what} has no list of records`);
  for (const [index, record] of records.entries()) {
    expectThat(record !== undefined, `${what}: record ${index} is undefined, which is not JSON`);
    expectSame(`${what}: record ${index} after storage`, stored(record), record);
  }
  expectThat(typeof request === 'string' && request !== '', `${what} does not say which request it answers`);
  for (const { kind, message } of notes) {
    expectThat(['truncated', 'capability', 'drift', 'skipped'].includes(kind), `${what} has a note of an unknown kind: ${kind}`);
    expectThat(typeof message === 'string' && message !== '' && !message.includes('\n'), `${what} has a note that is not one line of text`);
  }
}
