import type { SincePaging } from './paging-kinds.js';
import { filtered, hour, keyset, many, minute, world } from './payments-job.fixture.js';

jest.setTimeout(30_000); // 200 calls each; a tenth of a second on an idle machine

const services = [
  ['keysets', keyset, false],
  ['keysets of services that give since itself again', keyset, true],
  ['keysets that say so', { ...keyset, inclusive: true }, true],
  ['filtered lists', filtered, false],
  ['filtered lists of services that give since itself again', filtered, true],
] as const;

describe.each<readonly [string, SincePaging, boolean]>(services)('runs one after the other: %s', (_, paging, inclusive) => {
  it('read only what is new, and again only what lies at the very place where the one before has ended', async () => {
    const { state, run, checkpoint, close } = await world(paging, { inclusive });
    const first = await run(hour(11));
    expect(first.report).toMatchObject({ status: 'complete', problems: [] });
    expect([...first.ids].sort()).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7']);
    expect(await checkpoint()).toMatchObject({ last_sync_timestamp: minute(6), cursor: minute(6), record_count: 8, run_id: first.report.run_id });
    state.payments.push({ id: 'new', at: minute(9) }, { id: 'late', at: minute(6) });
    const second = await run(hour(12));
    expect([...second.ids].sort()).toEqual(['late', 'new', 'p7']);
    expect(second.stream.checkpoint).toMatchObject({ last_sync_timestamp: minute(9), record_count: 3 });
    await close();
  });

  it('find what was late even when nothing came in between', async () => {
    const { state, run, close } = await world(paging, { inclusive });
    await run(hour(11));
    expect((await run(hour(12))).ids).toEqual(['p7']);
    state.payments.push({ id: 'late', at: minute(7) });
    expect([...(await run(hour(13))).ids].sort()).toEqual(['late', 'p7']);
    await close();
  });

  it.each([1, 2, 42, 44])('lose nothing when one of them ends at call %i, and the next one is another run', async (failAt) => {
    const { state, run, checkpoint, close } = await world(paging, { inclusive, payments: many });
    state.failAt = failAt;
    const first = await run(hour(11));
    expect(first.report.status).toBe('failed');
    const reached = (await checkpoint())?.['cursor'] as string | undefined;
    expect(reached !== undefined).toBe(paging.pages === undefined && failAt > 40);
    expect(first.stream.checkpoint).toEqual((await checkpoint()) ?? null);
    // Nothing is passed that was not delivered, also not by a record that shares its place with one that was.
    for (const { id, at } of many) if (reached !== undefined && at <= reached) expect(first.ids).toContain(id);
    const second = await run(hour(12));
    expect(second.report.status).toBe('complete');
    expect([...new Set([...first.ids, ...second.ids])].sort()).toEqual(many.map(({ id }) => id).sort());
    // What lies before the checkpoint is not read again.
    for (const { id, at } of many) if (reached !== undefined && at < reached) expect(second.ids).not.toContain(id);
    expect(await checkpoint()).toMatchObject({ cursor: many.at(-1)?.at });
    await close();
  });

  it('deliver everything once when the one that has ended half-way is tried again', async () => {
    const { state, run, checkpoint, close } = await world(paging, { inclusive, payments: many });
    state.failAt = 44;
    const first = await run(hour(11));
    expect(first.ids).not.toEqual([]);
    const again = await run(hour(11));
    expect(again.report).toMatchObject({ status: 'complete', attempts: 2 });
    expect([...first.ids, ...again.ids].sort()).toEqual(many.map(({ id }) => id).sort());
    expect(await checkpoint()).toMatchObject({ cursor: many.at(-1)?.at });
    await close();
  });

  it('go on from where somebody has put the checkpoint, with all that lies there', async () => {
    const { run, edit, checkpoint, close } = await world(paging, { inclusive });
    await run(hour(11));
    await edit({ last_sync_timestamp: minute(5) });
    const second = await run(hour(12));
    expect([...second.ids].sort()).toEqual(['p5', 'p6', 'p7']);
    expect(await checkpoint()).toMatchObject({ last_sync_timestamp: minute(6), cursor: minute(6) });
    await close();
  });

  it('read everything again when they are asked to, and move no checkpoint back', async () => {
    const { state, run, checkpoint, close } = await world(paging, { inclusive });
    await run(hour(11));
    state.payments = state.payments.slice(0, 4);
    expect((await run(hour(12), { fullRefresh: true })).ids).toHaveLength(4);
    expect(await checkpoint()).toMatchObject({ cursor: minute(6) });
    await close();
  });
});

