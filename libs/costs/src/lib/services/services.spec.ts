import { monthCost, type Usage } from '../month.js';
import { US_EAST_1 } from '../prices/us-east-1.js';
import { GB, KB, MB, TB } from '../units.js';

/** `what` to the amount, in dollars. */
const amounts = (usage: Usage): Record<string, number> =>
  Object.fromEntries(monthCost(usage, US_EAST_1).lines.map(({ what, amount }) => [what, amount]));
const free = (usage: Usage): Record<string, number> => Object.fromEntries(monthCost(usage, US_EAST_1).lines.map((line) => [line.what, line.free]));
const cents = (amount: number): unknown => expect.closeTo(amount, 4);
const HOURS = 720;

// Each expected number is worked out by hand in the comment before it.
describe('the month of S3', () => {
  it('counts storage, requests and what rules move', () => {
    const stored = { standard: { bytes: 100 * GB, objects: 1_000 }, glacier_instant: { bytes: 1_000 * GB, objects: 1_000 } };
    expect(
      amounts({ s3: { stored, puts: 200_000, gets: 1_000_000, moved: { glacier_instant: 10_000 }, retrieved: { glacier_instant: 10 * GB } } }),
    ).toEqual({
      'kept in Standard': cents(2.3), // 100 × 0.023
      'kept in Glacier Instant Retrieval': cents(4), // 1000 × 0.004
      'objects moved to Glacier Instant Retrieval': cents(0.2), // 10 × 0.02
      'read from Glacier Instant Retrieval': cents(0.3), // 10 × 0.03
      'PUT and LIST requests': cents(1), // 200 × 0.005
      'GET requests': cents(0.4), // 1000 × 0.0004
    });
  });

  it('charges the first 50 TB of Standard more than the next', () => {
    const stored = { standard: { bytes: 60 * TB, objects: 1 } };
    expect(amounts({ s3: { stored } })).toEqual({ 'kept in Standard': cents(1_402.88) }); // 51,200 × 0.023 + 10,240 × 0.022
  });

  it('takes a small object in a cold class for 128 KB, and adds 40 KB to an archived one', () => {
    const tiny = { bytes: 1_048_576 * KB, objects: 1_048_576 }; // 1 GB of objects of 1 KB
    expect(amounts({ s3: { stored: { standard_ia: tiny } } })).toEqual({ 'kept in Standard-IA': cents(1.6) }); // 128 × 0.0125
    expect(amounts({ s3: { stored: { deep_archive: tiny } } })).toEqual({
      'kept in Standard': cents(0.184), // 8 × 0.023
      'kept in Glacier Deep Archive': cents(0.03267), // (1 + 32) × 0.00099
    });
  });
});

describe('the month of a stream', () => {
  const million = { records: 30_000_000, recordBytes: KB, hours: HOURS };

  it('with a shard and a million records of 1 KB a day is 30 million units, $0.42, besides $10.80 for the shard', () => {
    expect(amounts({ kinesis: { mode: 'provisioned', shards: 1, ...million } })).toEqual({
      shards: cents(10.8), // 720 × 0.015
      'records put': cents(0.42), // 30 × 0.014
    });
  });

  it('counts a record of more than 25 KB as several units', () => {
    const put = (recordBytes: number): unknown => amounts({ kinesis: { mode: 'provisioned', shards: 1, ...million, recordBytes } })['records put'];
    expect([put(25 * KB), put(25 * KB + 1), put(60 * KB)]).toEqual([cents(0.42), cents(0.84), cents(1.26)]);
  });

  it('counts what is kept longer, by the shard up to 7 days and by the GB after them, and consumers with fan-out', () => {
    // 72 GB in 720 hours are 0.1 GB an hour: beyond 7 days (240 − 168) × 0.1 = 7.2 GB
    const month = { records: 72 * 1_024, recordBytes: MB, hours: HOURS, shards: 2, retentionHours: 240, fanOutConsumers: 3 };
    expect(amounts({ kinesis: { mode: 'provisioned', ...month } })).toEqual({
      shards: cents(21.6), // 2 × 720 × 0.015
      'records put': cents(0.0423), // 73,728 × 41 units (1024 KB / 25 KB) × 0.014 / 1,000,000
      'retention from 24 hours to 7 days': cents(28.8), // 2 × 720 × 0.02
      'retention beyond 7 days': cents(0.1656), // 7.2 × 0.023
      'fan-out consumers': cents(64.8), // 2 × 720 × 3 × 0.015
      'read by fan-out': cents(2.808), // 72 × 3 × 0.013
    });
  });

  it('on demand rounds records up to whole KB when they are written, not when they are read', () => {
    // 2^20 × 1.5 KB are 1.5 GB, rounded up 2 GB
    const month = { records: 1_048_576, recordBytes: 1.5 * KB, hours: HOURS, readers: 2, fanOutConsumers: 1, retentionHours: 168 };
    expect(amounts({ kinesis: { mode: 'on_demand', ...month } })).toEqual({
      'stream on demand': cents(28.8), // 720 × 0.04
      written: cents(0.16), // 2 × 0.08
      read: cents(0.12), // 1.5 × 2 × 0.04
      'read by fan-out': cents(0.075), // 1.5 × 0.05
      'retention from 24 hours to 7 days': cents(0.03), // 1.5 / 720 × 144 × 0.1
    });
  });

  it('refuses a retention that Kinesis does not have', () => {
    const month = { mode: 'provisioned', shards: 1, ...million } as const;
    expect(() => amounts({ kinesis: { ...month, retentionHours: 23 } })).toThrow('Kinesis keeps records 24 to 8760 hours, not 23');
    expect(() => amounts({ kinesis: { ...month, retentionHours: 8761 } })).toThrow('not 8761');
  });
});

