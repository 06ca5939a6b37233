import { totalOf, type CostLine } from '../line.js';
import type { Prices } from '../prices/types.js';
import { onDemandCost, provisionedCost, type KinesisMonth } from '../services/kinesis.js';
import { streamSize, type StreamSize } from './size.js';

export interface StreamLoad extends KinesisMonth {
  /** At the busiest. */
  readonly peakRecordsPerSecond: number;
}

export interface StreamRecommendation {
  readonly mode: 'provisioned' | 'on_demand';
  readonly size: StreamSize;
  readonly provisioned: { readonly amount: number; readonly lines: readonly CostLine[] };
  readonly on_demand: { readonly amount: number; readonly lines: readonly CostLine[] };
  /** One sentence. */
  readonly reason: string;
}

/** Which mode is cheaper for the same records, and how many shards it takes provisioned: as many as the busiest second needs, for the whole month. */
export function recommendStream(load: StreamLoad, { kinesis }: Prices): StreamRecommendation {
  const { peakRecordsPerSecond: recordsPerSecond, recordBytes, readers = 1 } = load;
  const size = streamSize({ recordsPerSecond, recordBytes, readers });
  const provisionedLines = provisionedCost({ ...load, shards: size.shards }, kinesis);
  const onDemandLines = onDemandCost({ ...load, readers }, kinesis);
  const [provisioned, onDemand] = [totalOf(provisionedLines).amount, totalOf(onDemandLines).amount];
  const mode = onDemand < provisioned ? 'on_demand' : 'provisioned';
  const words = `${size.shards} ${size.shards === 1 ? 'shard' : 'shards'}`;
  const [less, more] = mode === 'provisioned' ? [provisioned, onDemand] : [onDemand, provisioned];
  const reason =
    mode === 'provisioned'
      ? `${words} for $${less.toFixed(2)} a month take the busiest second; on demand the same records cost $${more.toFixed(2)}`
      : `on demand costs $${less.toFixed(2)} a month; ${words}, which the busiest second takes, stand idle most of the time for $${more.toFixed(2)}`;
  return {
    mode,
    size,
    provisioned: { amount: provisioned, lines: provisionedLines },
    on_demand: { amount: onDemand, lines: onDemandLines },
    reason,
  };
}
