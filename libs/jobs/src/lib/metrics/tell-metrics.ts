import type { EmfLine } from '@loadin/observability';
import { oneLine, systemClock, type RunReport } from '@loadin/pipeline';
import type { NamedJobOptions, OpenJob } from '../open-job.js';
import { freshnessOf } from './freshness.js';
import { quotaUsedOf } from './quota-used.js';
import { runMetrics } from './run-metrics.js';

/** Takes a line of metrics; its JSON, printed as a line of its own, becomes metrics of CloudWatch. */
export type MetricsWriter = (line: EmfLine) => void;

/** Tells what a run did and how fresh all streams are. The run is over by now: what can't be found out is worth a warning, not a failed run. */
export async function tellMetrics({ file, settings, secrets, phase }: OpenJob, report: RunReport, options: NamedJobOptions): Promise<void> {
  const { metrics, logger, clock = systemClock } = options;
  // Where another copy goes on with the run, that one tells.
  if (metrics === undefined || report.dry_run || report.reason === 'lease') return;
  const now = clock.now();
  const { state } = phase;
  try {
    const sources = [...new Set(report.streams.map(({ source }) => source))];
    const [freshness, quotaUsed] = [await freshnessOf(file, state, now), await quotaUsedOf(sources, { settings, secrets, state }, now)];
    for (const line of runMetrics({ report, timestamp: now, freshness, quotaUsed })) metrics(line);
  } catch (error) {
    for (const line of runMetrics({ report, timestamp: now })) metrics(line);
    logger?.warn(`Some metrics of the run could not be told: ${oneLine(error)}`);
  }
}
