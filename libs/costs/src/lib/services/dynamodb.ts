import { lineOf, requireQuantity, used, type CostLine } from '../line.js';
import type { DynamoDbPrices } from '../prices/types.js';
import { GB } from '../units.js';

/** A table on demand. */
export interface DynamoDbMonth {
  readonly writeUnits?: number;
  readonly readUnits?: number;
  readonly storedBytes?: number;
  /** Point-in-time recovery, as `loadin-setup create` switches it on. Default true. */
  readonly pointInTime?: boolean;
}

export function dynamodbCost(
  { writeUnits = 0, readUnits = 0, storedBytes = 0, pointInTime = true }: DynamoDbMonth,
  prices: DynamoDbPrices,
): CostLine[] {
  const stored = requireQuantity('DynamoDB: storedBytes', storedBytes) / GB;
  return used([
    lineOf('DynamoDB', { what: 'writes', unit: 'write units', quantity: writeUnits, price: prices.writeUnit }),
    lineOf('DynamoDB', { what: 'reads', unit: 'read units', quantity: readUnits, price: prices.readUnit }),
    lineOf('DynamoDB', { what: 'kept', unit: 'GB months', quantity: stored, price: prices.gbMonth, freeUnits: prices.free.gbMonths }),
    lineOf('DynamoDB', {
      what: 'point-in-time recovery',
      unit: 'GB months',
      quantity: pointInTime ? stored : 0,
      price: prices.pointInTimeGbMonth,
    }),
  ]);
}
