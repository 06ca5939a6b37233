import { FatalError, RetryableError, StopError, type StateStore } from '@loadin/pipeline';
import { createManualClock, createMemoryStateStore, type ManualClock } from '@loadin/testing';
import { fingerprintOf } from './quota-key.js';
import { createRate, type Rate } from './rate.js';
import type { QuotaOfAccount } from './quota-types.js';
import type { Window } from './rolling-window.js';

const start = Date.parse('2026-03-01T12:00:00Z');
const second = { limit: 5, windowMs: 1_000 };
const day = { limit: 7, windowMs: 86_400_000 };

describe('a shared quota', () => {
  let clock: ManualClock;
  let state: StateStore;
  beforeEach(() => {
    clock = createManualClock(start);
    state = createMemoryStateStore();
  });
  const rates: Rate[] = [];
  afterEach(async () => {
    await Promise.all(rates.splice(0).map((rate) => rate.close()));
  });
  const rateWith = (windows: readonly Window[], quota: Partial<QuotaOfAccount> = {}, account = 'canary-key'): Rate => {
    const rate = createRate({
      service: 'Things',
      windows,
      pace: { perSecond: 1e6, burst: 1e6 },
      maxInFlight: 100,
      clock,
      quota: { state, source: 'things', account: () => Promise.resolve(account), ...quota },
    });
    rates.push(rate);
    return rate;
  };
  const call = async (rate: Rate): Promise<void> => (await rate.take()).release();
  const failure = (asked: Promise<unknown>): Promise<unknown> =>
    asked.then(
      () => undefined,
      (error: unknown) => error,
    );
  const keys = async (): Promise<string[]> => {
    const found = [];
    for await (const { key } of state.list('')) found.push(key);
    return found;
  };

  it('lets nobody wait for the account whose signal was aborted', async () => {
    const controller = new AbortController();
    const rate = rateWith([day], { account: () => new Promise<string>(() => undefined) });
    const waiting = failure(rate.take({ signal: controller.signal }));
    controller.abort(new Error('enough'));
    expect(await waiting).toMatchObject({ message: 'enough' });
  });

  it('is one budget of a day for all processes', async () => {
    const [one, other] = [rateWith([day]), rateWith([day])];
    for (let i = 0; i < 3; i += 1) await call(one);
    for (let i = 0; i < 4; i += 1) await call(other);
    for (const rate of [one, other]) {
      const error = await failure(call(rate));
      expect(error).toBeInstanceOf(StopError);
      expect(error).toMatchObject({ reason: 'quota', resumeAfter: '2026-03-02T13:05:00.000Z' });
    }
  });

  it('is remembered when a process crashes, with what it had reserved', async () => {
    const large = { ...day, limit: 1_000 }; // reserved by twos
    await call(rateWith([large]));
    expect((await state.get(`quota/things/${fingerprintOf('canary-key')}/86400s`))?.value).toEqual({ calls: { [start / 3_600_000]: 2 } });
  });

  it('gets back at the end what was reserved and not used', async () => {
    const rate = rateWith([{ ...day, limit: 5_000 }, second]);
    for (let i = 0; i < 3; i += 1) await call(rate);
    await rate.close();
    const fingerprint = fingerprintOf('canary-key');
    expect((await state.get(`quota/things/${fingerprint}/86400s`))?.value).toEqual({ calls: { [start / 3_600_000]: 3 } });
    expect((await state.get(`quota/things/${fingerprint}/1s`))?.value).toMatchObject({
      owners: {},
      free: [{ slots: 2 }, { coolMs: 1000, slots: 3 }],
    });
    await call(rate);
    await rate.close();
  });

  it('is counted for each account, and the account itself is not stored', async () => {
    await call(rateWith([day], {}, 'canary-key'));
    await call(rateWith([day], {}, 'another-key'));
    expect(await keys()).toEqual(
      [`quota/things/${fingerprintOf('another-key')}/86400s`, `quota/things/${fingerprintOf('canary-key')}/86400s`].sort(),
    );
    expect(JSON.stringify((state as ReturnType<typeof createMemoryStateStore>).history)).not.toContain('canary');
  });

  it('counts for the new account from when the credential is renewed', async () => {
    let account = 'first';
    const rate = rateWith([day], { account: () => Promise.resolve(account) });
    await call(rate);
    account = 'second';
    await call(rate);
    expect(await keys()).toEqual([`quota/things/${fingerprintOf('first')}/86400s`, `quota/things/${fingerprintOf('second')}/86400s`].sort());
  });

  it('shares calls a second unless it is told not to', async () => {
    const rates = [rateWith([second], { perSecond: false }), rateWith([second], { perSecond: false })];
    for (const rate of rates) for (let i = 0; i < 5; i += 1) await call(rate);
    expect(clock.now()).toBe(start);
    expect(await keys()).toEqual([]);
  });

  it('does not share calls a second over S3, and says why when it is told to', async () => {
    const onS3 = { ...state, uri: 's3://lake/checkpoints.json' };
    const rate = rateWith([second, day], { state: onS3 });
    await call(rate);
    expect(await keys()).toEqual([`quota/things/${fingerprintOf('canary-key')}/86400s`]);
    expect(() => rateWith([second], { state: onS3, perSecond: true })).toThrow(FatalError);
    expect(() => rateWith([second], { state: onS3, perSecond: true })).toThrow(/can not be shared over a state store on S3: .* costs a request/);
  });

  it('waits for a slot that another process gives up, and never has more than the limit under way', async () => {
    const [one, other] = [rateWith([second]), rateWith([second])];
    const slots = await Promise.all(Array.from({ length: 5 }, () => one.take()));
    let served = 0;
    const waiting = Promise.all(Array.from({ length: 3 }, () => other.take().then(() => (served += 1))));
    await clock.sleep(20_000);
    expect(served).toBe(0);
    const releasedAt = clock.now();
    slots.forEach((slot) => slot.release());
    await waiting;
    expect(clock.now()).toBeGreaterThanOrEqual(releasedAt + 1_000);
    expect(clock.now()).toBeLessThan(releasedAt + 15_000);
  });

  it('takes over the slots of a crashed process after its lease and one window', async () => {
    await createRate({
      service: 'Things',
      windows: [second],
      pace: { perSecond: 1e6, burst: 1e6 },
      maxInFlight: 5,
      clock: { now: () => clock.now(), sleep: () => new Promise(() => undefined) }, // it never does anything again
      quota: { state, source: 'things', account: () => Promise.resolve('canary-key') },
    }).take();
    const other = rateWith([second]);
    await call(other);
    expect(clock.now() - start).toBeGreaterThanOrEqual(7_000);
    expect(clock.now() - start).toBeLessThan(7_500);
  });

  it('loses with a crashed process only what it needed soon: the next one goes on at once with the other slots of a long window', async () => {
    const long = { limit: 170, windowMs: 30_000 };
    const crashing = createRate({
      service: 'Things',
      windows: [long],
      pace: { perSecond: 1e6, burst: 1e6 },
      maxInFlight: 10,
      clock: { now: () => clock.now(), sleep: () => new Promise(() => undefined) },
      quota: { state, source: 'things', account: () => Promise.resolve('canary-key') },
    });
    for (let i = 0; i < 30; i += 1) await call(crashing);
    const other = rateWith([long]);
    for (let i = 0; i < 30; i += 1) await call(other);
    expect(clock.now() - start).toBeLessThan(3_000);
  });

  it('gives a lone process the whole of a long window', async () => {
    const rate = rateWith([{ limit: 170, windowMs: 30_000 }]);
    for (let i = 0; i < 170; i += 1) await call(rate);
    expect(clock.now() - start).toBeLessThan(10_000);
  });

  it('goes on through conflicts, lost answers and failures of the store, and forfeits rather than forgets', async () => {
    state = createMemoryStateStore({
      fail: (_operation, _key, number) =>
        number % 3 === 0 ? { error: new RetryableError('no answer'), when: number % 2 === 0 ? 'before' : 'after' } : undefined,
    });
    const rate = rateWith([{ ...day, limit: 200 }, second]);
    let calls = 0;
    let error: unknown;
    for (; error === undefined; calls += error === undefined ? 1 : 0) error = await failure(call(rate));
    expect(error).toBeInstanceOf(StopError);
    expect(calls).toBeLessThanOrEqual(200);
    expect(calls).toBeGreaterThan(100);
  });

  it.each(['get', 'put'] as const)('ends the call with the error of a store that fails for good (%s)', async (broken) => {
    const error = new RetryableError('DynamoDB does not answer');
    state = createMemoryStateStore({ fail: (operation) => (operation === broken ? { error, when: 'before' } : undefined) });
    for (const window of [day, second]) {
      const rate = rateWith([window]);
      expect(await Promise.all([failure(call(rate)), failure(call(rate))])).toEqual([error, error]);
      await rate.close();
    }
  });

  it('says where the state is when that is not a count', async () => {
    await state.put(`quota/things/${fingerprintOf('canary-key')}/86400s`, { calls: 'many' }, null);
    await state.put(`quota/things/${fingerprintOf('canary-key')}/1s`, { slots: 5 }, null);
    for (const [window, name] of [
      [day, '86400s'],
      [second, '1s'],
    ] as const) {
      const error = await failure(call(rateWith([window])));
      expect(error).toBeInstanceOf(FatalError);
      expect(error).toMatchObject({ where: expect.stringContaining(name), hint: expect.stringContaining('Delete the item') });
    }
  });

  it('serves who comes while it is closed, whenever that is', async () => {
    for (let turns = 0; turns < 30; turns += 1) {
      const rate = rateWith([second]);
      await call(rate);
      const closing = rate.close();
      for (let i = 0; i < turns; i += 1) await Promise.resolve();
      await Promise.all([closing, call(rate)]);
    }
  });

  it('ends a wait at once when it is cancelled, and leaves nothing running', async () => {
    const [one, other] = [rateWith([second]), rateWith([second])];
    await Promise.all(Array.from({ length: 5 }, () => one.take()));
    const controller = new AbortController();
    const waiting = failure(other.take({ signal: controller.signal }));
    await clock.sleep(100);
    controller.abort(new Error('enough'));
    expect(await waiting).toMatchObject({ message: 'enough' });
    await other.close();
    await one.close();
    await clock.sleep(0);
    expect(clock.waiting).toBe(0);
  });
});
