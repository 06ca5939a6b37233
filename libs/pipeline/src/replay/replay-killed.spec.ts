import type { BatchRecord, Parsed, Json } from '../index.js';
import { artists, toArtist } from '../runs/list-stream.fixture.js';
import { createReplayWorld, killedAt, stricter, withMark } from './replay.fixture.js';

/** Two slices with a record of each kind: accepted, rejected, doubled, one that belongs to nobody. */
const SLICES = [[[{ id: 'a50' }, ...artists(0, 5)], artists(4, 3)], [[...artists(20, 3), ...artists(6, 1)]]];
const belongs = (raw: Json): true | 'unclaimed' => ((raw as { id: string }).id === 'a6' ? 'unclaimed' : true);

type World = ReturnType<typeof createReplayWorld>;
const worldWithRun = async (): Promise<World> => {
  const world = createReplayWorld({ slices: SLICES, belongs });
  expect((await world.run()).status).toBe('complete');
  return world;
};
const key = ({ id, hash, replayOf }: BatchRecord): string => `${id} ${hash} ${replayOf ?? ''}`;
const rawContent = (world: World): string[] => world.raw.records.map(({ id, hash }) => `${id} ${hash}`).sort();

/** What an undisturbed replay leaves in the lake and sends. */
async function undisturbed(transform: (raw: Json) => Parsed) {
  const world = await worldWithRun();
  const before = world.everSent().length;
  const report = await world.replay({ transform });
  expect(report.status).toBe('complete');
  return { raw: rawContent(world), sent: new Set(world.everSent().slice(before).map(key)), replay: report.runs[0]?.streams[0]?.replay };
}

const marked = (raw: Json): Parsed => withMark(raw);
/** Marks as well, and refuses one. */
const mended = (raw: Json): Parsed => (other(raw).ok ? withMark(raw) : other(raw));
/** One record less and one more: the cuts are others. */
const moved = stricter((id) => !['spotify_a1', 'spotify_a50'].includes(id));
const other = stricter((id) => id === 'spotify_a1');

describe('a replay that is killed at any moment', () => {
  it.each([
    ['with another transform', marked],
    ['with one that moves the cuts of objects', other],
    ['with the transform unchanged', toArtist],
  ])('%s, is finished by the next call, and nothing is lost, doubled in the lake, or sent in two ways', async (_, transform) => {
    const expected = await undisturbed(transform);
    let calls = 0;
    for (let survived = false; !survived;) {
      calls += 1;
      const world = await worldWithRun();
      const before = world.everSent().length;
      const wrap = killedAt(calls);
      const first = await world.replay({ transform, wrap }).catch(() => undefined);
      survived = !wrap.killed;
      if (!survived) expect(first?.status).not.toBe('complete');
      const report = await world.replay({ transform });
      expect(report).toMatchObject({ status: 'complete', runs: [{ status: 'complete', problems: [] }] });
      expect(rawContent(world)).toEqual(expected.raw);
      const sent = world.everSent().slice(before).map(key);
      // After a replay that ended well the next call is a new one: that finds everything unchanged.
      if (survived) continue;
      expect(new Set(sent)).toEqual(expected.sent);
      expect(report.runs[0]?.streams[0]?.replay).toEqual(expected.replay);
    }
    expect(calls).toBeGreaterThan(20);
  });

  it('is finished with the transform of the next call when that has changed meanwhile: records that were sent changed are not sent as if they were not', async () => {
    const expected = await undisturbed(mended);
    for (let calls = 1, survived = false; !survived; calls += 1) {
      const world = await worldWithRun();
      const wrap = killedAt(calls);
      const before = world.everSent().length;
      await world.replay({ transform: marked, wrap }).catch(() => undefined);
      survived = !wrap.killed;
      if (survived) continue;
      expect(await world.replay({ transform: mended })).toMatchObject({ status: 'complete', runs: [{ problems: [] }] });
      expect(rawContent(world)).toEqual(expected.raw);
      const last = new Map(
        world
          .everSent()
          .slice(before)
          .map((record) => [record.id, record]),
      );
      expect(rawContent(world).every((line) => line === `${line.split(' ')[0]} ${last.get(line.split(' ')[0] ?? '')?.hash}`)).toBe(true);
      // Whatever differs from what was delivered first says so; more may, because an object may have been replaced in between.
      for (const [id, , replayOf] of [...expected.sent].map((line) => line.split(' ')))
        if (replayOf !== '') expect(last.get(id ?? '')?.replayOf).toBe(replayOf);
    }
  });
});

describe('a replay whose transforms change and are taken back before it has ended', () => {
  it.each([
    ['another, the first, another', moved, marked],
    ['the first, another, the first', marked, moved],
  ])(
    'leaves what the last one makes, wherever the attempts were killed: %s',
    async (_, one, two) => {
      const expected = await undisturbed(one);
      for (let [first, survived] = [1, false]; !survived; first += 7) {
        for (let [second, finished] = [1, false]; !finished; second += 5) {
          const world = await worldWithRun();
          const [killed, killedToo] = [killedAt(first), killedAt(second)];
          await world.replay({ transform: one, wrap: killed }).catch(() => undefined);
          survived = !killed.killed;
          await world.replay({ transform: two, wrap: killedToo }).catch(() => undefined);
          finished = !killedToo.killed;
          expect((await world.replay({ transform: one })).status).toBe('complete');
          expect(rawContent(world)).toEqual(expected.raw);
        }
      }
    },
    30_000,
  ); // the machine may be busy with other things
});

describe('a replay whose job gets the raw sink back before it has ended', () => {
  it('leaves none of the objects that are needed no more', async () => {
    const few = stricter((id) => id !== 'spotify_a0');
    const expected = await undisturbed(few);
    for (let [calls, survived] = [1, false]; !survived; calls += 1) {
      const world = await worldWithRun();
      const wrap = killedAt(calls);
      await world.replay({ transform: few, wrap, sinkNames: ['kinesis'] }).catch(() => undefined);
      survived = !wrap.killed;
      expect((await world.replay({ transform: few })).status).toBe('complete');
      expect(rawContent(world)).toEqual(expected.raw);
    }
  });
});