describe.each([keyset, filtered, { ...keyset, inclusive: true }])('a stream that looks back', (paging) => {
  const late = { id: 'late', at: minute(4) };

  it('reads again from so many seconds before the checkpoint, and so what has turned up there', async () => {
    const { state, run, asked, checkpoint, close } = await world({ ...paging, lookBackSeconds: 120 }, { inclusive: true });
    const first = await run(hour(11));
    expect(first.ids).toHaveLength(8);
    const calls = asked().length;
    state.payments.push(late);
    const second = await run(hour(12));
    expect([...second.ids].sort()).toEqual(['late', 'p4', 'p5', 'p6', 'p7']);
    expect(asked()[calls]).toBe('inclusive' in paging ? minute(4) : '2024-01-15T10:03:59Z');
    expect(await checkpoint()).toMatchObject({ cursor: minute(6) });
    await close();
  });

  it('can be told to look back further, or not at all', async () => {
    const { state, run, close } = await world({ ...paging, lookBackSeconds: 120 }, { inclusive: true });
    await run(hour(11));
    state.payments.push(late);
    expect((await run(hour(12), {}, { lookBackSeconds: 0 })).ids).toEqual(['p7']);
    expect([...(await run(hour(13), {}, { lookBackSeconds: 240 })).ids].sort()).toEqual(['late', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7']);
    await close();
  });

  it('moves no checkpoint back when it ends before it comes to it', async () => {
    const { state, run, checkpoint, close } = await world({ ...paging, lookBackSeconds: 240 }, { inclusive: true });
    await run(hour(11));
    const before = await checkpoint();
    state.payments.push(late, { id: 'new', at: minute(9) });
    state.failAt = 2;
    expect((await run(hour(12))).report.status).toBe('failed');
    expect((await checkpoint())?.['cursor']).toEqual(before?.['cursor']);
    expect((await run(hour(13))).ids).toEqual(expect.arrayContaining(['late', 'new']));
    await close();
  });
});

describe('an incremental job', () => {
  it('begins with what the service wants to be asked for, until there is a checkpoint', async () => {
    const { run, asked, close } = await world({ ...keyset, begin: '1970-01-01' });
    expect((await run(hour(11))).ids).toHaveLength(8);
    expect(asked()[0]).toBe('1970-01-01');
    await run(hour(12));
    expect(asked().at(-1)).toBe('2024-01-15T10:05:59Z');
    expect((await run(hour(13), { fullRefresh: true }, { since: minute(5) })).ids).toEqual(['p7']);
    await close();
  });

  it('has nothing to read at an old time that was read beyond already, asks for nothing and says so', async () => {
    const { run, asked, checkpoint, close } = await world();
    await run(hour(12));
    const [before, calls] = [await checkpoint(), asked().length];
    const { report, stream, ids } = await run(hour(11));
    expect([report.status, ids, asked().length]).toEqual(['complete', [], calls]);
    expect(stream.notes).toEqual([{ kind: 'skipped', message: `shows.payments has been read beyond ${hour(11)} already: nothing is left to read` }]);
    expect(await checkpoint()).toEqual(before);
    await close();
  });

  it('begins with the since that it was given, until there is a checkpoint', async () => {
    const { run, asked, close } = await world();
    expect((await run(hour(11), {}, { since: minute(4) })).ids).toEqual(['p5', 'p6', 'p7']);
    const calls = asked().length;
    expect((await run(hour(12), {}, { since: minute(4) })).ids).toEqual(['p7']);
    expect(asked()[calls]).toBe('2024-01-15T10:05:59Z');
    await close();
  });

  it.each([keyset, filtered])('delivers only what is new of a service that ignores since, and says that it does', async (paging) => {
    const { state, run, close } = await world(paging, { ignores: true });
    await run(hour(11));
    state.payments.push({ id: 'new', at: minute(9) });
    const { stream, ids } = await run(hour(12));
    expect([...ids].sort()).toEqual(['new', 'p7']);
    expect(stream.notes).toContainEqual({
      kind: 'capability',
      message: 'Payments ignores since: everything is read, and what is older is left out here',
    });
    await close();
  });

  it('leaves the checkpoint where it is while a list without an order is not read to its end', async () => {
    const { state, run, checkpoint, close } = await world(filtered);
    await run(hour(11));
    const before = await checkpoint();
    state.payments.push(...Array.from({ length: 9 }, (_, i) => ({ id: `q${i}`, at: minute(10 + i) })));
    state.failAt = 3;
    expect((await run(hour(12))).stream).toMatchObject({ status: 'failed', checkpoint: before });
    await close();
  });

  it('loses no state of a record that changes while it is read, where no end of what is read is known', async () => {
    const { state, run, checkpoint, close } = await world(
      { ...keyset, as: 'number' },
      { payments: Array.from({ length: 8 }, (_, i) => ({ id: `p${i}`, at: i + 1, amount: 1 })) },
    );
    state.onCall = (call) => {
      if (call === 3) state.payments = state.payments.map((payment) => (payment.id === 'p0' ? { ...payment, at: 20, amount: 2 } : payment));
    };
    const first = await run(hour(11));
    expect([...first.ids].sort()).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7']);
    expect(first.stream.ledger).toMatchObject({ deduplicated: 1 });
    expect((await run(hour(12))).ids).toEqual(['p0']);
    expect(await checkpoint()).toMatchObject({ cursor: '20' });
    await close();
  });

  it('goes on by number where that is the cursor, and is put back by the cursor itself', async () => {
    const payments = Array.from({ length: 5 }, (_, i) => ({ id: `p${i}`, at: i + 1 }));
    const { state, run, edit, checkpoint, close } = await world({ ...keyset, as: 'number' }, { payments });
    await run(hour(11));
    expect(await checkpoint()).toMatchObject({ last_sync_timestamp: hour(11), cursor: '5' });
    state.payments = [...state.payments, { id: 'p5', at: 6 }];
    expect((await run(hour(12))).ids).toEqual(['p4', 'p5']);
    await edit({ cursor: '3' });
    expect((await run(hour(13))).ids).toEqual(['p2', 'p3', 'p4', 'p5']);
    await close();
  });

  it('does not begin with a checkpoint that is none', async () => {
    const { run, edit, asked, close } = await world();
    await edit({ last_sync_timestamp: 'last Monday' });
    await expect(run(hour(11))).rejects.toMatchObject({ action: 'fatal', hint: expect.stringContaining('loadin state') });
    expect(asked()).toEqual([]);
    await close();
  });

  it('reads again, and not twice in one run, what an unfinished run had read before a later one', async () => {
    const { state, run, checkpoint, close } = await world(keyset, { payments: many });
    state.failAt = 44;
    const old = await run(hour(11));
    await run(hour(12));
    const [before, again] = [await checkpoint(), await run(hour(11))];
    expect(again.report.status).toBe('complete');
    const ids = [...old.ids, ...again.ids];
    expect(new Set(ids).size).toBe(ids.length);
    expect((await checkpoint())?.['cursor']).toEqual(before?.['cursor']);
    await close();
  });
});
