import { PRICES } from './prices.js';
import type { Quantities } from './quantities.js';
import type { Cost, CostItem } from './types.js';

export interface CostContext {
  readonly quantities: Quantities;
  /** Of the whole run, seconds. */
  readonly seconds: number;
  readonly runsPerMonth: number | null;
  /** Of the stream, when it is a sink of the job. */
  readonly shards: number;
  /** State kept in DynamoDB; else each write is an S3 put, which are few. */
  readonly stateInDynamo: boolean;
}

const HOURS_PER_MONTH = 730;
const GB = 1_000_000_000;
/** What the function's README recommends. */
const LAMBDA_GB = 0.512;

export function costOf({ quantities, seconds, runsPerMonth, shards, stateInDynamo }: CostContext): Cost {
  const { s3, kinesis, dynamodb, lambda } = PRICES;
  const { s3Puts, s3Gets, payloadUnits, writeUnits, readUnits, storedBytes } = quantities;
  const puts = s3Puts + (stateInDynamo ? 0 : writeUnits);
  const gets = s3Gets + (stateInDynamo ? 0 : readUnits);
  const used = (service: string, what: string, quantity: number, price: number): CostItem => ({
    service,
    what,
    quantity,
    per_run: quantity * price,
    per_month: runsPerMonth === null ? null : quantity * price * runsPerMonth,
  });
  const standing = (service: string, what: string, quantity: number, price: number): CostItem => ({
    service,
    what,
    quantity,
    per_run: 0,
    per_month: quantity * price,
  });
  const items = [
    used('S3', 'PUT and LIST requests', puts, s3.put),
    used('S3', 'GET requests', gets, s3.get),
    used('S3', "GB kept for a month, of a run's objects", storedBytes / GB, s3.gbMonth),
    ...(shards > 0
      ? [
          used('Kinesis', 'PUT payload units', payloadUnits, kinesis.payloadUnit),
          standing('Kinesis', 'shard hours, of all jobs together', shards * HOURS_PER_MONTH, kinesis.shardHour),
        ]
      : []),
    ...(stateInDynamo
      ? [used('DynamoDB', 'write units', writeUnits, dynamodb.writeUnit), used('DynamoDB', 'read units', readUnits, dynamodb.readUnit)]
      : []),
    used('Lambda', 'GB seconds, if it runs there', seconds * LAMBDA_GB, lambda.gbSecond),
    used('Lambda', 'calls, if it runs there', 1, lambda.request),
  ];
  return {
    currency: 'USD',
    region: PRICES.region,
    prices_of: PRICES.as_of,
    items,
    per_run: total(items.map(({ per_run }) => per_run)),
    per_month: runsPerMonth === null ? null : total(items.map(({ per_month }) => per_month ?? 0)),
  };
}

const total = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);
