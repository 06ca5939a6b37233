import { RetryableError, StopError } from '@loadin/resilience';
import { createFaults, withFaults } from '@loadin/testing';
import fc from 'fast-check';
import { runJob, type LoadedStream, type RunReport } from '../index.js';
import { seenByRun, seenRows, steps, type LoadStep } from './file-loader.fixture.js';
import { createLoadWorld, createSleepyClock, LEASE_MS, removeFolders } from './load-world.fixture.js';

jest.setTimeout(60_000); // some seconds on an idle machine
afterAll(removeFolders);

type World = ReturnType<typeof createLoadWorld>;
const never = (): Promise<never> => new Promise(() => undefined);
const unique = (ids: readonly number[]): number[] => [...new Set(ids)];
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

/** An attempt that dies when it comes to this step, with the slice in its hands. Ends when it is dead, or has ended before. */
async function killedAt(world: World, wanted: LoadStep, at?: string): Promise<void> {
  const process = createSleepyClock(world.clock);
  await new Promise<void>((dead) => {
    const stream = world.streamOf({
      at: (step) => {
        if (step !== wanted) return undefined;
        process.asleep();
        dead();
        return never();
      },
    });
    void world.run([stream], { clock: process.clock, ...(at !== undefined && { at }) }).then(
      () => dead(),
      () => dead(),
    );
  });
}

describe.each(steps)('an attempt that is killed when it has %s', (step) => {
  it('leaves what is committed, and nothing else, to the next one', async () => {
    const world = createLoadWorld();
    world.add(7, [3]);
    await killedAt(world, step);
    const committed = step === 'committed' || step === 'completed';
    expect(seenRows(world.folder, 'postgres.orders')).toEqual(step === 'completed' ? [1, 2, 4, 5, 6, 7] : []);
    expect((await world.state.get('checkpoint/bronze/postgres.orders'))?.value).toBeUndefined();
    // The table changes meanwhile: what was not committed is read as it is now, what was committed stays.
    world.rows[2] = { id: 3, text: 'mended' };
    const began = world.clock.now();
    const report = await world.run([world.streamOf()]);
    expect(world.clock.now() - began).toBeGreaterThanOrEqual(LEASE_MS);
    expect(report).toMatchObject({ status: 'complete', problems: [], attempts: 2 });
    expect(report.streams[0]?.ledger).toMatchObject({ read: 7, rejected: committed ? 1 : 0, accepted: committed ? 6 : 7 });
    expect(seenRows(world.folder, 'postgres.orders')).toEqual(committed ? [1, 2, 4, 5, 6, 7] : upTo(7));
    // Letters are those of the commit.
    expect([...world.lake.objects.keys()].filter((key) => key.startsWith('dead-letters/'))).toHaveLength(committed ? 1 : 0);
  });
});

describe('two copies of one run', () => {
  it('that begin at the same moment load once, and answer with the same report', async () => {
    const world = createLoadWorld();
    world.add(9);
    const streams = [world.streamOf({ at: () => world.clock.sleep(2_000) }), world.streamOf({ at: () => world.clock.sleep(2_000) })];
    const [one, other] = await Promise.all(streams.map((stream) => world.run([stream])));
    expect([one?.already_complete, other?.already_complete].sort()).toEqual([false, true]);
    expect({ ...one, already_complete: true }).toEqual({ ...other, already_complete: true });
    expect(seenRows(world.folder, 'postgres.orders')).toEqual(upTo(9));
  });

  it.each(steps)('of which one slept when it had %s, and was taken for dead, commit once: what wakes up changes nothing', async (step) => {
    const world = createLoadWorld();
    world.add(9);
    let copy: RunReport | undefined;
    const process = createSleepyClock(world.clock);
    const asleep = world.streamOf({
      at: async (now) => {
        if (now !== step || copy !== undefined) return;
        process.asleep();
        copy = await world.run([world.streamOf()]);
        process.wake();
        // It would read more now.
        world.add(2);
      },
    });
    const zombie = await world.run([asleep], { clock: process.clock });
    expect(copy).toMatchObject({ status: 'complete', attempts: 2 });
    expect(zombie).toEqual({ ...copy, already_complete: true });
    expect(seenRows(world.folder, 'postgres.orders')).toEqual(upTo(9));
    expect((await world.state.get('checkpoint/bronze/postgres.orders'))?.value).toMatchObject({ cursor: '9' });
  });

  it('of which one lost its slice are told so before they commit', async () => {
    const world = createLoadWorld();
    world.add(9);
    let refused: unknown;
    const process = createSleepyClock(world.clock);
    const asleep = world.streamOf({
      at: async (step, { beforeCommit }) => {
        if (step !== 'written') return;
        process.asleep();
        // While the other one is at work.
        await new Promise<void>((taken) => {
          copy = world.run([world.streamOf({ at: (now) => (now === 'read' ? (taken(), untilRefused) : undefined) })]);
        });
        process.wake();
        refused = await beforeCommit().catch((error: unknown) => error);
        goOn();
      },
    });
    let copy: Promise<RunReport> | undefined;
    let goOn = (): void => undefined;
    const untilRefused = new Promise<void>((resolve) => (goOn = resolve));
    await world.run([asleep], { clock: process.clock });
    expect(refused).toMatchObject({ name: 'StopError', reason: 'lease' });
    expect(await copy).toMatchObject({ status: 'complete' });
    expect(seenRows(world.folder, 'postgres.orders')).toEqual(upTo(9));
  });
});

