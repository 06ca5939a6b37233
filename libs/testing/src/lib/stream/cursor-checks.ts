import { cursorOrder, type Cursor, type CursorOrder, type Interval, type Json, type PlanContext, type StreamCursor } from '@loadin/pipeline';
import { expectSame, expectThat, type Check } from '../check.js';
import { oddValues } from '../hostile/odd-values.js';
import { readOptions, readToEnd, recordsIn, spread, stored, using, type ReadSlice } from './reading.js';
import type { MakeStream, StreamSettings, StreamUnderTest } from './stream-under-test.js';

/** Places in the order from which is read. */
const MOST_PLACES = 6;

/** What is known of a stream whose progress lasts from run to run. */
interface Ordered {
  readonly under: StreamUnderTest;
  readonly cursor: StreamCursor;
  readonly order: CursorOrder;
  /** Everything, read from the beginning. */
  readonly whole: readonly ReadSlice[];
  /** Cursors of records, ascending, evenly spread, each once. */
  readonly places: readonly Cursor[];
}

/** Of incremental streams with a cursor; others pass. */
export function cursorChecks(makeStream: MakeStream, { scheduledTime, interruptions, oldest }: StreamSettings): Check[] {
  const check = (name: string, body: (ordered: Ordered) => Promise<void>): Check => ({
    name,
    run: () =>
      using(makeStream, async (under) => {
        const { cursor, readMode } = under.stream;
        if (cursor === undefined || readMode !== 'incremental') return;
        const order = cursorOrder(cursor.kinds);
        const whole = await readPlan(under, { scheduledTime });
        const found = whole.flatMap(({ pages }) => recordsIn(pages).map((raw) => cursorIn(cursor, order, raw))).filter((one) => one !== undefined);
        const ascending = found.sort(order.compare).filter((one, i) => i === 0 || order.compare(found[i - 1] as Cursor, one) !== 0);
        const places = spread(ascending.length, Math.min(interruptions, MOST_PLACES)).flatMap((index) => [ascending[index] as Cursor]);
        await body({ under, cursor, order, whole, places });
      }),
  });
  const from = (since: Cursor): PlanContext => Object.freeze({ scheduledTime, since: stored(since) });
  return [
    check('says of a record where it lies in its order, or that it does not say, whatever it is given', async ({ cursor, order, whole, places }) => {
      const own = whole.flatMap(({ pages }) => recordsIn(pages));
      for (const raw of [...own, ...oddValues()]) {
        const found = cursor.of(raw);
        expectThat(
          found === undefined || order.isCursor(found),
          `cursor.of answers ${JSON.stringify(found)}: expected ${cursor.kinds.join(', ')} as texts`,
        );
        expectSame('cursor.of, asked again', cursor.of(raw), found);
      }
      expectThat(own.length === 0 || places.length > 0, 'no record of the source has a cursor');
    }),
    check('plans from the cursor of any of its records: the same again, elsewhere too, without a call', async ({ under, order, places }) => {
      for (const since of places) {
        const before = under.requests?.();
        const plan = under.stream.plan(from(since));
        expectSame(`the plan from ${shown(since)}, made again`, under.stream.plan(from(since)), plan);
        const elsewhere = await using(makeStream, async (other) => other.stream.plan(from(since)));
        expectSame(`the plan from ${shown(since)}, made by another instance`, elsewhere, plan);
        expectSame('requests of plan', under.requests?.(), before);
        expectNoGap(order, since, plan);
      }
    }),
    check('reads from a cursor on all that lies there and after it, and nothing older', async (ordered) => {
      for (const since of [...ordered.places, ...ordered.places.slice(-1).flatMap(shorter)]) {
        const read = await readPlan(ordered.under, from(since));
        expectAllSince(ordered, since, read);
        expectNothingBefore(ordered, oldest(since), since, read);
      }
    }),
    check('gives the records of a slice within the interval that it names', async (ordered) => {
      expectWithin(ordered, ordered.whole, (edge) => edge);
      for (const since of ordered.places) {
        const look = (edge: Cursor): Cursor => (ordered.order.compare(edge, since) === 0 ? oldest(since) : edge);
        expectWithin(ordered, await readPlan(ordered.under, from(since)), look);
      }
    }),
    check('gives the records of a slice in their order, when it says so', async ({ under, cursor, order, whole, places }) => {
      if (!cursor.ordered) return;
      for (const read of [whole, ...(await Promise.all(places.slice(0, 1).map((since) => readPlan(under, from(since)))))]) {
        for (const { slice, pages } of read) {
          let last: Cursor | undefined;
          for (const raw of recordsIn(pages)) {
            const next = cursor.of(raw);
            if (next === undefined) continue;
            expectThat(last === undefined || order.compare(last, next) <= 0, `slice ${slice.name} gives ${shown(next)} after ${shown(last)}`);
            last = next;
          }
        }
      }
    }),
  ];
}

