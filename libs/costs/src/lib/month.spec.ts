import fc from 'fast-check';
import { monthCost, type Usage } from './month.js';
import { tieredAmount } from './prices/tiered.js';
import { US_EAST_1 } from './prices/us-east-1.js';

const amount = fc.integer({ min: 0, max: 1e9 });
const usages: fc.Arbitrary<Usage> = fc.record(
  {
    s3: fc.record({ puts: amount, gets: amount, stored: fc.record({ standard: fc.record({ bytes: amount, objects: amount }) }) }),
    kinesis: fc.record({
      mode: fc.constant('provisioned' as const),
      shards: fc.integer({ min: 1, max: 100 }),
      records: amount,
      recordBytes: fc.integer({ min: 1, max: 1e6 }),
      hours: fc.constant(720),
    }),
    lambda: fc.record({ requests: amount, seconds: amount, memoryGb: fc.constantFrom(0.125, 0.5, 2) }),
    dynamodb: fc.record({ writeUnits: amount, readUnits: amount, storedBytes: amount }),
    athena: fc.record({ queries: amount, bytesPerQuery: amount }),
    cloudWatch: fc.record({ logBytes: amount, metrics: amount, alarms: amount }),
  },
  { requiredKeys: [] },
);

describe('the cost of a month', () => {
  it('is the sum of its lines, which are quantity times price, and never more free than it costs', () => {
    fc.assert(
      fc.property(usages, (usage) => {
        const { amount: all, free, lines } = monthCost(usage, US_EAST_1);
        expect(all).toBeCloseTo(
          lines.reduce((sum, line) => sum + line.quantity * line.price, 0),
          6,
        );
        expect(free).toBeLessThanOrEqual(all * (1 + 1e-12));
        for (const line of lines) expect(line.free).toBeLessThanOrEqual(line.amount);
      }),
    );
  });

  it('of two services is the sum of each alone', () => {
    fc.assert(
      fc.property(usages, (usage) => {
        const apart = Object.entries(usage).map(([name, one]) => monthCost({ [name]: one }, US_EAST_1).amount);
        expect(monthCost(usage, US_EAST_1).amount).toBeCloseTo(
          apart.reduce((sum, one) => sum + one, 0),
          6,
        );
      }),
    );
  });

  it('is nothing for nothing', () => {
    expect(monthCost({}, US_EAST_1)).toEqual({ currency: 'USD', region: 'us-east-1', prices_of: US_EAST_1.as_of, lines: [], amount: 0, free: 0 });
  });

  it('grows with what is used, and tiers make no step', () => {
    const { gbMonth } = US_EAST_1.s3.classes.standard;
    const more = fc.tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.double({ min: 0, max: 1e5, noNaN: true }));
    fc.assert(
      fc.property(more, ([first, added]) => {
        const [before, after] = [tieredAmount(first, gbMonth), tieredAmount(first + added, gbMonth)];
        expect(after - before).toBeGreaterThanOrEqual(added * 0.021 - 1e-6);
        expect(after - before).toBeLessThanOrEqual(added * 0.023 + 1e-6);
      }),
    );
  });
});

describe('the prices', () => {
  it('are dated and say on which pages they stand', () => {
    const { region, as_of, currency, ...services } = US_EAST_1;
    expect([region, currency]).toEqual(['us-east-1', 'USD']);
    expect(as_of).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    for (const { source } of Object.values(services)) expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/.*pricing/);
  });
});
