import { drift, type MemorySample } from './drift.js';

const samples = (...rssMB: number[]): MemorySample[] => rssMB.map((rss, n) => ({ pages: n, records: n, heapMB: 20, rssMB: rss }));

describe('drift', () => {
  it('is the largest rise above the first sample, wherever it was', () => {
    expect(drift(samples(150, 149, 171, 160), 'rssMB')).toBe(21);
  });

  it('is none when memory only falls', () => {
    expect(drift(samples(150, 140), 'rssMB')).toBe(0);
    expect(drift(samples(150, 190), 'heapMB')).toBe(0);
  });
});
