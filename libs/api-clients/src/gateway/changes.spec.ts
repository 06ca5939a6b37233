import { asked, jobOf, names, pageSize, startShop, stateOf, truth, type Name } from './changes.fixture.js';
import type { World } from '../upstreams.fixture.js';

const hour = 3_600_000;
const lag = 60_000;
const timeOf = (state: string): number => Date.parse(state.split(' ')[1] ?? '');

describe.each(names)('runs of %s one after the other', (name: Name) => {
  let world: World;
  beforeAll(async () => (world = await startShop()));
  beforeEach(() => world.renew());
  afterAll(() => world.close());

  const states = (): string[] => truth(world, name).map((row) => stateOf(name, row));
  /** Without what is left for the next run. */
  const settled = (): string[] =>
    truth(world, name).flatMap((row) => (Date.parse(row.updated_at) <= world.clock.now() - lag ? [stateOf(name, row)] : []));

  it('begin with everything since 1970, each record once, also where pages end between records of one time', async () => {
    const job = jobOf(world, name);
    const { report, delivered } = await job.run();
    expect(report).toMatchObject({ status: 'complete', problems: [] });
    expect([...delivered].sort()).toEqual(settled().sort());
    expect(asked(world, name).length).toBe(Math.ceil(states().length / pageSize));
    expect(new Set(asked(world, name).map((query) => query.get('since')))).toEqual(new Set(['1970-01-01T00:00:00Z']));
    expect(await job.checkpoint()).toMatchObject({ cursor: settled().at(-1)?.split(' ')[1] });
  });

  it('go on from the checkpoint, ten minutes before it: what lies there is delivered again, what is older is not', async () => {
    const job = jobOf(world, name);
    await job.run();
    const cursor = (await job.checkpoint())?.['cursor'] as string;
    world.upstreams.resetRequests();
    await world.clock.sleep(hour);
    const { delivered, stream } = await job.run();
    const [query] = asked(world, name);
    const since = Date.parse(query?.get('since') ?? '');
    expect(Math.floor((Date.parse(cursor) - since) / 1000)).toBe(600);
    expect(query?.get('since')).toMatch(name === 'payments' ? /\.\d{3}Z$/ : /(\.\d{6})?\+00:00$/);
    expect([...delivered].sort()).toEqual(
      settled()
        .filter((state) => timeOf(state) >= since + 1)
        .sort(),
    );
    expect(stream.notes.map(({ kind }) => kind)).not.toContain('capability');
  });

  /**
   * Waits for a row that will be given later than another one that carries a later time, and that both belong to the run before. Gives that row, as it will be.
   */
  const untilOneIsLate = async (): Promise<string> => {
    const shop = world.upstreams.commerce[name];
    const statesAt = (now: number): string[] => shop.at(now).map((row) => stateOf(name, row));
    for (; ; await world.clock.sleep(60_000)) {
      const now = world.clock.now();
      const known = new Set(statesAt(now));
      const reached = Math.max(...[...known].map(timeOf).filter((time) => time <= now - lag));
      const late = statesAt(now + hour).find((state) => timeOf(state) < reached - 1_000 && !known.has(state));
      if (late !== undefined) return late;
    }
  };

  it('find what is written minutes late, with a time that was read beyond already', async () => {
    const job = jobOf(world, name);
    const late = await untilOneIsLate();
    expect((await job.run()).delivered).not.toContain(late);
    await world.clock.sleep(hour);
    expect((await job.run()).delivered).toContain(late);
  });

  it('would lose that without looking back', async () => {
    const job = jobOf(world, name);
    const late = await untilOneIsLate();
    for (let n = 0; n < 3; n += 1) {
      expect((await job.run({ lookBackSeconds: 0 })).delivered).not.toContain(late);
      await world.clock.sleep(hour);
    }
  });

  it.each([1, 2, 4])('deliver everything once when one ends at call %i and is tried again', async (nth) => {
    const job = jobOf(world, name);
    world.upstreams.faults.add({ api: name, effect: { kind: 'truncatedBody' }, when: { nth } });
    const first = await job.run();
    expect(first.report.status).toBe('failed');
    expect(await job.checkpoint()).toBeUndefined();
    const due = settled();
    const again = await job.run();
    expect(again.report).toMatchObject({ status: 'complete', attempts: 2 });
    expect([...first.delivered, ...again.delivered].sort()).toEqual(due.sort());
  });

  it('deliver only what is new of a service that ignores since: everything is pulled, filtered here, and the report says so', async () => {
    const job = jobOf(world, name);
    world.upstreams.limits.gateway.heedsSince = false;
    await job.run();
    world.upstreams.resetRequests();
    const cursor = Date.parse((await job.checkpoint())?.['cursor'] as string);
    await world.clock.sleep(hour);
    const { delivered, stream, report } = await job.run();
    expect(report.status).toBe('complete');
    expect(asked(world, name).length).toBe(Math.ceil(states().length / pageSize));
    expect([...delivered].sort()).toEqual(
      settled()
        .filter((state) => timeOf(state) >= cursor - 600_000)
        .sort(),
    );
    const title = name === 'payments' ? 'Payments API' : 'Shipments API';
    expect(stream.notes).toContainEqual({
      kind: 'capability',
      message: `${title} ignores since: everything is read, and what is older is left out here`,
    });
    expect(Date.parse((await job.checkpoint())?.['cursor'] as string)).toBeGreaterThan(cursor);
  });

  it('read everything again when they are asked to', async () => {
    const job = jobOf(world, name);
    await job.run();
    await world.clock.sleep(hour);
    expect([...(await job.run({}, { fullRefresh: true })).delivered].sort()).toEqual(settled().sort());
  });

  it('pass over an entry that is null, and read on', async () => {
    const job = jobOf(world, name);
    world.upstreams.faults.add({ api: name, effect: { kind: 'nulls' }, when: { nth: 2 } });
    const { report, delivered } = await job.run();
    expect([report.status, delivered.length]).toEqual(['complete', settled().length]);
  });
});