describe('the month of functions', () => {
  const month = { requests: 2_000_000, seconds: 1_000_000, memoryGb: 0.5 };

  it('shows the free tier apart from the list price', () => {
    expect(amounts({ lambda: month })).toEqual({ requests: cents(0.4), duration: cents(8.33335) }); // 500,000 × 0.0000166667
    expect(free({ lambda: month })).toEqual({ requests: cents(0.2), duration: cents(6.66668) }); // 1M; 400,000 × 0.0000166667
  });

  it('with provisioned concurrency costs for being ready, less for working, and has no free tier', () => {
    const provisioned = { instances: 2, seconds: 2_592_000 };
    expect(amounts({ lambda: { ...month, provisioned } })).toEqual({
      requests: cents(0.4),
      'duration in provisioned instances': cents(4.8611), // 500,000 × 0.0000097222
      'provisioned instances': cents(10.8001), // 2 × 2,592,000 × 0.5 × 0.0000041667
    });
    expect(Object.values(free({ lambda: { ...month, provisioned } }))).toEqual([0, 0, 0]);
  });

  it('is a fifth cheaper on ARM', () => {
    expect(amounts({ lambda: { ...month, architecture: 'arm' } })['duration']).toEqual(cents(6.6667));
  });
});

describe('the month of the others', () => {
  it('of DynamoDB: units, what is kept, and what point-in-time recovery keeps', () => {
    const dynamodb = { writeUnits: 2_000_000, readUnits: 4_000_000, storedBytes: 30 * GB };
    // 2 × 0.625; 4 × 0.125; 30 × 0.25; 30 × 0.2
    expect(amounts({ dynamodb })).toEqual({ writes: cents(1.25), reads: cents(0.5), kept: cents(7.5), 'point-in-time recovery': cents(6) });
    expect(free({ dynamodb })['kept']).toEqual(cents(6.25)); // 25 GB
  });

  it('of Step Functions: a Distributed Map pays for each workflow it starts and for the states of that', () => {
    const stepFunctions = { executions: 30, transitions: 10, children: { workflows: 200, transitions: 2 } };
    expect(amounts({ stepFunctions })).toEqual({
      'state transitions': cents(0.0075), // 300 × 0.000025
      'state transitions of mapped workflows': cents(0.45), // 30 × 200 × 3 × 0.000025
    });
    expect(free({ stepFunctions })).toEqual({ 'state transitions': cents(0.0075), 'state transitions of mapped workflows': cents(0.0925) }); // 4000 in all
  });

  it('of Athena: a small query counts as 10 MB', () => {
    expect(amounts({ athena: { queries: 1_000, bytesPerQuery: TB / 1_000 } })).toEqual({ scanned: cents(5) });
    expect(amounts({ athena: { queries: 104_857.6, bytesPerQuery: 1 } })).toEqual({ scanned: cents(5) }); // × 10 MB = 1 TB
  });

  it('of secrets, logs, metrics, alarms and dashboards', () => {
    expect(amounts({ secretsManager: { secrets: 3, calls: 20_000 } })).toEqual({ secrets: cents(1.2), calls: cents(0.1) });
    const cloudWatch = { logBytes: 10 * GB, metrics: 25, alarms: 12, dashboards: 1 };
    expect(amounts({ cloudWatch })).toEqual({
      'logs taken': cents(5), // 10 × 0.5
      'logs kept': cents(0.045), // 10 × 0.15 × 0.03
      'custom metrics': cents(7.5), // 25 × 0.3
      alarms: cents(1.2), // 12 × 0.1
      dashboards: cents(3),
    });
    expect(free({ cloudWatch })).toMatchObject({ 'logs taken': cents(2.5), 'custom metrics': cents(3), alarms: cents(1), dashboards: cents(3) });
  });

  it.each([
    [{ lambda: { requests: -1, seconds: 1, memoryGb: 1 } }, 'Lambda: requests must be a number from 0, is -1'],
    [{ s3: { puts: NaN } }, 'S3: PUT and LIST requests must be a number from 0, is NaN'],
    [{ s3: { stored: { standard: { bytes: -5, objects: 0 } } } }, 'S3: bytes in Standard must be a number from 0, is -5'],
    [{ athena: { queries: 1, bytesPerQuery: Infinity } }, 'Athena: bytesPerQuery must be a number from 0, is Infinity'],
  ])('refuses what can not have been measured (%#)', (usage, message) => {
    expect(() => monthCost(usage, US_EAST_1)).toThrow(new RangeError(message));
  });
});
