/** Units of the specification's JSON schema. */
const UNITS = new Set(
  ['', '/Second']
    .flatMap((per) =>
      ['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes', 'Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits', 'Count'].map(
        (unit) => unit + per,
      ),
    )
    .concat('Seconds', 'Microseconds', 'Milliseconds', 'Percent', 'None'),
);
const MOST_BYTES = 1024 * 1024;
/** Names of dimensions and their values are ASCII without control characters (PutMetricData, Dimension). */
const PRINTABLE = /^[\x20-\x7e]+$/;

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown, most: number): value is string => typeof value === 'string' && value.length >= 1 && value.length <= most;

/**
 * Why CloudWatch would make no metrics of a line of a log, or other ones than are meant, in sentences; empty when all is well. It checks what "Specification: Embedded metric format"
 * and its JSON schema say: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function emfFaults(text: string): string[] {
  if (Buffer.byteLength(text) > MOST_BYTES) return ['the line has more than 1 MB'];
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return ['the line is no JSON'];
  }
  if (text.includes('\n')) return ['the line is more than one'];
  const meta = isObject(line) ? line['_aws'] : undefined;
  if (!isObject(line) || !isObject(meta)) return ['the line has no object _aws'];
  const { Timestamp: timestamp, CloudWatchMetrics: directives } = meta;
  const faults = Number.isInteger(timestamp) && Number(timestamp) >= 0 ? [] : ['Timestamp is no whole number of milliseconds'];
  if (!Array.isArray(directives) || directives.length === 0) return [...faults, 'CloudWatchMetrics is no list of directives'];
  return [...faults, ...directives.flatMap((directive) => directiveFaults(directive, line))];
}

function directiveFaults(directive: unknown, line: Fields): string[] {
  if (!isObject(directive)) return ['a directive is no object'];
  const { Namespace: namespace, Dimensions: sets, Metrics: metrics } = directive;
  return [
    ...(isText(namespace, 1_024) ? [] : ['Namespace has not 1 to 1024 characters']),
    ...(Array.isArray(sets) && sets.length > 0 ? sets.flatMap((set) => dimensionFaults(set, line)) : ['Dimensions is no list of sets']),
    ...(Array.isArray(metrics) && metrics.length > 0 && metrics.length <= 100
      ? metrics.flatMap((metric) => metricFaults(metric, line))
      : ['Metrics has not 1 to 100 entries']),
  ];
}

function dimensionFaults(set: unknown, line: Fields): string[] {
  if (!Array.isArray(set) || set.length > 30) return ['a set of dimensions is no list of at most 30 names'];
  return set.flatMap((name) => {
    if (!isText(name, 250) || !PRINTABLE.test(name) || name.startsWith(':')) return [`dimension ${JSON.stringify(name)} is no name`];
    const value = line[name];
    return isText(value, 1_024) && PRINTABLE.test(value) && value.trim() !== ''
      ? []
      : [`dimension ${name} has no text of 1 to 1024 printable characters`];
  });
}

function metricFaults(metric: unknown, line: Fields): string[] {
  if (!isObject(metric) || !isText(metric['Name'], 1_024)) return ['a metric has no name of 1 to 1024 characters'];
  const { Name: name, Unit: unit, StorageResolution: resolution } = metric;
  const value = line[name as string];
  const values = Array.isArray(value) ? (value as unknown[]) : [value];
  return [
    ...(values.length >= 1 && values.length <= 100 && values.every((one) => typeof one === 'number')
      ? []
      : [`metric ${String(name)} has no number, or more than 100`]),
    ...(unit === undefined || UNITS.has(unit as string) ? [] : [`metric ${String(name)} has the unit ${String(unit)}, which there is not`]),
    ...(resolution === undefined || resolution === 1 || resolution === 60 ? [] : [`metric ${String(name)} has another resolution than 1 or 60 s`]),
  ];
}
