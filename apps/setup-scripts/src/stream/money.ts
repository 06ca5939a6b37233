import { DAYS_PER_MONTH, HOURS_PER_DAY, onDemandCost, provisionedCost, totalOf, US_EAST_1 } from '@loadin/costs';

const HOURS = DAYS_PER_MONTH * HOURS_PER_DAY;

export interface Standing {
  readonly shards: number;
  readonly retentionHours?: number;
  readonly consumers?: number;
  readonly mode?: 'PROVISIONED' | 'ON_DEMAND';
}

/** What a stream costs in a month of 30 days before the first record comes, in words. */
export function standingCost({ shards, retentionHours, consumers, mode = 'PROVISIONED' }: Standing): string {
  const month = { records: 0, recordBytes: 0, hours: HOURS, retentionHours, fanOutConsumers: consumers };
  const lines = mode === 'ON_DEMAND' ? onDemandCost(month, US_EAST_1.kinesis) : provisionedCost({ ...month, shards }, US_EAST_1.kinesis);
  return `$${totalOf(lines).amount.toFixed(2)} a month and the records`;
}
