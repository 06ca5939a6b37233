import {
  documentFigures,
  monthCost,
  recommendStream,
  US_EAST_1,
  type DocumentFigure,
  type MonthCost,
  type StreamRecommendation,
} from '@loadin/costs';
import type { MeasuredVolumes } from '@loadin/jobs';
import { assumptionsOf } from './assumptions.js';
import type { CostOptions } from './options.js';
import { recordsOf, usageOf } from './usage.js';
import { givenDaily, measuredDaily, type DailyVolumes } from './volumes.js';

/** What `loadin-setup cost --json` prints. */
export interface CostResult {
  readonly cost_version: 1;
  readonly measured: MeasuredVolumes | null;
  readonly daily: DailyVolumes;
  readonly month: MonthCost;
  /** `null`: nothing is written to a stream. */
  readonly stream: StreamRecommendation | null;
  readonly assumptions: readonly string[];
  readonly guides: readonly DocumentFigure[];
}

export interface CostContext {
  readonly region: string;
  readonly shards: number;
  readonly options: CostOptions;
}

export function costResult(found: { readonly measured: MeasuredVolumes } | { readonly recordsPerDay: number }, context: CostContext): CostResult {
  const { options, region, shards } = context;
  const measured = 'measured' in found ? found.measured : undefined;
  const daily = 'measured' in found ? measuredDaily(found.measured, options) : givenDaily(found.recordsPerDay, options);
  const prices = US_EAST_1;
  const { peakRecordsPerSecond } = daily;
  return {
    cost_version: 1,
    measured: measured ?? null,
    daily,
    month: monthCost(usageOf(daily, { options, prices, shards }), prices),
    stream: daily.streamRecords === 0 ? null : recommendStream({ ...recordsOf(daily, options), peakRecordsPerSecond }, prices),
    assumptions: assumptionsOf({ daily, measured, options, region, pricesOf: prices.region }),
    guides: documentFigures(prices),
  };
}
