import { lineOf, requireQuantity, used, type CostLine } from '../line.js';
import type { KinesisPrices } from '../prices/types.js';
import { GB, HOURS_PER_DAY } from '../units.js';

/** What is written to a stream in a month, and who reads it. */
export interface KinesisMonth {
  readonly records: number;
  /** Of one record, data and partition key. */
  readonly recordBytes: number;
  /** Of the month. */
  readonly hours: number;
  /** 24 to 8760. Default 24: what is in the price. */
  readonly retentionHours?: number;
  /** Readers that share the shards' throughput, such as one event source mapping. Default 0. */
  readonly readers?: number;
  /** Registered consumers, with a throughput of their own. Default 0. */
  readonly fanOutConsumers?: number;
}

export interface ProvisionedMonth extends KinesisMonth {
  readonly shards: number;
}

const LEAST_HOURS = HOURS_PER_DAY;
const WEEK_HOURS = 7 * HOURS_PER_DAY;

/** A record costs a unit for each 25 KB that it begins: requests do not count, so records that are put together are not cheaper. */
export const payloadUnits = (records: number, recordBytes: number, unitBytes: number): number =>
  records * Math.max(1, Math.ceil(recordBytes / unitBytes));

export function provisionedCost(month: ProvisionedMonth, { provisioned: prices, longTermGbMonth }: KinesisPrices): CostLine[] {
  const { records, recordBytes, hours, shards, retentionHours = LEAST_HOURS, fanOutConsumers = 0 } = checked(month);
  const shardHours = requireQuantity('Kinesis: shards', shards) * hours;
  const line = (what: string, unit: string, quantity: number, price: number): CostLine => lineOf('Kinesis', { what, unit, quantity, price });
  return used([
    line('shards', 'shard hours', shardHours, prices.shardHour),
    line('records put', 'payload units', payloadUnits(records, recordBytes, prices.payloadUnitBytes), prices.payloadUnit),
    line('retention from 24 hours to 7 days', 'shard hours', retentionHours > LEAST_HOURS ? shardHours : 0, prices.extendedShardHour),
    line('retention beyond 7 days', 'GB months', keptBeyond(month, WEEK_HOURS), longTermGbMonth),
    line('fan-out consumers', 'shard hours', shardHours * fanOutConsumers, prices.fanOutShardHour),
    line('read by fan-out', 'GB', ((records * recordBytes) / GB) * fanOutConsumers, prices.fanOutGb),
  ]);
}

export function onDemandCost(month: KinesisMonth, { onDemand: prices, longTermGbMonth }: KinesisPrices): CostLine[] {
  const { records, recordBytes, hours, retentionHours = LEAST_HOURS, readers = 0, fanOutConsumers = 0 } = checked(month);
  const roundedBytes = Math.max(1, Math.ceil(recordBytes / prices.roundedBytes)) * prices.roundedBytes;
  const gbIn = (records * roundedBytes) / GB;
  const gbOut = (records * recordBytes) / GB;
  const line = (what: string, unit: string, quantity: number, price: number): CostLine => lineOf('Kinesis', { what, unit, quantity, price });
  const extended = keptBeyond({ ...month, retentionHours: Math.min(retentionHours, WEEK_HOURS) }, LEAST_HOURS);
  return used([
    line('stream on demand', 'stream hours', hours, prices.streamHour),
    line('written', 'GB', gbIn, prices.gbIn),
    line('read', 'GB', gbOut * readers, prices.gbOut),
    line('read by fan-out', 'GB', gbOut * fanOutConsumers, prices.fanOutGb),
    line('retention from 24 hours to 7 days', 'GB months', extended, prices.extendedGbMonth),
    line('retention beyond 7 days', 'GB months', keptBeyond(month, WEEK_HOURS), longTermGbMonth),
  ]);
}

/** GB that lie in the stream on average for being kept longer than so many hours. */
function keptBeyond({ records, recordBytes, hours, retentionHours = LEAST_HOURS }: KinesisMonth, beyond: number): number {
  return hours === 0 ? 0 : ((records * recordBytes) / GB / hours) * Math.max(0, retentionHours - beyond);
}

function checked<Month extends KinesisMonth>(month: Month): Month {
  const { records, recordBytes, hours, retentionHours = LEAST_HOURS } = month;
  for (const [name, quantity] of Object.entries({ records, recordBytes, hours })) requireQuantity(`Kinesis: ${name}`, quantity);
  if (!(retentionHours >= 24 && retentionHours <= 8760)) throw new RangeError(`Kinesis keeps records 24 to 8760 hours, not ${retentionHours}`);
  return month;
}
