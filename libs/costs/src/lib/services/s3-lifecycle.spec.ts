import { US_EAST_1 } from '../prices/us-east-1.js';
import { GB, KB } from '../units.js';
import { afterLifecycle, type Lifecycle } from './s3-lifecycle.js';

const life: Lifecycle = {
  bytesPerDay: GB,
  objectsPerDay: 100,
  days: 365,
  transitions: [
    { afterDays: 30, to: 'standard_ia' },
    { afterDays: 90, to: 'glacier_flexible' },
  ],
};
const after = (more: Partial<Lifecycle> = {}) => afterLifecycle({ ...life, ...more }, US_EAST_1.s3);

describe('what lies in which class', () => {
  it('is as old as the rules say, and 30 days of objects a month go through each of them', () => {
    expect(after()).toEqual({
      stored: {
        standard: { bytes: 30 * GB, objects: 3_000 },
        standard_ia: { bytes: 60 * GB, objects: 6_000 },
        glacier_flexible: { bytes: 275 * GB, objects: 27_500 },
      },
      moved: { standard_ia: 3_000, glacier_flexible: 3_000 },
    });
  });

  it('is nothing in a class that no object has reached yet, or that it expires before', () => {
    expect(after({ days: 40 })).toMatchObject({
      stored: { standard_ia: { objects: 1_000 }, glacier_flexible: { objects: 0 } },
      moved: { standard_ia: 3_000 },
    });
    expect(after({ days: 40 }).moved).not.toHaveProperty('glacier_flexible');
    expect(after({ expireAfterDays: 90 }).stored).toMatchObject({ standard_ia: { objects: 6_000 }, glacier_flexible: { objects: 0 } });
  });

  it('stays in Standard when objects are smaller than 128 KB, as rules leave them there', () => {
    expect(after({ bytesPerDay: 100 * 127 * KB })).toEqual({ stored: { standard: { bytes: 365 * 100 * 127 * KB, objects: 36_500 } }, moved: {} });
    expect(after({ bytesPerDay: 100 * 128 * KB }).moved).toEqual({ standard_ia: 3_000, glacier_flexible: 3_000 });
  });

  it('refuses rules in a wrong order', () => {
    const transitions = [...(life.transitions ?? [])].reverse();
    expect(() => after({ transitions })).toThrow('Transitions come in the order of their days; these are 90, 30');
  });
});
