import type { AlarmDefinition, AlarmMetric } from '@loadin/infrastructure';

/** One value of one metric at one time, as CloudWatch keeps it. */
export interface DataPoint {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly value: number;
}

interface EmfLog {
  readonly _aws?: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
  readonly [member: string]: unknown;
}

/** What CloudWatch makes of lines of a log: those that are no metrics are lines and nothing more. */
export function dataPointsOf(lines: readonly string[]): DataPoint[] {
  return lines.flatMap((text) => {
    const line = JSON.parse(text) as EmfLog;
    return (line._aws?.CloudWatchMetrics ?? []).flatMap(({ Namespace, Dimensions, Metrics }) =>
      Dimensions.flatMap((names) =>
        Metrics.map(({ Name }) => ({
          namespace: Namespace,
          name: Name,
          dimensions: Object.fromEntries(names.map((name) => [name, String(line[name])])),
          at: line._aws?.Timestamp ?? NaN,
          value: Number(line[Name]),
        })),
      ),
    );
  });
}

const isOf = (point: DataPoint, { namespace, name, dimensions }: AlarmMetric): boolean =>
  point.namespace === namespace &&
  point.name === name &&
  JSON.stringify(Object.entries(point.dimensions).sort()) === JSON.stringify(Object.entries(dimensions).sort());

const STATISTICS: Readonly<Record<AlarmMetric['statistic'], (values: readonly number[]) => number>> = {
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Maximum: (values) => Math.max(...values),
  Minimum: (values) => Math.min(...values),
  Average: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  SampleCount: (values) => values.length,
};
const COMPARE: Readonly<Record<AlarmDefinition['comparison'], (value: number, threshold: number) => boolean>> = {
  '>': (value, threshold) => value > threshold,
  '>=': (value, threshold) => value >= threshold,
  '<': (value, threshold) => value < threshold,
  '<=': (value, threshold) => value <= threshold,
};

/** Whether an alarm rings at `now`: so many of its last periods breach ("Evaluating an alarm", M out of N; a period without data counts as the alarm says). */
export function rings(alarm: AlarmDefinition, points: readonly DataPoint[], now: number): boolean {
  const { metric, comparison, threshold, periods = 1, datapoints = periods, missingData = 'notBreaching' } = alarm;
  const length = metric.periodSeconds * 1_000;
  const own = points.filter((point) => isOf(point, metric));
  let breaching = 0;
  for (let period = 0; period < periods; period += 1) {
    const end = now - period * length;
    const values = own.filter(({ at }) => at > end - length && at <= end).map(({ value }) => value);
    if (values.length === 0 ? missingData === 'breaching' : COMPARE[comparison](STATISTICS[metric.statistic](values), threshold)) breaching += 1;
  }
  return breaching >= datapoints;
}

export const ringing = (alarms: readonly AlarmDefinition[], points: readonly DataPoint[], now: number): string[] =>
  alarms.filter((alarm) => rings(alarm, points, now)).map(({ name }) => name);
