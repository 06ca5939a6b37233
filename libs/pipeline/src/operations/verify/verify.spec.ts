import type { Json, VerifiedRun } from '../../index.js';
import { artists, createListStream } from '../../runs/list-stream.fixture.js';
import { AT } from '../../runs/run.fixture.js';
import type { VerifyContext } from './types.js';
import { createVerifyWorld, NOW } from './verify.fixture.js';
import { verifyRuns, type VerifySelection } from './verify-runs.js';

const FIRST = 'raw/spotify/artists_20241108_020000.json';
const SECOND = 'raw/spotify/artists_20241108_020000_00001.json';
const at = (key: string): string => `memory://objects/${key}`;

describe('verify', () => {
  /** A run of a slice with two objects and of one with one; one record is rejected. */
  const ran = async (options: Parameters<typeof createVerifyWorld>[0] = {}) => {
    const world = createVerifyWorld(options);
    const slices: Json[][][] = [[artists(0, 5), [{ id: 'no name' }]], [artists(10, 2)]];
    const report = await world.run(createListStream({ slices }));
    const verify = async (more: Partial<VerifyContext> = {}, selection: VerifySelection = { run: report.run_id }): Promise<VerifiedRun> => {
      const runs: VerifiedRun[] = [];
      for await (const run of verifyRuns(world, selection, world.context(more))) runs.push(run);
      const [only] = runs;
      if (only === undefined || runs.length > 1) throw new Error(`${runs.length} runs`);
      return only;
    };
    const found = async (more: Partial<VerifyContext> = {}) =>
      (await verify(more)).streams.flatMap(({ differences }) => differences.map(({ where, message }) => `${where}: ${message}`));
    return { ...world, report, verify, found };
  };

  it.each([[false], [true]])('finds nothing to say about a run that is as reported (gzip: %s)', async (gzip) => {
    const { verify } = await ran({ gzip });
    expect(await verify()).toMatchObject({
      differences: 0,
      streams: [{ objects: 3, records: 7, on_stream: { found: 7, matched: 7, repeated: 0, not_visible: 0 }, differences: [], notes: [] }],
    });
  });

  it('comes to the same in several passes, when not all ids may be held at once', async () => {
    const { verify, tamper, entries } = await ran();
    await tamper(SECOND, (text) => text.replace('spotify_a3', 'spotify_a10'));
    entries.splice(0, 1);
    const [once, often] = [await verify(), await verify({ idsInMemory: 1 })];
    expect(once.differences).toBeGreaterThan(3);
    const sorted = (run: VerifiedRun) => run.streams.map((stream) => ({ ...stream, differences: stream.differences.map(String).sort() }));
    expect(sorted(often)).toEqual(sorted(once));
    const messages = ({ streams }: VerifiedRun) => [
      ...new Set(streams.flatMap(({ differences }) => differences.map(({ where, message }) => `${where} ${message}`))),
    ];
    expect(messages(often).sort()).toEqual(messages(once).sort());
  });

  it('names an object that is gone', async () => {
    const { found, lake, report } = await ran();
    const objects = lake.objects as Map<string, unknown>;
    objects.delete(SECOND);
    expect(report.streams[0]?.objects).toHaveLength(3);
    expect(await found()).toEqual([
      `${at(SECOND)}: it is not there`,
      'kinesis://memory: records that the lake does not have: spotify_a3, spotify_a4',
    ]);
  });

  it.each<[string, (text: string) => string, RegExp[]]>([
    ['one byte', (text) => text.replace('Artist 1', 'Artist I'), [/MD5 of its content is [0-9a-f]{32}, reported is [0-9a-f]{32}$/m]],
    [
      'a record less',
      (text) => text.replace(/\{"artist_id":"spotify_a0"[^}]*\},/, ''),
      [/it holds 2 records, reported are 3/, /records_successful is 3, it holds 2/],
    ],
    ['a wrong sum', (text) => text.replace('"records_processed":3', '"records_processed":4'), [/records_processed is 4, not 3 \+ 0/]],
    ['another run', (text) => text.replace(/"run_id":"[^"]*"/, '"run_id":"other"'), [/its run_id is "other", not "/]],
    ['another part', (text) => text.replace('"part":0', '"part":7'), [/it says slice 0, part 7; its name says slice 0, part 0/]],
    ['several lines', (text) => text.replace('{', '{\n'), [/it is not one line of JSON/]],
    ['half of it', (text) => `${text.slice(0, 100)}\n`, [/it is not JSON: /]],
    ['other JSON', () => '{"records": 5}\n', [/it has no "ingestion_result" and "records"/]],
    ['no id', (text) => text.replace('"artist_id":"spotify_a1"', '"artist_id":null'), [/records without an id: number 1$/m]],
    [
      'an id twice',
      (text) => text.replace('spotify_a1"', 'spotify_a2"'),
      [/ids that the run has twice: spotify_a2 \(also in .*artists_20241108_020000\.json\)/],
    ],
    ['an id of another object', (text) => text.replace('spotify_a1"', 'spotify_a10"'), [/ids that the run has twice: spotify_a10 \(also in /]],
  ])('says what is wrong with an object that holds %s', async (_what, change, expected) => {
    const { found, tamper } = await ran();
    await tamper(FIRST, change);
    const texts = await found();
    for (const text of expected) expect(texts.join('\n')).toMatch(text);
    expect(texts.filter((text) => text.startsWith(`${at(FIRST)}:`)).length).toBeGreaterThan(0);
  });

  it('names an object among those of the run that no report names', async () => {
    const { found, lake } = await ran();
    await lake.put('raw/spotify/artists_20241108_020000_00077.json', Buffer.from('{}\n'));
    expect(await found()).toEqual([
      `${at('raw/spotify/artists_20241108_020000_00077.json')}: it lies among the objects of this run, and no report names it`,
      expect.stringContaining('it has no "ingestion_result"'),
    ]);
  });

  it('says when the report does not add up', async () => {
    const { found, tamper, report } = await ran();
    await tamper(`_loadin/reports/daily/${report.run_id}.json`, (text) =>
      text.replace('"read":8', '"read":9').replace('"delivered":7', '"delivered":6'),
    );
    expect(await found()).toEqual([
      expect.stringContaining('read 9 is not accepted 7 + rejected 1 + deduplicated 0'),
      expect.stringContaining('accepted 7 is not what s3_raw has delivered (6), refused (0) and left pending (0)'),
      expect.stringContaining('s3_raw acknowledged 6 records, the reported objects hold 7'),
    ]);
  });

  describe('of the stream', () => {
    it('names the object whose records are not there', async () => {
      const { found, entries } = await ran();
      entries.splice(0, entries.length, ...entries.filter(({ key }) => key !== 'spotify_a3' && key !== 'spotify_a4'));
      expect(await found()).toEqual([`${at(SECOND)}: records that the stream does not have: spotify_a3, spotify_a4`]);
    });

    it('names records that differ, those with a wrong hash, and those that the lake does not have', async () => {
      const { found, entries } = await ran();
      entries.sort((a, b) => (a.key < b.key ? -1 : 1));
      const changed = entries.map((entry) => JSON.parse(Buffer.from(entry.data).toString()) as Record<string, string>);
      const put = (index: number, value: object, key = entries[index]?.key ?? ''): void => {
        entries[index] = { key, where: `shard-0 ${index}`, data: Buffer.from(JSON.stringify(value)) };
      };
      put(0, { ...changed[0], name: 'Somebody' });
      put(7, { ...changed[1], artist_id: 'spotify_new' }, 'spotify_new');
      const texts = await found();
      expect(texts).toEqual(
        expect.arrayContaining([
          'kinesis://memory: records whose record_hash is not that of their content: spotify_a0 (shard-0 0), spotify_new (shard-0 7)',
          'kinesis://memory: records that differ from those of the lake: spotify_a0 (shard-0 0)',
          'kinesis://memory: records that the lake does not have: spotify_new',
        ]),
      );
      expect(texts).toHaveLength(3);
    });

    it('counts what was sent again, and ignores what other runs and other systems sent', async () => {
      const { verify, entries } = await ran();
      const [first] = entries;
      if (first === undefined) throw new Error('nothing was sent');
      entries.push(first, { ...first, data: Buffer.from('not JSON') }, { ...first, data: Buffer.from('{"run_id":"other"}') });
      expect(await verify()).toMatchObject({ differences: 0, streams: [{ on_stream: { found: 8, matched: 7, repeated: 1 } }] });
    });

    it('does not miss what the sink refused: its dead letter says why', async () => {
      const { verify, report } = await ran({ refuse: (id) => id === 'spotify_a4' });
      expect(report.streams[0]?.ledger.sinks['kinesis']).toMatchObject({ delivered: 6, dead_lettered: 1 });
      expect(await verify()).toMatchObject({ differences: 0, streams: [{ on_stream: { matched: 6 } }] });
    });

    it('says what it can not see any more, and does not call that missing', async () => {
      const { verify, reader, entries } = await ran();
      entries.splice(0, 5);
      const [stream] = (await verify({ stream: reader(NOW - 60_000) })).streams;
      expect(stream).toMatchObject({ differences: [], on_stream: { matched: 2, not_visible: 5 } });
      expect(stream?.notes).toEqual([
        expect.stringMatching(/^kinesis:\/\/memory keeps nothing from before 2024-11-08T02:59:05Z, and the run began at /),
      ]);
    });

    it('is left out when nobody gives one', async () => {
      const { verify } = await ran();
      expect((await verify({ stream: undefined })).streams).toMatchObject([{ on_stream: null, differences: [] }]);
    });
  });

  it('misses records of a job that has the stream as its only sink', async () => {
    const { verify, entries } = await ran({ streamOnly: true });
    expect(await verify()).toMatchObject({ differences: 0, streams: [{ objects: 0, on_stream: { found: 7, matched: 7, repeated: 0 } }] });
    entries.splice(0, 2, ...entries.slice(2, 3));
    expect((await verify()).streams.flatMap(({ differences }) => differences)).toEqual([
      { where: 'kinesis://memory', kind: 'stream', message: 'spotify.artists: kinesis acknowledged 7 records, 5 are there' },
    ]);
  });

  describe('of dead letters', () => {
    const letterKey = (lake: { readonly objects: ReadonlyMap<string, unknown> }): string =>
      [...lake.objects.keys()].find((key) => key.startsWith('dead-letters/')) ?? '';

    it('says that some are not there any more', async () => {
      const { verify, lake } = await ran();
      (lake.objects as Map<string, unknown>).delete(letterKey(lake));
      expect(await verify()).toMatchObject({
        differences: 0,
        streams: [{ notes: ["of 1 dead letters of records that could not be read only 0 are there: the others can't be retried any more"] }],
      });
    });

    it('names the object that is damaged, and looks at everything else', async () => {
      const { found, lake, tamper } = await ran();
      await tamper(letterKey(lake), (text) => text.slice(0, 20));
      await tamper(FIRST, (text) => text.replace('Artist 1', 'Artist I'));
      expect(await found()).toEqual(
        expect.arrayContaining([
          `${at(letterKey(lake))}, line 1: this dead letter is damaged`,
          expect.stringContaining(`${at(FIRST)}: MD5 of its content is`),
        ]),
      );
    });
  });

  it('takes the last runs of a stream, or the latest run', async () => {
    const { verify, report } = await ran();
    expect((await verify({}, { stream: 'spotify.artists', last: 3 })).run_id).toBe(report.run_id);
    expect((await verify({}, {})).run_id).toBe(report.run_id);
    await expect(verify({}, { stream: 'spotify.tracks' })).rejects.toThrow('No run has a report of the stream "spotify.tracks"');
  });

  it('says that a run without a report can not be verified', async () => {
    const { verify, state } = await ran();
    const run_id = 'aaaaaaaa-0d08-59a8-b820-80d6ea3cb672';
    await state.put(`run/${run_id}`, { run_id, job: 'daily', scheduled_time: AT, status: 'running' }, null);
    await expect(verify({}, { run: run_id })).rejects.toThrow('has no report yet');
  });
});
