import { replayRuns, RetryableError, type Json, type JobStream, type Parsed, type RunReport, type Sink, type VerifiedRun } from '../../index.js';
import { artists, createListStream, toArtist } from '../../list-stream.fixture.js';
import { AT } from '../../run.fixture.js';
import { createVerifyWorld, type VerifyWorldOptions } from '../verify/verify.fixture.js';
import { verifyRuns } from '../verify/verify-runs.js';
import { discardLetters } from './discard.js';
import { findLetter, findLetters } from './find-letters.js';
import { parseLines, printLines } from './line-set.js';
import { retryLetters } from './retry.js';
import type { LetterSelection, OpenLetter, RetryContext, RetryReport } from './types.js';

/** A newer transform: it gives a name to those that have none. */
const mended = (raw: Json): Parsed => {
  const [parsed, id] = [toArtist(raw), (raw as { id?: string }).id];
  return parsed.ok || id === undefined ? parsed : { ok: true, id: `spotify_${id}`, record: { artist_id: `spotify_${id}`, name: 'nameless' } };
};

const SLICES: Json[][][] = [
  [artists(0, 5), [{ id: 'x0' }, { id: 'x1' }, {}]],
  [artists(10, 2), [{ id: 'x2' }]],
];

describe('dead letters', () => {
  const ran = async (options: VerifyWorldOptions & { slices?: Json[][][]; transform?: JobStream['transform'] } = {}) => {
    const world = createVerifyWorld(options);
    const stream = createListStream({ slices: options.slices ?? SLICES });
    const report = await world.run(stream, options.transform);
    const sinks = { s3_raw: world.raw, kinesis: world.kinesis };
    const list = async (selection: LetterSelection = {}): Promise<OpenLetter[]> => {
      const letters: OpenLetter[] = [];
      for await (const letter of findLetters(world, selection)) letters.push(letter);
      return letters;
    };
    const retry = (selection: LetterSelection = {}, more: Partial<RetryContext> = {}): Promise<RetryReport> =>
      retryLetters(world, selection, {
        transformOf: () => mended,
        sinkOf: async (name) => sinks[name as keyof typeof sinks],
        idOf: world.context().idOf,
        rawPrefix: world.context().rawPrefix,
        ...more,
      });
    const verified = async (): Promise<VerifiedRun | undefined> => {
      for await (const run of verifyRuns(world, {}, world.context())) return run;
      return undefined;
    };
    /** What readers of the lake see: each record once for each time that it is there. */
    const inLake = (): string[] =>
      [...world.lake.objects.keys()]
        .filter((key) => key.startsWith('raw/'))
        .flatMap((key) => (JSON.parse(world.lake.text(key)) as { records: { artist_id: string }[] }).records.map((record) => record.artist_id))
        .sort();
    return { ...world, stream, report, list, retry, verified, inLake };
  };
  const ALL = [...[0, 1, 2, 3, 4, 10, 11].map((n) => `spotify_a${n}`), 'spotify_x0', 'spotify_x1', 'spotify_x2'].sort();

  describe('are listed', () => {
    it('with what they are, by an id that stays', async () => {
      const { list, report } = await ran();
      const letters = await list();
      expect(letters.map(({ job, line, open_sinks, letter }) => ({ job, line, open_sinks, stage: letter.stage, record: letter.record }))).toEqual([
        { job: 'daily', line: 0, open_sinks: ['s3_raw', 'kinesis'], stage: 'transform', record: { id: 'x0' } },
        { job: 'daily', line: 1, open_sinks: ['s3_raw', 'kinesis'], stage: 'transform', record: { id: 'x1' } },
        { job: 'daily', line: 2, open_sinks: ['s3_raw', 'kinesis'], stage: 'transform', record: {} },
        { job: 'daily', line: 0, open_sinks: ['s3_raw', 'kinesis'], stage: 'transform', record: { id: 'x2' } },
      ]);
      expect(letters.every(({ id, letter }) => /^[0-9a-f]{12}-\d$/.test(id) && letter.run_id === report.run_id)).toBe(true);
      expect((await list()).map(({ id }) => id)).toEqual(letters.map(({ id }) => id));
    });

    it('by id, job, stream, run and stage', async () => {
      const { list, report } = await ran({ refuse: (id) => id === 'spotify_a1' });
      const [, second] = await list();
      const counts = async (selection: LetterSelection): Promise<number> => (await list(selection)).length;
      expect(await counts({ ids: [second?.id ?? ''] })).toBe(1);
      expect(await counts({ job: 'daily' })).toBe(5);
      expect(await counts({ job: 'hourly' })).toBe(0);
      expect(await counts({ stream: 'spotify.artists' })).toBe(5);
      expect(await counts({ stream: 'spotify.tracks' })).toBe(0);
      expect(await counts({ run: report.run_id, stage: 'transform' })).toBe(4);
      expect(await counts({ stage: 'sink' })).toBe(1);
      expect(await counts({ run: 'other' })).toBe(0);
    });

    it.each([
      [{ ids: ['5'] }, '"5" is no id of a dead letter'],
      [{ stream: 'artists' }, '"artists" is no stream'],
    ])('and refuse %j', async (selection, message) => {
      const { list } = await ran();
      await expect(list(selection)).rejects.toThrow(message);
    });

    it('and a damaged one is named', async () => {
      const { list, tamper, lake } = await ran();
      const [first] = await list();
      await tamper(first?.key ?? '', (text) => text.slice(0, 30));
      await expect(list()).rejects.toMatchObject({ message: 'this dead letter is damaged', where: `${lake.uri}/${first?.key}, line 1` });
      await expect(findLetter({ lake, state: (await ran()).state }, '0123456789ab-0')).rejects.toThrow('There is no dead letter 0123456789ab-0');
    });
  });

  describe('of transforms are retried', () => {
    it('with the transform of today, to all sinks: a further object of their slice, and once on the stream', async () => {
      const { retry, list, inLake, entries, verified } = await ran();
      const report = await retry();
      expect(report).toMatchObject({ letters: 4, delivered: 3, found: 0, remaining: 1 });
      expect(report.reasons).toEqual([{ reason: 'still rejected: name: is missing', letters: 1, example: (await list())[0]?.id }]);
      expect(report.objects).toEqual(['_00002', '_00101'].map((suffix) => `memory://objects/raw/spotify/artists_20241108_020000${suffix}.json`));
      expect((await list()).map(({ letter }) => letter.record)).toEqual([{}]);
      expect(inLake()).toEqual(ALL);
      expect(entries.map(({ key }) => key).sort()).toEqual(ALL);
      expect(await verified()).toMatchObject({ differences: 0, streams: [{ objects: 5, records: 10, notes: [] }] });
    });

    it('once: a second retry sends nothing', async () => {
      const { retry, entries, lake } = await ran();
      await retry();
      const [sent, stored] = [entries.length, lake.objects.size];
      expect(await retry()).toMatchObject({ letters: 1, delivered: 0 });
      expect([entries.length, lake.objects.size]).toEqual([sent, stored]);
    });

    it('one by one, when one is selected', async () => {
      const { retry, list, inLake } = await ran();
      const [first, second] = await list();
      expect(await retry({ ids: [first?.id ?? ''] })).toMatchObject({ letters: 1, delivered: 1 });
      expect(await retry({ ids: [second?.id ?? ''] })).toMatchObject({ letters: 1, delivered: 1, objects: [expect.stringContaining('_00003.json')] });
      expect(inLake()).toEqual(ALL.filter((id) => id !== 'spotify_x2'));
    });

    it('not when the run has delivered a good copy of the record', async () => {
      const { retry, inLake, entries } = await ran({ slices: [[[{ id: 'a1' }, ...artists(0, 2)]]] });
      expect(await retry()).toMatchObject({ letters: 1, delivered: 1, found: 1, remaining: 0, objects: [] });
      expect(inLake()).toEqual(['spotify_a0', 'spotify_a1']);
      expect(entries).toHaveLength(2);
    });

    it('once, when several letters are of one record, also in several slices', async () => {
      const { retry, list, inLake, entries } = await ran({ slices: [[[{ id: 'x' }, { id: 'x' }]], [[{ id: 'x' }]]] });
      expect(await retry()).toMatchObject({ letters: 3, delivered: 3, found: 2 });
      expect([inLake(), entries.map(({ key }) => key), await list()]).toEqual([['spotify_x'], ['spotify_x'], []]);
    });

    it('in several objects when they are more than one holds, and not beyond the names that a slice has', async () => {
      const many = Array.from({ length: 305 }, (_, n) => ({ id: `x${n}` }));
      const { retry, list, inLake } = await ran({ slices: [[many]] });
      // One object holds three records; the first name is taken by the run's own, which has none.
      const report = await retry();
      expect(report).toMatchObject({ letters: 305, delivered: 297, remaining: 8 });
      expect(report.reasons).toMatchObject([{ reason: 'slice 0 of its run has no free object name left (100 parts)', letters: 8 }]);
      expect([inLake().length, (await list()).length]).toEqual([297, 8]);
    });

    it('not while their run is not complete, or a replay of it is under way', async () => {
      const { retry, state, report, list } = await ran();
      await state.put(`replayed/${report.run_id}/spotify.artists`, { status: 'running' }, null);
      expect((await retry()).reasons).toMatchObject([{ reason: expect.stringContaining('a replay of its run has begun'), letters: 4 }]);
      const run = await state.get(`run/${report.run_id}`);
      await state.put(`run/${report.run_id}`, { ...run?.value, status: 'failed' }, run?.revision ?? null);
      expect((await retry()).reasons).toMatchObject([
        { reason: expect.stringMatching(/not complete \(failed\): .* loadin run daily --at 2024-11-08T02:00:00Z/), letters: 4 },
      ]);
      expect(await list()).toHaveLength(4);
    });

    it('and a replay afterwards has each record once', async () => {
      const world = await ran();
      await world.retry();
      const jobStream = { stream: world.stream, transform: mended, sinks: [world.raw, world.kinesis], schemaVersion: '1', maxRejected: 1 };
      const replay = await replayRuns({ from: AT, to: AT, lake: world.lake, state: world.state, streamOf: async () => jobStream });
      expect(replay).toMatchObject({ status: 'complete', runs: [{ streams: [{ replay: { records: { unchanged: 10, changed: 0 } } }] }] });
      expect(world.inLake()).toEqual(ALL);
      expect(await world.verified()).toMatchObject({ differences: 0 });
      expect(await world.retry()).toMatchObject({ delivered: 0 });
    });

    it('and what a replay has delivered meanwhile is settled', async () => {
      const world = await ran();
      const jobStream = { stream: world.stream, transform: mended, sinks: [world.raw, world.kinesis], schemaVersion: '1', maxRejected: 1 };
      const replay = await replayRuns({ from: AT, to: AT, lake: world.lake, state: world.state, streamOf: async () => jobStream });
      expect(replay.status).toBe('complete');
      // What the replay could not read either has a second letter.
      expect(await world.retry()).toMatchObject({ letters: 5, delivered: 3, found: 3, remaining: 2, objects: [] });
      expect(world.inLake()).toEqual(ALL);
    });
  });

  describe('of sinks are retried', () => {
    it('to the sink that did not take them, and to no other', async () => {
      let refused = true;
      const { retry, entries, list, inLake } = await ran({ refuse: (id) => refused && id === 'spotify_a1', slices: [[artists(0, 3)]] });
      const before = inLake();
      expect((await list()).map(({ open_sinks }) => open_sinks)).toEqual([['kinesis']]);
      expect(await retry()).toMatchObject({ delivered: 0, reasons: [{ reason: 'kinesis: too large' }] });
      refused = false;
      expect(await retry()).toMatchObject({ letters: 1, delivered: 1, objects: [] });
      expect(inLake()).toEqual(before);
      expect(entries.map(({ key }) => key)).toEqual(['spotify_a0', 'spotify_a2', 'spotify_a1']);
      expect(JSON.parse(Buffer.from(entries[2]?.data ?? []).toString())).toMatchObject({
        name: 'Artist 1',
        data_type: 'artists',
        ingestion_timestamp: AT,
      });
      expect(await list()).toEqual([]);
    });

    it('and stay as long as one of several sinks has not taken them', async () => {
      const busy = new Set<string>();
      const { retry, entries, list, inLake } = await ran({ busy: (id) => busy.has(id) });
      busy.add('spotify_x1');
      expect(await retry()).toMatchObject({ delivered: 2, remaining: 2 });
      expect((await list()).map(({ open_sinks }) => open_sinks)).toEqual([['kinesis'], ['s3_raw', 'kinesis']]);
      busy.clear();
      expect(await retry()).toMatchObject({ letters: 2, delivered: 1, remaining: 1 });
      expect(inLake()).toEqual(ALL);
      expect(entries.map(({ key }) => key).sort()).toEqual(ALL);
    });

    it('not when there is no such sink any more', async () => {
      const { retry, list } = await ran();
      expect(await retry({}, { sinkOf: async () => undefined })).toMatchObject({ delivered: 0, remaining: 4 });
      expect(await list()).toHaveLength(4);
    });

    it('by the retry that was begun, however often it is called while a sink is busy: each record is sent once', async () => {
      const busy = new Set(['spotify_x1']);
      const { retry, entries, lake, verified } = await ran({ busy: (id) => busy.has(id) });
      await retry();
      const stored = lake.objects.size;
      for (let again = 0; again < 3; again += 1) {
        expect(await retry({ stage: 'transform' })).toMatchObject({
          letters: 2,
          delivered: 0,
          reasons: expect.arrayContaining([expect.objectContaining({ reason: 'kinesis: the stream is throttled', letters: 1 })]),
        });
      }
      expect(lake.objects.size).toBe(stored);
      busy.clear();
      expect(await retry()).toMatchObject({ letters: 2, delivered: 1 });
      expect(entries.map(({ key }) => key).sort()).toEqual(ALL);
      expect(await verified()).toMatchObject({ differences: 0, streams: [{ on_stream: { repeated: 0 } }] });
    });

    it('to the lake once, however often the lake does not answer', async () => {
      const { retry, inLake, kinesis, raw } = await ran();
      const down: Sink = { ...raw, write: async () => Promise.reject(new RetryableError('no answer')) };
      const without = async (name: string) => (name === 's3_raw' ? down : kinesis);
      for (let again = 0; again < 3; again += 1) expect(await retry({}, { sinkOf: without })).toMatchObject({ delivered: 0, remaining: 4 });
      expect(await retry()).toMatchObject({ letters: 4, delivered: 3 });
      expect(inLake()).toEqual(ALL);
    });

    it('to the lake once, when a letter of the same record in another slice is retried by itself meanwhile', async () => {
      const { retry, list, inLake, kinesis, raw } = await ran({ slices: [[[{ id: 'x' }]], [[{ id: 'x' }]]] });
      const [first, other] = await list();
      const down: Sink = { ...raw, write: async () => Promise.reject(new RetryableError('no answer')) };
      const without = async (name: string) => (name === 's3_raw' ? down : kinesis);
      await retry({ ids: [first?.id ?? ''] }, { sinkOf: without });
      expect(await retry({ ids: [other?.id ?? ''] }, { sinkOf: without })).toMatchObject({
        reasons: [{ reason: `it waits for the letter ${first?.id}, of the same record` }],
      });
      await retry();
      expect([inLake(), await list()]).toEqual([['spotify_x'], []]);
    });

    it('without using up the names of objects, however often a sink refuses them', async () => {
      const { retry, inLake } = await ran({ refuse: (id) => id === 'spotify_a1', slices: [[[...artists(0, 2), { id: 'x0' }]]] });
      for (let again = 0; again < 105; again += 1) await retry({ stage: 'sink' });
      expect(await retry()).toMatchObject({ letters: 2, delivered: 1, reasons: [{ reason: 'kinesis: too large', letters: 1 }] });
      expect(inLake()).toEqual(['spotify_a0', 'spotify_a1', 'spotify_x0']);
    });
  });

  describe('when a retry is killed', () => {
    /** Every write of a retry, of the lake and of the state, fails in turn, before or after it was carried out. */
    const killed = async (at: number, when: 'before' | 'after') => {
      let [armed, writes] = [false, 0];
      const fail = () => (armed && (writes += 1) === at ? { error: new Error('killed'), when } : undefined);
      const world = await ran({
        failLake: (operation) => (operation === 'get' ? undefined : fail()),
        failState: (operation) => (operation === 'get' ? undefined : fail()),
      });
      armed = true;
      const outcome = await world.retry().catch((error: Error) => error.message);
      armed = false;
      return { world, outcome };
    };

    it.each([['before'], ['after']] as const)(
      '%s any of its writes, the next one ends it: each record once in the lake, and the same on the stream',
      async (when) => {
        let deaths = 0;
        for (let at = 1; ; at += 1) {
          const { world, outcome } = await killed(at, when);
          if (outcome !== 'killed') break;
          deaths += 1;
          const waiting = (await world.list()).length;
          expect({ at, waiting: waiting >= 1 }).toEqual({ at, waiting: true });
          await world.retry();
          expect({ at, letters: (await world.list()).map(({ letter }) => letter.record) }).toEqual({ at, letters: [{}] });
          expect({ at, ids: world.inLake() }).toEqual({ at, ids: ALL });
          const texts = new Set(world.entries.map(({ data }) => Buffer.from(data).toString()));
          expect({ at, sent: texts.size }).toEqual({ at, sent: ALL.length });
          expect({ at, differences: (await world.verified())?.differences }).toEqual({ at, differences: 0 });
        }
        expect(deaths).toBeGreaterThan(10);
      },
    );

    it('and a replay has rebuilt the slice before the next one, the letters are settled by what that delivered', async () => {
      for (let at = 1; ; at += 1) {
        const { world, outcome } = await killed(at, 'after');
        if (outcome !== 'killed') break;
        const jobStream = { stream: world.stream, transform: mended, sinks: [world.raw, world.kinesis], schemaVersion: '1', maxRejected: 1 };
        const replay = await replayRuns({ from: AT, to: AT, lake: world.lake, state: world.state, streamOf: async () => jobStream });
        expect(replay.status).toBe('complete');
        await world.retry();
        const waiting = (await world.list()).map(({ letter }) => JSON.stringify(letter.record));
        expect({ at, ids: world.inLake(), waiting: [...new Set(waiting)] }).toEqual({ at, ids: ALL, waiting: ['{}'] });
      }
    });

    it('two at the same time send each record to the lake once', async () => {
      const world = await ran();
      await Promise.allSettled([world.retry(), world.retry()]);
      await world.retry();
      expect(world.inLake()).toEqual(ALL);
      expect(new Set(world.entries.map(({ data }) => Buffer.from(data).toString())).size).toBe(ALL.length);
      expect(await world.list()).toHaveLength(1);
    });
  });

  describe('are discarded', () => {
    it('by selection: they are listed and retried no more, and what they said stays', async () => {
      const { list, retry, lake, state, inLake } = await ran();
      const [first] = await list();
      const text = lake.text(first?.key ?? '');
      expect(await discardLetters({ lake, state }, { ids: [first?.id ?? ''] })).toBe(1);
      expect(await list()).toHaveLength(3);
      await retry();
      expect(inLake()).not.toContain('spotify_x0');
      expect(lake.text(first?.key ?? '')).toBe(text);
      expect(await findLetter({ lake, state }, first?.id ?? '')).toMatchObject({ discarded: true });
      expect(await discardLetters({ lake, state }, {})).toBe(1);
      expect(await list()).toEqual([]);
    });
  });

  it('that were discarded while a stream was busy are not sent there by the retry that goes on', async () => {
    const busy = new Set(['spotify_x0', 'spotify_x1']);
    const { retry, list, lake, state, entries } = await ran({ busy: (id) => busy.has(id) });
    await retry();
    const [first] = await list();
    await discardLetters({ lake, state }, { ids: [first?.id ?? ''] });
    busy.clear();
    expect(await retry()).toMatchObject({ letters: 2, delivered: 1 });
    expect(await retry()).toMatchObject({ letters: 1, delivered: 0 });
    expect(entries.map(({ key }) => key).sort()).toEqual(ALL.filter((id) => id !== 'spotify_x0'));
  });

  it.each([
    ['', []],
    ['0', [0]],
    ['0-2,5,7-8', [0, 1, 2, 5, 7, 8]],
  ])('keep their lines as %j', (text, lines) => {
    expect(printLines([...lines].reverse())).toBe(text);
    expect([...parseLines(text)]).toEqual(lines);
  });

  it('leave the report of their run as it is', async () => {
    const { retry, lake, report } = await ran();
    await retry();
    expect((JSON.parse(lake.text(`_loadin/reports/daily/${report.run_id}.json`)) as RunReport).streams[0]?.ledger.rejected).toBe(4);
  });
});
