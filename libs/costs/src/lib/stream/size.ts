import { requireQuantity } from '../line.js';
import { MB } from '../units.js';

/** Of one shard, a second: https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
export const SHARD = { recordsIn: 1_000, bytesIn: MB, bytesOut: 2 * MB } as const;

export interface Throughput {
  /** At the busiest, not on average: a shard refuses what is above its limit within each second. */
  readonly recordsPerSecond: number;
  /** Of one record, data and partition key. */
  readonly recordBytes: number;
  /** Readers that share the shards' 2 MB a second. Default 1. */
  readonly readers?: number;
}

export type Bound = 'records' | 'bytes written' | 'bytes read' | 'nothing';

export interface StreamSize {
  readonly shards: number;
  /** What asks for so many. */
  readonly bound: Bound;
  /** Share of that limit that is used with so many shards; 1 is all. */
  readonly used: number;
}

/** The fewest shards that take this; one shard at least. Records are taken to spread evenly over partition keys. */
export function streamSize({ recordsPerSecond, recordBytes, readers = 1 }: Throughput): StreamSize {
  for (const [name, quantity] of Object.entries({ recordsPerSecond, recordBytes, readers })) requireQuantity(name, quantity);
  const bytes = recordsPerSecond * recordBytes;
  const needs: readonly (readonly [Bound, number])[] = [
    ['records', recordsPerSecond / SHARD.recordsIn],
    ['bytes written', bytes / SHARD.bytesIn],
    ['bytes read', (bytes * readers) / SHARD.bytesOut],
  ];
  const [bound, most] = needs.reduce((dearest, need) => (need[1] > dearest[1] ? need : dearest), ['nothing', 0] as const satisfies readonly [
    Bound,
    number,
  ]);
  const shards = Math.max(1, Math.ceil(most));
  return { shards, bound, used: most / shards };
}
