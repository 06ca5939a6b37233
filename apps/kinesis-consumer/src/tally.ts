import { transformFor } from '@loadin/transforms';
import type { Verdict } from './types.js';

export interface MetricCount {
  readonly name: 'RecordsConsumed' | 'RecordsRejected' | 'TestRecords';
  readonly dimensions: { readonly DataType: string; readonly Source: string };
  readonly count: number;
}

/** Counts verdicts by metric, data type and source. */
export interface Tally {
  count(verdict: Verdict): void;
  /** One entry per metric and pair of dimensions that occurred, in the order of first occurrence. */
  metrics(): readonly MetricCount[];
  /** Valid records by data type, for the log. */
  totals(): Readonly<Record<string, number>>;
}

const metricOf = { valid: 'RecordsConsumed', bad: 'RecordsRejected', test: 'TestRecords' } as const;

export function createTally(): Tally {
  const counts = new Map<string, MetricCount>();
  return {
    count: (verdict) => {
      const name = metricOf[verdict.kind];
      const dimensions = dimensionsOf(verdict);
      const key = `${name} ${dimensions.DataType}`;
      counts.set(key, { name, dimensions, count: (counts.get(key)?.count ?? 0) + 1 });
    },
    metrics: () => [...counts.values()],
    totals: () =>
      Object.fromEntries(
        [...counts.values()].filter(({ name }) => name === 'RecordsConsumed').map(({ dimensions, count }) => [dimensions.DataType, count]),
      ),
  };
}

/** Only names that are known: each new value of a dimension is a metric of its own, and paid for. */
function dimensionsOf(verdict: Verdict): MetricCount['dimensions'] {
  if (verdict.kind === 'test') return { DataType: 'test', Source: 'setup' };
  if (verdict.dataType === undefined) return { DataType: 'unknown', Source: 'unknown' };
  return { DataType: verdict.dataType, Source: transformFor(verdict.dataType).source };
}