describe('at whatever call of whatever store', () => {
  const counted = async (): Promise<number> => {
    const world = createLoadWorld();
    world.add(5);
    const faults = createFaults({ seed: 1 });
    await attempt(world, faults);
    return faults.calls;
  };
  const attempt = ({ lake, state, clock, jobOf, streamOf }: World, faults: ReturnType<typeof createFaults>) =>
    runJob({ job: jobOf([streamOf()]), lake: withFaults(lake, faults), state: withFaults(state, faults), clock, at: '2024-11-08T02:00:00Z' });

  it.each(['before', 'after'] as const)(
    'a process ends, %s its effect, the next one loads every row once and moves the checkpoint last',
    async (when) => {
      const calls = await counted();
      expect(calls).toBeGreaterThan(10);
      for (let call = 1; call <= calls; call += 1) {
        const world = createLoadWorld();
        world.add(5);
        let number = 0;
        const dying = createFaults({ seed: 1 });
        await attempt(world, {
          ...dying,
          around: async (one) => {
            number += 1;
            if (number < call) return one.run();
            if (number === call && when === 'after') await one.run();
            throw new RetryableError('the process is gone');
          },
        }).catch(() => undefined);
        const checkpoint = (await world.state.get('checkpoint/bronze/postgres.orders'))?.value;
        if (checkpoint !== undefined) expect(seenRows(world.folder, 'postgres.orders')).toEqual(upTo(5));
        expect(await attempt(world, createFaults({ seed: 1 }))).toMatchObject({ status: 'complete', problems: [] });
        expect([call, seenRows(world.folder, 'postgres.orders')]).toEqual([call, upTo(5)]);
      }
    },
  );
});

describe('whatever happens in whatever order', () => {
  const event = fc.oneof(
    fc.record({ kind: fc.constant('rows' as const), count: fc.integer({ min: 1, max: 5 }), bad: fc.nat({ max: 6 }) }),
    fc.record({ kind: fc.constantFrom('killed' as const, 'fails' as const, 'stopped' as const, 'sleeps' as const), step: fc.constantFrom(...steps) }),
    fc.record({ kind: fc.constantFrom('run' as const, 'next' as const, 'copies' as const), step: fc.constant('begun' as const) }),
  );

  it('the checkpoint is never ahead of what can be seen or is in the dead letters, and no run brings a row twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 3, maxLength: 14, size: 'max' }), async (events) => {
        const world = createLoadWorld();
        let hour = 0;
        const now = (): string => `2024-11-08T${String(hour).padStart(2, '0')}:00:00Z`;
        const run = (stream: LoadedStream, more = {}): Promise<RunReport> => world.run([stream], { at: now(), ...more });
        for (const one of events) {
          if (one.kind === 'rows') world.add(one.count, [world.rows.length + one.bad]);
          else if (one.kind === 'next') hour += 1;
          else if (one.kind === 'run') await run(world.streamOf());
          else if (one.kind === 'copies') await Promise.all([run(world.streamOf()), run(world.streamOf())]);
          else if (one.kind === 'killed') await killedAt(world, one.step, now());
          else await run(...disturbed(world, one.kind, one.step, () => run(world.streamOf())));
          await expectBehind(world);
        }
        hour = 23;
        expect(await run(world.streamOf())).toMatchObject({ status: 'complete' });
        await expectBehind(world);
        const bad = world.rows.flatMap(({ id, bad: isBad }) => (isBad ? [id] : []));
        // A run that was left unfinished may have brought what the next ones bring again.
        expect(unique(seenRows(world.folder, 'postgres.orders'))).toEqual(upTo(world.rows.length).filter((id) => !bad.includes(id)));
        expect(unique(letters(world))).toEqual(bad);
      }),
      { seed: 20240115, numRuns: 60 },
    );
  });

  function disturbed(world: World, kind: 'fails' | 'stopped' | 'sleeps', step: LoadStep, copy: () => Promise<unknown>) {
    const stop = new AbortController();
    const process = createSleepyClock(world.clock);
    let isDone = false;
    const happens = async (): Promise<void> => {
      if (kind === 'fails') throw new RetryableError('the database is gone');
      if (kind === 'stopped') stop.abort(new StopError('that is enough', { reason: 'cancelled' }));
      if (kind !== 'sleeps') return;
      process.asleep();
      await copy();
      process.wake();
    };
    const stream = world.streamOf({
      at: async (here) => {
        if (here !== step || isDone) return;
        isDone = true;
        await happens();
      },
    });
    return [stream, { signal: stop.signal, clock: process.clock }] as const;
  }

  async function expectBehind(world: World): Promise<void> {
    const cursor = Number((await world.state.get('checkpoint/bronze/postgres.orders'))?.value['cursor'] ?? 0);
    const there = [...seenRows(world.folder, 'postgres.orders'), ...letters(world)];
    expect(upTo(cursor).filter((id) => !there.includes(id))).toEqual([]);
    for (const ids of seenByRun(world.folder, 'postgres.orders').values()) expect(unique(ids)).toHaveLength(ids.length);
  }

  const letters = ({ lake }: World): number[] =>
    [...lake.objects.keys()]
      .filter((key) => key.startsWith('dead-letters/'))
      .flatMap((key) => lake.text(key).trimEnd().split('\n'))
      .map((line) => (JSON.parse(line) as { record: { id: number } }).record.id)
      .sort((a, b) => a - b);
});
