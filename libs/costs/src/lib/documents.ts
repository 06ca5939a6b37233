import { totalOf, type CostLine } from './line.js';
import type { Prices } from './prices/types.js';
import { payloadUnits, provisionedCost } from './services/kinesis.js';
import { lambdaCost } from './services/lambda.js';
import { s3Cost } from './services/s3.js';
import { DAYS_PER_MONTH, GB, HOURS_PER_DAY, KB } from './units.js';

/** A figure that guides of the earlier system give, and what it is. */
export interface DocumentFigure {
  readonly figure: string;
  readonly says: string;
  readonly is: string;
  readonly right: boolean;
  /** What the guides leave out, or where the error lies. */
  readonly note?: string;
}

const HOURS = DAYS_PER_MONTH * HOURS_PER_DAY;
const dollars = (amount: number): string => `$${amount.toFixed(2)}`;
const amountOf = (lines: readonly CostLine[]): number => totalOf(lines).amount;

/** Every figure about Loadin's services in the guides, reckoned again for a month of 30 days. "About $11" is right when it is within 5 %. */
export function documentFigures(prices: Prices): DocumentFigure[] {
  return [...streamFigures(prices), ...otherFigures(prices)];
}

const near = (says: number, is: number): boolean => Math.abs(says - is) <= 0.05 * is;

function streamFigures({ kinesis }: Prices): DocumentFigure[] {
  const shards = (count: number): number => amountOf(provisionedCost({ shards: count, records: 0, recordBytes: 0, hours: HOURS }, kinesis));
  const records = 1_000_000 * DAYS_PER_MONTH;
  const units = payloadUnits(records, KB, kinesis.provisioned.payloadUnitBytes);
  const put = units * kinesis.provisioned.payloadUnit;
  const ofShards = ([count, says]: readonly [number, number]): DocumentFigure => ({
    figure: `${count} ${count === 1 ? 'shard' : 'shards'} for a month`,
    says: `~$${says}`,
    is: dollars(shards(count)),
    right: near(says, shards(count)),
  });
  return [
    ...(
      [
        [1, 11],
        [2, 22],
        [5, 55],
      ] as const
    ).map(ofShards),
    {
      figure: '1M records of 1 KB a day: PUT cost of a month',
      says: '40 PUT units per 1M records, ~$0.56',
      is: `${units / 1_000_000}M PUT units, ${dollars(put)}`,
      right: near(0.56, put),
      note: 'each record is a unit of up to 25 KB by itself: a million records are a million units; 40 million units would cost $0.56',
    },
    {
      figure: '1 shard with 1M records of 1 KB a day',
      says: '~$12',
      is: dollars(shards(1) + put),
      right: near(12, shards(1) + put),
      note: '$11 and $0.56 are $11.56 even by the guide; rightly it is $11',
    },
    {
      figure: 'PUT requests',
      says: '$0.014/million PUT requests',
      is: '$0.014/million payload units',
      right: false,
      note: 'units of records are paid for, not requests: PutRecords saves time and calls, no money',
    },
    {
      figure: 'extended retention',
      says: '$0.020 per shard-hour (beyond 24 hours)',
      is: '$0.020 per shard-hour up to 7 days, then $0.023 per GB and month',
      right: true,
      note: `retention from 24 to 168 hours more than doubles a shard: ${dollars(HOURS * kinesis.provisioned.extendedShardHour)} a month`,
    },
  ];
}

function otherFigures({ s3, kinesis, lambda }: Prices): DocumentFigure[] {
  const hundred = amountOf(s3Cost({ stored: { standard: { bytes: 100 * GB, objects: 0 } } }, s3));
  const shard = amountOf(provisionedCost({ shards: 1, records: 0, recordBytes: 0, hours: HOURS }, kinesis));
  const runs = totalOf(lambdaCost({ requests: 1_000, seconds: 1_000 * 60, memoryGb: 0.5 }, lambda));
  const million = totalOf(lambdaCost({ requests: 1_000_000, seconds: 1_000_000, memoryGb: 0.5 }, lambda));
  return [
    { figure: '100 GB in S3', says: '~$2.30', is: dollars(hundred), right: near(2.3, hundred), note: 'without requests and replaced versions' },
    {
      figure: 'Lambda, 1000 invocations',
      says: 'Free tier',
      is: `${dollars(runs.amount - runs.free)} (list price ${dollars(runs.amount)} at 60 s and 512 MB)`,
      right: runs.amount === runs.free,
    },
    {
      figure: 'Lambda, 1M requests',
      says: 'Free tier',
      is: `${dollars(million.amount - million.free)} (list price ${dollars(million.amount)} at 1 s and 512 MB)`,
      right: million.amount === million.free,
      note: 'the requests are free; of their duration 400,000 GB seconds are',
    },
    {
      figure: 'Lambda beyond the free tier',
      says: '$0.20/million requests',
      is: '$0.20/million requests and $0.0000166667 per GB second',
      right: false,
      note: 'duration is nearly all of it: a minute at 512 MB costs as much as 2,500 requests',
    },
    {
      figure: 'S3, one shard and Lambda together',
      says: '~$13-15',
      is: dollars(hundred + shard),
      right: near(14, hundred + shard) || (hundred + shard >= 13 && hundred + shard <= 15),
      note: 'DynamoDB, secrets, logs, metrics and alarms are left out: loadin-setup cost lists them',
    },
  ];
}
