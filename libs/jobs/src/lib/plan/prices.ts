/**
 * List prices of us-east-1 in US dollars, without free tiers and taxes. Other regions differ by some tenths.
 * Sources: aws.amazon.com/s3/pricing, /kinesis/data-streams/pricing (provisioned), /dynamodb/pricing/on-demand (halved in November 2024),
 * /lambda/pricing (x86).
 */
export const PRICES = {
  region: 'us-east-1',
  as_of: '2025-07-21',
  s3: { put: 0.005 / 1_000, get: 0.0004 / 1_000, gbMonth: 0.023 },
  /** A payload unit is up to 25 KB of one record. */
  kinesis: { payloadUnit: 0.014 / 1_000_000, shardHour: 0.015 },
  /** A write unit is up to 1 KB, a strongly consistent read unit up to 4 KB. */
  dynamodb: { writeUnit: 0.625 / 1_000_000, readUnit: 0.125 / 1_000_000 },
  lambda: { request: 0.2 / 1_000_000, gbSecond: 0.0000166667 },
} as const;
