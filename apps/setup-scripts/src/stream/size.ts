import { DAYS_PER_MONTH, HOURS_PER_DAY, provisionedCost, recommendStream, totalOf, US_EAST_1, type StreamRecommendation } from '@loadin/costs';
import { dollars, recordSizeText, table } from '../cost/render.js';
import type { Output } from '../output.js';

export interface SizeOptions {
  /** At the busiest. */
  readonly recordsPerSecond: number;
  /** Bytes. */
  readonly recordSize: number;
  /** Default: as many as if every second were the busiest. */
  readonly recordsPerDay?: number;
  readonly readers?: number;
  readonly retention?: number;
  readonly fanOut?: number;
  readonly json?: boolean;
}

const HOURS = DAYS_PER_MONTH * HOURS_PER_DAY;

/** The table of shard counts, with the one that this load takes; calls nothing. */
export function showSize(options: SizeOptions, output: Output): void {
  const { recordsPerSecond, recordSize, recordsPerDay = recordsPerSecond * 86_400, readers = 1, retention = 24, fanOut = 0 } = options;
  const month = {
    records: recordsPerDay * DAYS_PER_MONTH,
    recordBytes: recordSize,
    hours: HOURS,
    retentionHours: retention,
    readers,
    fanOutConsumers: fanOut,
  };
  const found = recommendStream({ ...month, peakRecordsPerSecond: recordsPerSecond }, US_EAST_1);
  if (options.json === true) return output.print(JSON.stringify(found, null, 2));
  const counts = [...new Set([1, 2, 5, found.size.shards])].sort((a, b) => a - b);
  const rows = counts.map((shards) =>
    row(shards, totalOf(provisionedCost({ ...month, shards }, US_EAST_1.kinesis)).amount, shards === found.size.shards),
  );
  const head = ['', 'Shards', 'Writes', 'Records', 'Reads', 'Shards alone', 'With the records'];
  for (const line of table([head, ...rows], 1)) output.print(line);
  for (const line of summary(found, options)) output.print(line);
}

function row(shards: number, amount: number, wanted: boolean): string[] {
  const alone = shards * HOURS * US_EAST_1.kinesis.provisioned.shardHour;
  return [
    wanted ? '→' : '',
    String(shards),
    `${shards} MB/s`,
    `${(shards * 1_000).toLocaleString('en-US')}/s`,
    `${shards * 2} MB/s`,
    `$${dollars(alone)}/month`,
    `$${dollars(amount)}/month`,
  ];
}

function summary({ size, mode, reason }: StreamRecommendation, { recordsPerSecond, recordSize }: SizeOptions): string[] {
  const load = `${recordsPerSecond.toLocaleString('en-US')} records of ${recordSizeText(recordSize)} a second`;
  const bound = size.bound === 'nothing' ? '' : `; their ${size.bound} are used to ${(size.used * 100).toFixed(0)} %`;
  return [
    '',
    `${load} take ${size.shards} ${size.shards === 1 ? 'shard' : 'shards'}${bound}.`,
    `${mode === 'provisioned' ? 'Provisioned' : 'On demand'} is cheaper: ${reason}.`,
    `List prices of ${US_EAST_1.region}, ${US_EAST_1.as_of}, for 30 days; records that spread unevenly over their keys take more shards.`,
  ];
}