/** What the plan cuts, each slice as it comes out of storage. */
async function readPlan(under: StreamUnderTest, context: PlanContext): Promise<ReadSlice[]> {
  const all: ReadSlice[] = [];
  for (const slice of stored(under.stream.plan(context))) {
    const own = all.flatMap(({ pages }) => pages);
    all.push({ slice, pages: await readToEnd(under, slice, readOptions(under, own)) });
  }
  return all;
}

/** `undefined` also for what is no cursor: that is another check's. */
function cursorIn(cursor: StreamCursor, order: CursorOrder, raw: Json): Cursor | undefined {
  const found = cursor.of(raw);
  return order.isCursor(found) ? found : undefined;
}

/** A checkpoint that lost its key: everything of the first part is read again. */
const shorter = ([first, ...key]: Cursor): Cursor[] => (key.length === 0 ? [] : [[first]]);

/** What no slice counts is never passed: the checkpoint would stay before it, run after run. */
function expectNoGap(order: CursorOrder, since: Cursor, plan: readonly { readonly name: string; readonly interval?: Interval }[]): void {
  const intervals = plan.map(({ name, interval = { from: since, to: null } }) => ({ name, ...interval }));
  for (const { name, from, to } of intervals) {
    for (const edge of [from, to]) expectThat(edge === null || order.isCursor(edge), `slice ${name}: ${JSON.stringify(edge)} is no cursor`);
    expectThat(from === null || to === null || order.compare(from, to) <= 0, `slice ${name} ends before it begins: ${shown(from)} to ${shown(to)}`);
  }
  const ascending = intervals.sort((a, b) => (a.from === null ? -1 : b.from === null ? 1 : order.compare(a.from, b.from)));
  let reached: Cursor | null = since;
  for (const { name, from, to } of ascending) {
    const joins = from === null || reached === null || order.compare(from, reached) <= 0;
    expectThat(joins, `slice ${name} begins at ${shown(from)}: nothing is read from ${shown(reached)} on`);
    reached = reached === null || to === null ? null : order.later(reached, to);
  }
}

function expectAllSince({ under, cursor, order, whole }: Ordered, since: Cursor, read: readonly ReadSlice[]): void {
  const given = new Set(deliveredOf(under, read).map((raw) => nameOf(under, raw)));
  const all = deliveredOf(under, whole).map((raw) => ({ raw, at: cursorIn(cursor, order, raw) }));
  const ascending = all
    .map(({ at }) => at)
    .filter((at) => at !== undefined)
    .sort(order.compare);
  const shared = ascending.some((at, i) => i > 0 && order.compare(ascending[i - 1] as Cursor, at) === 0);
  for (const { raw, at } of all) {
    const place = at === undefined ? -1 : order.compare(at, since);
    // Where several records share a place more of them can turn up there.
    const wanted = place > 0 || (place === 0 && shared);
    expectThat(!wanted || given.has(nameOf(under, raw)), `read from ${shown(since)} on, ${nameOf(under, raw)} at ${shown(at)} is missing`);
  }
}

function expectNothingBefore({ cursor, order }: Ordered, first: Cursor, since: Cursor, read: readonly ReadSlice[]): void {
  for (const raw of read.flatMap(({ pages }) => recordsIn(pages))) {
    const at = cursorIn(cursor, order, raw);
    expectThat(at === undefined || order.compare(at, first) >= 0, `read from ${shown(since)} on, it gives what lies at ${shown(at)}`);
  }
}

/** A slice that is finished counts up to the end of its interval: what lies there, and comes with another slice, would be passed unread. */
function expectWithin({ under, cursor, order }: Ordered, read: readonly ReadSlice[], first: (edge: Cursor) => Cursor): void {
  for (const one of read) {
    const { interval, name } = one.slice;
    if (interval === undefined) continue;
    for (const raw of deliveredOf(under, [one])) {
      const at = cursorIn(cursor, order, raw);
      if (at === undefined) continue;
      const begun = interval.from === null || order.compare(at, first(interval.from)) >= 0;
      const ended = interval.to !== null && order.compare(at, interval.to) > 0;
      expectThat(begun && !ended, `slice ${name}, from ${shown(interval.from)} to ${shown(interval.to)}, gives what lies at ${shown(at)}`);
    }
  }
}

const deliveredOf = ({ stream }: StreamUnderTest, read: readonly ReadSlice[]): Json[] =>
  read.flatMap(({ slice, pages }) => recordsIn(pages).filter((raw) => stream.belongs?.(raw, slice) !== false));

const nameOf = ({ stream }: StreamUnderTest, raw: Json): string => stream.key(raw) ?? JSON.stringify(raw);

const shown = (cursor: Cursor | null | undefined): string => (cursor === null || cursor === undefined ? 'an open end' : JSON.stringify(cursor));
