import fc from 'fast-check';
import { partOf, rawKey, rawKeyPrefix } from './raw-key.js';

const address = { source: 'ticketmaster', dataType: 'events', second: '2024-01-05T09:08:07Z', sliceOrdinal: 0, part: 0 };

describe('rawKey', () => {
  it('is partitioned by the date of the second in UTC', () => {
    expect(rawKey(address)).toBe('raw/ticketmaster/events/year=2024/month=01/day=05/events_20240105_090807.json');
  });

  it('adds five digits for every object but the first of a stream', () => {
    expect(rawKey({ ...address, part: 1 })).toMatch(/events_20240105_090807_00001\.json$/);
    expect(rawKey({ ...address, sliceOrdinal: 999, part: 99 })).toMatch(/_99999\.json$/);
    expect(rawKey({ ...address, sliceOrdinal: 1 }, '.json.gz')).toMatch(/_00100\.json\.gz$/);
  });

  it('gives every slice and part a name of its own', () => {
    const place = fc.record({ sliceOrdinal: fc.integer({ min: 0, max: 999 }), part: fc.integer({ min: 0, max: 99 }) });
    fc.assert(
      fc.property(place, place, (a, b) => {
        const same = a.sliceOrdinal === b.sliceOrdinal && a.part === b.part;
        return (rawKey({ ...address, ...a }) === rawKey({ ...address, ...b })) === same;
      }),
      { seed: 7 },
    );
  });

  it('tells the part from a name, and the names of a slice by how they begin', () => {
    const place = fc.record({ sliceOrdinal: fc.integer({ min: 0, max: 999 }), part: fc.integer({ min: 0, max: 99 }) });
    fc.assert(
      fc.property(place, fc.integer({ min: 0, max: 999 }), (a, other) => {
        const key = rawKey({ ...address, ...a });
        const slice = { ...address, sliceOrdinal: other };
        const expected = other === a.sliceOrdinal ? a.part : undefined;
        return partOf(key, slice) === expected && key.startsWith(rawKeyPrefix({ ...address, ...a }));
      }),
      { seed: 8 },
    );
    expect(partOf(rawKey(address, '.json.gz'), address)).toBeUndefined();
    expect(partOf(rawKey({ ...address, second: '2024-01-05T09:08:08Z' }), address)).toBeUndefined();
  });

  it.each([
    [{ sliceOrdinal: 1_000 }, 'at most 1,000 slices of 100 objects'],
    [{ part: 100 }, 'at most 1,000 slices of 100 objects'],
    [{ sliceOrdinal: -1 }, 'at most 1,000 slices'],
    [{ part: 0.5 }, 'at most 1,000 slices'],
    [{ second: '2024-01-05T09:08:07+02:00' }, 'not a second in UTC'],
    [{ second: '2024-01-05T09:08:07.5Z' }, 'not a second in UTC'],
    [{ dataType: '../events' }, "can't be a folder"],
    [{ source: 'a/b' }, "can't be a folder"],
  ])('refuses %j', (fields, message) => {
    expect(() => rawKey({ ...address, ...fields })).toThrow(message);
  });
});
