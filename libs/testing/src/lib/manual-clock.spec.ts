import { createManualClock } from './manual-clock.js';

describe('createManualClock', () => {
  it('wakes sleepers in order of their time without waiting', async () => {
    const clock = createManualClock(1_000);
    const woken: [string, number][] = [];
    const sleeper = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms);
      woken.push([name, clock.now()]);
    };
    await Promise.all([sleeper('late', 86_400_000), sleeper('early', 10), sleeper('middle', 500)]);
    expect(woken).toEqual([
      ['early', 1_010],
      ['middle', 1_500],
      ['late', 86_401_000],
    ]);
    expect(clock.sleeps).toEqual([86_400_000, 10, 500]);
  });

  it('moves only by advance when it is not automatic', async () => {
    const clock = createManualClock(0, { auto: false });
    const woken: number[] = [];
    const loop = (async () => {
      for (let round = 0; round < 3; round += 1) {
        await clock.sleep(100);
        woken.push(clock.now());
      }
    })();
    await clock.advance(250);
    expect(woken).toEqual([100, 200]);
    expect(clock.now()).toBe(250);
    await clock.advance(50);
    await loop;
    expect(woken).toEqual([100, 200, 300]);
  });

  it('is not moved by what is done in the background, which wakes up in its time', async () => {
    const clock = createManualClock(0);
    const renewals: number[] = [];
    const stop = new AbortController();
    const renewing = (async () => {
      for (;;) {
        await clock.sleep(100, stop.signal, { background: true });
        renewals.push(clock.now());
      }
    })();
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(clock.now()).toBe(0);
    await clock.sleep(250);
    expect(renewals).toEqual([100, 200]);
    expect(clock.sleeps).toEqual([250]);
    stop.abort(new Error('enough'));
    await expect(renewing).rejects.toThrow('enough');
  });

  it('rejects with the reason of the signal and forgets the sleeper', async () => {
    const clock = createManualClock(0, { auto: false });
    const controller = new AbortController();
    const sleeping = clock.sleep(1_000, controller.signal);
    controller.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    expect(clock.waiting).toBe(0);
    await expect(clock.sleep(1, controller.signal)).rejects.toThrow('enough');
  });
});
