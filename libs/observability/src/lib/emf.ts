import { PIPELINE_NAMESPACE } from './metric-names.js';

/** Units that CloudWatch knows and Loadin uses. */
export type MetricUnit = 'Count' | 'Milliseconds' | 'Seconds' | 'Bytes' | 'Percent' | 'Count/Second' | 'Bytes/Second' | 'None';

export interface Metric {
  readonly name: string;
  readonly value: number;
  /** Default: `Count`. */
  readonly unit?: MetricUnit;
}

export interface EmfOptions {
  /** Default: `ConcertDataPipeline`. */
  readonly namespace?: string;
  readonly metrics: readonly Metric[];
  /** Names to values; all together are one dimension set. Default: none. */
  readonly dimensions?: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  /** Further members of the line, to search for in CloudWatch Logs. Default: none. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** A line of CloudWatch's embedded metric format. */
export interface EmfLine {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: MetricUnit }[];
    }[];
  };
  readonly [member: string]: unknown;
}

const METRICS_PER_DIRECTIVE = 100;
const MOST_DIMENSIONS = 30;

/**
 * Metrics as an object whose JSON, printed as a line of its own, CloudWatch turns into metrics ("Specification: Embedded metric format").
 * Throws `RangeError` for what CloudWatch would silently drop: too many dimensions, a value that is no number, one name for two things.
 */
export function emf(options: EmfOptions): EmfLine {
  const { namespace = PIPELINE_NAMESPACE, metrics, dimensions = {}, timestamp, properties = {} } = options;
  const names = Object.keys(dimensions);
  if (names.length > MOST_DIMENSIONS) throw new RangeError(`${names.length} dimensions; a metric has at most ${MOST_DIMENSIONS}`);
  const values: Record<string, number> = {};
  for (const { name, value } of metrics) {
    if (!Number.isFinite(value)) throw new RangeError(`Metric "${name}" is ${value}`);
    if (name === '_aws' || name in values || Object.hasOwn(dimensions, name))
      throw new RangeError(`"${name}" stands for two things in one line of metrics`);
    values[name] = value;
  }
  const directives = [];
  for (let from = 0; from < metrics.length; from += METRICS_PER_DIRECTIVE) {
    const Metrics = metrics.slice(from, from + METRICS_PER_DIRECTIVE).map(({ name, unit = 'Count' }) => ({ Name: name, Unit: unit }));
    directives.push({ Namespace: namespace, Dimensions: [names], Metrics });
  }
  return { ...properties, ...dimensions, ...values, _aws: { Timestamp: Math.floor(timestamp), CloudWatchMetrics: directives } };
}
