import { createEncoderThreads, type ThreadPlace } from './encoder-threads.js';

const MIB = 1024 * 1024;
const asks = ({ load }: ThreadPlace, mib: number): boolean | undefined => load.threadWhen?.(mib * MIB);

describe('threads that encode', () => {
  it('are taken by loads that have become large, as long as there are some', () => {
    const threads = createEncoderThreads({ threads: 1 });
    const [small, large, other] = [threads.place(), threads.place(), threads.place()];
    expect([asks(small, 31), asks(large, 32), asks(other, 500)]).toEqual([false, true, false]);
    // Whoever has one keeps it.
    expect([asks(large, 33), asks(small, 32)]).toEqual([true, false]);
  });

  it('are said to be taken, once', () => {
    let taken = 0;
    const place = createEncoderThreads({ threads: 1 }).place(() => (taken += 1));
    expect([asks(place, 1), asks(place, 32), asks(place, 33), taken]).toEqual([false, true, true, 1]);
  });

  it('are free again when a load has ended, which may be said twice', () => {
    const threads = createEncoderThreads({ threads: 1, fromBytes: 0 });
    const [first, second, third] = [threads.place(), threads.place(), threads.place()];
    expect(asks(first, 1)).toBe(true);
    first.leave();
    first.leave();
    expect([asks(second, 1), asks(third, 1)]).toEqual([true, false]);
  });

  it('are no more than processors beside the one that reads: with one alone there is none', () => {
    expect(createEncoderThreads({ threads: 0 }).place().load).toEqual({ threads: 0 });
    const threadFile = new URL('file:///here.mjs');
    expect(createEncoderThreads({ threads: 1, threadFile }).place().load).toMatchObject({ threads: 1, threadFile });
  });
});
