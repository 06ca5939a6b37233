import { GB, US_EAST_1 } from '@loadin/costs';
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

/** An average month, as runs per month are counted. */
const HOURS_PER_MONTH = 730;
/** What the function's README recommends. */
const LAMBDA_GB = 0.512;

export function costOf({ quantities, seconds, runsPerMonth, shards, stateInDynamo }: CostContext): Cost {
  const { s3, kinesis, dynamodb, lambda } = US_EAST_1;
  const { standard } = s3.classes;
  const { price: gbMonth } = standard.gbMonth[0] ?? { price: 0 }; // a run adds to the first 50 TB
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
    used('S3', 'PUT and LIST requests', puts, standard.put),
    used('S3', 'GET requests', gets, standard.get),
    used('S3', "GB kept for a month, of a run's objects", storedBytes / GB, gbMonth),
    ...(shards > 0
      ? [
          used('Kinesis', 'PUT payload units', payloadUnits, kinesis.provisioned.payloadUnit),
          standing('Kinesis', 'shard hours, of all jobs together', shards * HOURS_PER_MONTH, kinesis.provisioned.shardHour),
        ]
      : []),
    ...(stateInDynamo
      ? [used('DynamoDB', 'write units', writeUnits, dynamodb.writeUnit), used('DynamoDB', 'read units', readUnits, dynamodb.readUnit)]
      : []),
    used('Lambda', 'GB seconds, if it runs there', seconds * LAMBDA_GB, lambda.gbSecond.x86),
    used('Lambda', 'calls, if it runs there', 1, lambda.request),
  ];
  return {
    currency: 'USD',
    region: US_EAST_1.region,
    prices_of: US_EAST_1.as_of,
    items,
    per_run: total(items.map(({ per_run }) => per_run)),
    per_month: runsPerMonth === null ? null : total(items.map(({ per_month }) => per_month ?? 0)),
  };
}

const total = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);
