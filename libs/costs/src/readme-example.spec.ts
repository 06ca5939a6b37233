import { readmeDifferences } from '@loadin/specs/readme';
import { KB, monthCost, recommendStream, streamSize, US_EAST_1 } from './index.js';

describe('the example of the README', () => {
  it('works as printed', () => {
    const lines: unknown[] = [];
    const console = { log: (...values: unknown[]) => lines.push(...values) };

    // example
    const month = { records: 30_000_000, recordBytes: KB, hours: 720 }; // a million records a day
    const { lines: priced, amount } = monthCost({ kinesis: { mode: 'provisioned', shards: 1, ...month } }, US_EAST_1);
    for (const line of priced) console.log(`${line.what}: ${line.quantity} ${line.unit}, $${line.amount.toFixed(2)}`);
    console.log(`$${amount.toFixed(2)} a month`);

    console.log(streamSize({ recordsPerSecond: 2_500, recordBytes: 400 }).shards);
    console.log(recommendStream({ ...month, peakRecordsPerSecond: 200 }, US_EAST_1).mode);
    // end

    expect(lines).toEqual(['shards: 720 shard hours, $10.80', 'records put: 30000000 payload units, $0.42', '$11.22 a month', 3, 'provisioned']);
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
