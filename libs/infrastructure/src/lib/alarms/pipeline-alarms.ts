import type { JobDefinition } from '@loadin/config';
import { PIPELINE_METRICS as NAMES, PIPELINE_NAMESPACE } from '@loadin/observability';
import { longestGapHours } from './longest-gap.js';
import { runbook } from './runbook.js';
import type { AlarmDefinition, AlarmMetric, AlarmSubjects } from './types.js';

const HOUR = 3_600;
/** Time for a run that begins late and is resumed once. */
const SLACK_HOURS = 2;
/** An alarm looks back seven days at most (PutMetricAlarm: evaluation periods × period). */
const MOST_HOURS = 7 * 24;
/** Of a day's calls: enough is left for the runs of the night. */
const QUOTA_PERCENT = 80;
/** Failed calls of a source within an hour: a service that is tried again now and then is not ill. */
const API_ERRORS = 50;

/** Alarms on what runs tell of themselves, in functions and in containers alike. */
export function pipelineAlarms({ jobs }: AlarmSubjects): AlarmDefinition[] {
  const told = [...jobs.records, ...jobs.entities, ...jobs.tasks];
  const sources = [...new Set(told.flatMap(({ streams }) => streams.map(({ id }) => sourceOf(id))))];
  return [
    ...told.flatMap(jobAlarms),
    ...freshnessAlarms(told),
    ...sources.map(apiErrors),
    ...(sources.includes('ticketmaster') ? [quotaAlarm('ticketmaster')] : []),
  ];
}

const told = (name: string, dimensions: Readonly<Record<string, string>>, statistic: AlarmMetric['statistic']): AlarmMetric => ({
  namespace: PIPELINE_NAMESPACE,
  name,
  dimensions,
  statistic,
  periodSeconds: HOUR,
});
const sourceOf = (streamId: string): string => streamId.slice(0, streamId.indexOf('.'));
const typeOf = (streamId: string): string => streamId.slice(streamId.indexOf('.') + 1);
/** Names of jobs and tables as names of alarms have them. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

function jobAlarms(job: JobDefinition): AlarmDefinition[] {
  const { name } = job;
  const gap = longestGapHours(job);
  return [
    {
      name: `${plain(name)}-run-failed`,
      description: `A run of ${name} failed`,
      runbook: runbook('run-failed'),
      metric: told(NAMES.runsFailed, { Job: name }, 'Sum'),
      comparison: '>',
      threshold: 0,
    },
    {
      name: `${plain(name)}-dead-letters`,
      description: `Records of ${name} could not be delivered`,
      runbook: runbook('dead-letters'),
      metric: told(NAMES.deadLetters, { Job: name }, 'Sum'),
      comparison: '>',
      threshold: 0,
    },
    // What comes less often than CloudWatch looks back is seen by its freshness.
    ...(gap === undefined || gap + SLACK_HOURS > MOST_HOURS ? [] : [noCompleteRun(name, gap + SLACK_HOURS)]),
  ];
}

const noCompleteRun = (job: string, hours: number): AlarmDefinition => ({
  name: `${plain(job)}-no-complete-run`,
  description: `No run of ${job} has completed within ${hours} hours`,
  runbook: runbook('no-complete-run'),
  metric: told(NAMES.runsCompleted, { Job: job }, 'Sum'),
  comparison: '<',
  threshold: 1,
  periods: hours,
  missingData: 'breaching',
});

/** By the job that reads it most often. */
function freshnessAlarms(jobs: readonly JobDefinition[]): AlarmDefinition[] {
  const gaps = new Map<string, number>();
  for (const job of jobs) {
    const gap = longestGapHours(job);
    if (gap !== undefined) for (const { id } of job.streams) gaps.set(id, Math.min(gap, gaps.get(id) ?? Infinity));
  }
  return [...gaps].map(([id, gap]) => ({
    name: `${plain(id)}-stale`,
    description: `${id} was last read more than ${gap + SLACK_HOURS} hours ago`,
    runbook: runbook('stale'),
    metric: told(NAMES.freshness, { DataType: typeOf(id), Source: sourceOf(id) }, 'Minimum'),
    comparison: '>',
    threshold: (gap + SLACK_HOURS) * HOUR,
  }));
}

const apiErrors = (source: string): AlarmDefinition => ({
  name: `${plain(source)}-api-errors`,
  description: `More than ${API_ERRORS} calls of ${source} failed within an hour`,
  runbook: runbook('api-errors'),
  metric: told(NAMES.apiErrors, { Source: source }, 'Sum'),
  comparison: '>',
  threshold: API_ERRORS,
});

const quotaAlarm = (source: string): AlarmDefinition => ({
  name: `${plain(source)}-quota`,
  description: `More than ${QUOTA_PERCENT} % of the day's calls of ${source} are spent`,
  runbook: runbook('quota'),
  metric: told(NAMES.quotaUsed, { Source: source }, 'Maximum'),
  comparison: '>',
  threshold: QUOTA_PERCENT,
});
