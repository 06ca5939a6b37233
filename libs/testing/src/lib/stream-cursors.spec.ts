import type { Cursor, Interval, Json, Page, PlanContext, Slice, Stream, StreamCursor } from '@loadin/pipeline';
import { streamChecks } from './stream-checks.js';

interface Entry {
  readonly id: string;
  readonly at: string;
}

/** Two entries each minute, and one that does not say when. */
const entries: readonly Entry[] = Array.from({ length: 12 }, (_, n) => ({ id: `e${n}`, at: `2024-01-15T10:${String(n >> 1).padStart(2, '0')}:00Z` }));
const undated: Json = { id: 'undated' };
const atOf = (raw: Json): string | undefined => (raw as Partial<Entry> | null)?.at;

/** A log in the order of time, cut at a minute; what lies at `since` comes again. */
function createLog(
  change: { cursor?: Partial<StreamCursor>; intervals?: (context: PlanContext) => Interval[]; read?: (own: Json[]) => Json[]; after?: boolean } = {},
): Stream {
  const cut = ['2024-01-15T10:03:00Z'] as const;
  const intervalsOf = ({ since }: PlanContext): Interval[] => {
    if (since !== undefined && since[0] >= cut[0]) return [{ from: since, to: null }];
    return [
      { from: since ?? null, to: cut },
      { from: cut, to: null },
    ];
  };
  const isIn = ({ at }: Entry, { from, to }: Interval): boolean => {
    const begun = from === null || at >= from[0];
    return begun && (to === null || at < to[0]);
  };
  return {
    id: 'kit.log',
    source: 'kit',
    dataType: 'log',
    readMode: 'incremental',
    cursor: {
      kinds: ['time'],
      ordered: true,
      of: (raw) => (typeof atOf(raw) === 'string' && !Number.isNaN(Date.parse(atOf(raw) ?? '')) ? [atOf(raw) as string] : undefined),
      ...change.cursor,
    },
    plan: (context) =>
      (change.intervals ?? intervalsOf)(context).map((interval, ordinal): Slice => ({
        ordinal,
        name: `part ${ordinal}`,
        bounds: { from: interval.from?.[0] ?? null, to: interval.to?.[0] ?? null },
        interval,
      })),
    key: (raw) => (raw !== null && typeof raw === 'object' && 'id' in raw && typeof raw.id === 'string' && raw.id !== '' ? raw.id : undefined),
    async *read({ bounds, ordinal }, { after, signal }): AsyncGenerator<Page> {
      const { from, to } = bounds as { from: string | null; to: string | null };
      const own: Json[] = entries
        .filter((entry) => isIn(entry, { from: from === null ? null : [from], to: to === null ? null : [to] }))
        .map((entry) => ({ ...entry }));
      const all = ordinal === 0 && from === null ? [undated, ...own] : own;
      const begun = change.after === true && ordinal === 0 && from !== null ? all.filter((raw) => atOf(raw) !== from) : all;
      const records = (change.read ?? ((each) => each))(begun);
      for (let first = Number(after ?? 0); ; first += 4) {
        await Promise.resolve();
        signal.throwIfAborted();
        const isLast = first + 4 >= records.length;
        yield { records: records.slice(first, first + 4), position: isLast ? null : first + 4, request: 'GET /log' };
        if (isLast) return;
      }
    },
  };
}

describe('streamChecks of a stream with a cursor', () => {
  it.each(streamChecks(() => ({ stream: createLog() })))('one that keeps the promises: $name', ({ run }) => run());

  async function caught(change: Parameters<typeof createLog>[0], options: Parameters<typeof streamChecks>[1] = {}): Promise<Record<string, string>> {
    const failed: Record<string, string> = {};
    for (const { name, run } of streamChecks(() => ({ stream: createLog(change) }), options))
      await run().catch((error: Error) => (failed[name] = error.message));
    return failed;
  }
  const reading = 'reads from a cursor on all that lies there and after it, and nothing older';
  const within = 'gives the records of a slice within the interval that it names';

  it('catches cursors that are none, or throw', async () => {
    const name = 'says of a record where it lies in its order, or that it does not say, whatever it is given';
    expect((await caught({ cursor: { of: (raw) => [String(atOf(raw))] } }))[name]).toBe('cursor.of answers ["undefined"]: expected time as texts');
    expect((await caught({ cursor: { of: () => undefined } }))[name]).toBe('no record of the source has a cursor');
    expect((await caught({ cursor: { of: (raw) => [(raw as unknown as Entry).at.trim()] } }))[name]).toBeDefined();
  });

  it('catches a read that begins before what it was given, or after records that share its place', async () => {
    const fromTheBeginning = await caught({ intervals: () => [{ from: null, to: null }] });
    expect(fromTheBeginning).toEqual({ [reading]: 'read from ["2024-01-15T10:01:00Z"] on, it gives what lies at ["2024-01-15T10:00:00Z"]' });
    const late = await caught({ after: true });
    expect(late[reading]).toMatch(/^read from \["2024-01-15T10:0\d:00Z"\] on, e\d+ at \["2024-01-15T10:0\d:00Z"\] is missing$/);
  });

  it('takes a source that looks back as far as it says', async () => {
    const back = (since: Cursor): Cursor => [new Date(Date.parse(since[0]) - 120_000).toISOString()];
    const intervals = ({ since }: PlanContext): Interval[] => [{ from: since === undefined ? null : back(since), to: null }];
    expect(await caught({ intervals }, { oldest: back })).toEqual({});
    expect(Object.keys(await caught({ intervals }))).toEqual([reading]);
  });

  it('catches slices that leave a gap, or give what another one counts', async () => {
    const gap = await caught({
      intervals: ({ since }) => [
        { from: since ?? null, to: ['2024-01-15T10:03:00Z'] },
        { from: ['2024-01-15T10:04:00Z'], to: null },
      ],
    });
    expect(gap['plans from the cursor of any of its records: the same again, elsewhere too, without a call']).toBe(
      'slice part 1 begins at ["2024-01-15T10:04:00Z"]: nothing is read from ["2024-01-15T10:03:00Z"] on',
    );
    const early = await caught({ read: (own) => [...own, { ...entries.at(-1) } as unknown as Json] });
    expect(early[within]).toBe('slice part 0, from an open end to ["2024-01-15T10:03:00Z"], gives what lies at ["2024-01-15T10:05:00Z"]');
  });

  it('catches records in another order than it says', async () => {
    const reversed = (own: Json[]): Json[] => [...own].reverse();
    expect(await caught({ read: reversed })).toEqual({
      'gives the records of a slice in their order, when it says so': 'slice part 0 gives ["2024-01-15T10:01:00Z"] after ["2024-01-15T10:02:00Z"]',
    });
    expect(await caught({ read: reversed, cursor: { ordered: false } })).toEqual({});
  });
});
