import fc from 'fast-check';
import { US_EAST_1 } from '../prices/us-east-1.js';
import { KB, MB } from '../units.js';
import { recommendStream } from './recommend.js';
import { SHARD, streamSize } from './size.js';

describe('the size of a stream', () => {
  it.each([
    [
      { recordsPerSecond: 0, recordBytes: KB },
      { shards: 1, bound: 'nothing', used: 0 },
    ],
    [
      { recordsPerSecond: 1_000, recordBytes: 100 },
      { shards: 1, bound: 'records', used: 1 },
    ],
    [
      { recordsPerSecond: 1_001, recordBytes: 100 },
      { shards: 2, bound: 'records', used: 0.5005 },
    ],
    [
      { recordsPerSecond: 10, recordBytes: 512 * KB },
      { shards: 5, bound: 'bytes written', used: 1 },
    ],
    [
      { recordsPerSecond: 100, recordBytes: 10 * KB, readers: 5 },
      { shards: 3, bound: 'bytes read', used: expect.closeTo(0.8138, 4) },
    ], // 4.88 MB of 6
  ])('%j', (load, size) => {
    expect(streamSize(load)).toEqual(size);
  });

  it('takes the load, and one shard less does not', () => {
    const loads = fc.record({
      recordsPerSecond: fc.integer({ min: 0, max: 50_000 }),
      recordBytes: fc.integer({ min: 1, max: MB }),
      readers: fc.integer({ min: 0, max: 5 }),
    });
    const takes = (
      { recordsPerSecond, recordBytes, readers }: { recordsPerSecond: number; recordBytes: number; readers: number },
      shards: number,
    ): boolean =>
      recordsPerSecond <= shards * SHARD.recordsIn &&
      recordsPerSecond * recordBytes <= shards * SHARD.bytesIn &&
      recordsPerSecond * recordBytes * readers <= shards * SHARD.bytesOut;
    fc.assert(
      fc.property(loads, (load) => {
        const { shards, used } = streamSize(load);
        expect(takes(load, shards)).toBe(true);
        if (shards > 1) expect(takes(load, shards - 1)).toBe(false);
        expect(used).toBeGreaterThanOrEqual(0);
        expect(used).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('the mode of a stream', () => {
  const hours = 720;

  it('is provisioned when records come evenly: a shard costs less than a stream hour', () => {
    const found = recommendStream({ records: 30_000_000, recordBytes: KB, hours, peakRecordsPerSecond: 100 }, US_EAST_1);
    expect(found).toMatchObject({ mode: 'provisioned', size: { shards: 1 } });
    expect(found.provisioned.amount).toBeCloseTo(11.22, 2); // 10.80 + 0.42
    expect(found.on_demand.amount).toBeCloseTo(32.23, 2); // 28.80 + 28.61 GB × (0.08 + 0.04)
    expect(found.reason).toBe('1 shard for $11.22 a month take the busiest second; on demand the same records cost $32.23');
  });

  it('is on demand when a short peak would keep many shards idle', () => {
    const found = recommendStream({ records: 3_000_000, recordBytes: KB, hours, peakRecordsPerSecond: 20_000 }, US_EAST_1);
    expect(found).toMatchObject({ mode: 'on_demand', size: { shards: 20, bound: 'records' } });
    expect(found.reason).toContain('20 shards, which the busiest second takes, stand idle most of the time for $216.04');
  });

  it('is the cheaper one, whatever the load', () => {
    const loads = fc.record({
      records: fc.integer({ min: 0, max: 1e10 }),
      recordBytes: fc.integer({ min: 1, max: MB }),
      hours: fc.constant(hours),
      peakRecordsPerSecond: fc.integer({ min: 0, max: 100_000 }),
      retentionHours: fc.integer({ min: 24, max: 8760 }),
      fanOutConsumers: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(loads, (load) => {
        const { mode, provisioned, on_demand } = recommendStream(load, US_EAST_1);
        expect(mode === 'provisioned' ? provisioned.amount - on_demand.amount : on_demand.amount - provisioned.amount).toBeLessThanOrEqual(0);
      }),
    );
  });
});
