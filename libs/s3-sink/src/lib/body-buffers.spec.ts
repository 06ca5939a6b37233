import { createBodyBuffers } from './body-buffers.js';

const MIB = 1024 ** 2;

describe('createBodyBuffers', () => {
  it('gives the same memory again once it was given back, whole, and to one only', () => {
    const buffers = createBodyBuffers();
    const first = buffers.take(MIB);
    expect(buffers.take(MIB).buffer).not.toBe(first.buffer);
    buffers.giveBack(first.subarray(10, 20));
    const again = buffers.take(MIB - 1);
    expect(again.buffer).toBe(first.buffer);
    expect(again).toHaveLength(MIB);
    expect(buffers.take(MIB).buffer).not.toBe(first.buffer);
  });

  it('gives none that is too small', () => {
    const buffers = createBodyBuffers();
    buffers.giveBack(buffers.take(MIB));
    expect(buffers.take(2 * MIB)).toHaveLength(2 * MIB);
  });

  it('keeps four, the latest, and none above 4 MiB', () => {
    const buffers = createBodyBuffers();
    const all = Array.from({ length: 6 }, () => buffers.take(MIB));
    const large = buffers.take(5 * MIB);
    [...all, large].forEach(buffers.giveBack);
    const taken = Array.from({ length: 5 }, () => buffers.take(MIB).buffer);
    expect(taken.slice(0, 4)).toEqual(all.slice(2).map(({ buffer }) => buffer));
    expect([...all, large].map(({ buffer }) => buffer)).not.toContain(taken[4]);
  });
});
