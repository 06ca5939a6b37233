import type { Report } from '../report.js';
import { measureFullSpeed } from './full-speed.js';
import { measureThrottled } from './throttled.js';

/** The Kinesis sink at full speed, and on shards that somebody else writes to as well. */
export async function measureKinesis(): Promise<Report> {
  const figures = [...(await measureFullSpeed()), ...(await measureThrottled())];
  return {
    title: 'PutRecords of 560 bytes a record on loopback, four shards, medians of 11 interleaved rounds of 40,000; 24 s while others write',
    figures,
  };
}
