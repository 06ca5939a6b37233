import type { MetricCount } from './tally.js';

const namespace = 'ConcertDataPipeline';

/**
 * Counts as lines in CloudWatch's embedded metric format: written to the function's log as they are, they become metrics.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricLines(counts: readonly MetricCount[], now: number): string[] {
  return counts.map(({ name, dimensions, count }) =>
    JSON.stringify({
      _aws: {
        Timestamp: now,
        CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [Object.keys(dimensions)], Metrics: [{ Name: name, Unit: 'Count' }] }],
      },
      ...dimensions,
      [name]: count,
    }),
  );
}
