import { emf } from '@loadin/observability';
import type { MetricCount } from './tally.js';

/** Counts as lines in CloudWatch's embedded metric format, one for each metric and pair of dimensions; `now` in epoch milliseconds. */
export function metricLines(counts: readonly MetricCount[], now: number): string[] {
  return counts.map(({ name, dimensions, count }) =>
    JSON.stringify(emf({ metrics: [{ name, value: count }], dimensions: { ...dimensions }, timestamp: now })),
  );
}
