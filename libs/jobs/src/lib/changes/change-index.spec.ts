import { silentLogger, type BatchRecord } from '@loadin/pipeline';
import { createMemoryObjectStore, createRecordingLogger } from '@loadin/testing';
import { gzipSync } from 'node:zlib';
import { createChangeIndex, type StoredChanges } from './change-index.js';
import { changesKey, loadChanges, storeChanges } from './change-store.js';

const event = (id: string, local_date: string | null, hash = 'a'): BatchRecord => {
  const value = { concert_id: id, local_date };
  return { id, value, json: JSON.stringify(value), hash: hash.repeat(32) };
};
const ALL = { after: '2000-01-01', until: '2999-01-01' };
const FIRST = '2026-03-01T01:00:00Z';
const SECOND = '2026-03-01T02:00:00Z';

/** A run: what it sees is stored, and the index of the next run is made of that. */
function run(known: StoredChanges | undefined, at: string, seen: readonly BatchRecord[]) {
  const index = createChangeIndex(known, { at });
  seen.forEach(index.see);
  return index.stored();
}
const changedAfter = (known: StoredChanges, at: string, range = ALL): string[] => createChangeIndex(known, { at }).changedDays(range);

describe('the index of changes', () => {
  const known = run(undefined, FIRST, [event('x', '2026-04-01'), event('y', '2026-04-02'), event('z', '2026-04-03')]);

  it('knows of no change when it sees everything for the first time', () => {
    expect(changedAfter(known, SECOND)).toEqual([]);
  });

  it('names the days of records that have changed, are new, or have moved', () => {
    expect(changedAfter(run(known, SECOND, [event('x', '2026-04-01', 'b'), event('y', '2026-04-02')]), SECOND)).toEqual(['2026-04-01']);
    expect(changedAfter(run(known, SECOND, [event('new', '2026-04-02')]), SECOND)).toEqual(['2026-04-02']);
    expect(changedAfter(run(known, SECOND, [event('x', '2026-04-03', 'b')]), SECOND)).toEqual(['2026-04-01', '2026-04-03']);
    expect(changedAfter(run(known, SECOND, [event('x', null, 'b')]), SECOND)).toEqual(['2026-04-01']);
  });

  it('takes a day that was never read before for unknown, not for changed', () => {
    expect(changedAfter(run(known, SECOND, [event('new', '2026-05-01'), event('newer', '2026-05-01')]), SECOND)).toEqual([]);
  });

  it('forgets a change after a day, and what is over', () => {
    const changed = run(known, SECOND, [event('x', '2026-04-01', 'b')]);
    expect(changedAfter(changed, '2026-03-02T01:00:00Z')).toEqual(['2026-04-01']);
    expect(changedAfter(changed, '2026-03-02T02:00:00Z')).toEqual([]);
    expect(Object.keys(run(changed, '2026-04-05T00:00:00Z', []).days)).toEqual(['2026-04-03']);
  });

  it('names only days of a range, and of many those with the most changes', () => {
    const dates = Array.from({ length: 20 }, (_, index) => `2026-05-${String(index + 1).padStart(2, '0')}`);
    const seen = dates.flatMap((date, day) => Array.from({ length: day + 1 }, (_, n) => [date, `${date}-${n}`] as const));
    const before = run(
      undefined,
      FIRST,
      seen.map(([date, id]) => event(id, date)),
    );
    const after = run(
      before,
      SECOND,
      seen.map(([date, id]) => event(id, date, 'b')),
    );
    expect(changedAfter(after, SECOND)).toEqual(dates.slice(6));
    expect(changedAfter(after, SECOND, { after: '2026-05-17', until: '2026-05-19' })).toEqual(['2026-05-18', '2026-05-19']);
  });

  it('is bounded: the days farthest ahead are left out', () => {
    const index = createChangeIndex(known, { at: SECOND, maxRecords: 2 });
    expect(Object.keys(index.stored().days)).toEqual(['2026-04-01', '2026-04-02']);
  });

  it('does not keep undated records', () => {
    expect(run(undefined, FIRST, [event('tba', null)]).days).toEqual({});
  });
});

describe('the stored index', () => {
  it('comes back as it was', async () => {
    const lake = createMemoryObjectStore();
    const stored = run(undefined, FIRST, [event('x', '2026-04-01')]);
    await storeChanges(lake, 'ticketmaster.events', stored, silentLogger);
    expect(await loadChanges(lake, 'ticketmaster.events', silentLogger)).toEqual(stored);
  });

  it('is nothing before the first run', async () => {
    const logger = createRecordingLogger();
    expect(await loadChanges(createMemoryObjectStore(), 'ticketmaster.events', logger)).toBeUndefined();
    expect(logger.lines).toEqual([]);
  });

  it.each<[string, Uint8Array]>([
    ['no gzip', Buffer.from('{}')],
    ['no JSON', gzipSync('{')],
    ['nothing', gzipSync('null')],
    ['another version', gzipSync('{"version":2,"days":{}}')],
    ['malformed days', gzipSync('{"version":1,"days":{"2026-03-01":{"records":7}}}')],
  ])('that is %s is a warning, and means that nothing is known', async (_case, body) => {
    const lake = createMemoryObjectStore();
    await lake.put(changesKey('ticketmaster.events'), body);
    const logger = createRecordingLogger();
    expect(await loadChanges(lake, 'ticketmaster.events', logger)).toBeUndefined();
    expect(logger.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      expect.stringMatching(/^warn What has changed lately is not known: .*ticketmaster\.events\.json\.gz can't be read \(.+\)$/),
    ]);
  });
});
