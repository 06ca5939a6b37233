import { GB, US_EAST_1 } from '@loadin/costs';
import { costOf, type CostContext } from './cost.js';

const context: CostContext = {
  quantities: { s3Puts: 1_000, s3Gets: 10_000, payloadUnits: 1_000_000, writeUnits: 2_000_000, readUnits: 4_000_000, storedBytes: 2 * GB },
  seconds: 100,
  runsPerMonth: 30,
  shards: 2,
  stateInDynamo: true,
};
const amounts = (more: Partial<CostContext> = {}) =>
  Object.fromEntries(
    costOf({ ...context, ...more }).items.map(({ service, what, per_run, per_month }) => [`${service} ${what}`, [per_run, per_month]]),
  );

describe('the cost of a run', () => {
  it('is what the price table says of each quantity', () => {
    expect(amounts()).toEqual({
      'S3 PUT and LIST requests': [expect.closeTo(0.005), expect.closeTo(0.15)],
      'S3 GET requests': [expect.closeTo(0.004), expect.closeTo(0.12)],
      "S3 GB kept for a month, of a run's objects": [expect.closeTo(0.046), expect.closeTo(1.38)],
      'Kinesis PUT payload units': [expect.closeTo(0.014), expect.closeTo(0.42)],
      'Kinesis shard hours, of all jobs together': [0, expect.closeTo(21.9)],
      'DynamoDB write units': [expect.closeTo(1.25), expect.closeTo(37.5)],
      'DynamoDB read units': [expect.closeTo(0.5), expect.closeTo(15)],
      'Lambda GB seconds, if it runs there': [expect.closeTo(0.000853, 5), expect.closeTo(0.0256, 4)],
      'Lambda calls, if it runs there': [expect.closeTo(0.0000002, 8), expect.closeTo(0.000006, 7)],
    });
    const { per_run, per_month, prices_of, region } = costOf(context);
    expect([per_run, per_month]).toEqual([expect.closeTo(1.81985, 4), expect.closeTo(76.4956, 3)]);
    expect([prices_of, region]).toEqual([US_EAST_1.as_of, 'us-east-1']);
    expect(US_EAST_1.as_of).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it('has no stream for a job without one, no table for state in S3, and no month for a job on request', () => {
    const without = amounts({ shards: 0, stateInDynamo: false, runsPerMonth: null });
    expect(Object.keys(without).filter((name) => /Kinesis|DynamoDB/.test(name))).toEqual([]);
    expect(without['S3 PUT and LIST requests']).toEqual([expect.closeTo((1_000 + 2_000_000) * 5e-6), null]);
    expect(costOf({ ...context, runsPerMonth: null }).per_month).toBeNull();
  });
});
