import type { JobsByPlace } from '../jobs.js';
import type { ResourceNames } from '../names.js';

/** One metric of CloudWatch over time. */
export interface AlarmMetric {
  /** `AWS/Lambda`, `ConcertDataPipeline` */
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Sum' | 'Maximum' | 'Minimum' | 'Average' | 'SampleCount';
  /** 60, or a multiple of it. */
  readonly periodSeconds: number;
}

/** When somebody is told. Plain data: the stack `observability` makes alarms of it, and specifications hold real lines against it. */
export interface AlarmDefinition {
  /** `ingestion-errors`: small letters, digits and hyphens. The alarm is called `loadin-{name}`, with the environment's suffix. */
  readonly name: string;
  /** One line: what it means for people. */
  readonly description: string;
  /** What to do about it, from the top of the repository: `docs/runbooks/ingestion-errors.md`. Default: none. */
  readonly runbook?: string;
  readonly metric: AlarmMetric;
  readonly comparison: '>' | '>=' | '<' | '<=';
  /** In the metric's own unit. */
  readonly threshold: number;
  /** So many periods one after the other. Default: 1 */
  readonly periods?: number;
  /** Of which so many have to breach. Default: all */
  readonly datapoints?: number;
  /** What a period without data is. `breaching` for what should happen and did not. Default: `notBreaching` */
  readonly missingData?: 'breaching' | 'notBreaching' | 'ignore' | 'missing';
}

/** What alarms are about. */
export interface AlarmSubjects {
  readonly names: ResourceNames;
  readonly jobs: JobsByPlace;
  /** Whether a state machine starts the jobs. */
  readonly stateMachineArn: string | undefined;
  /** Hours that records stay on the stream: a consumer that is as far behind loses them. */
  readonly streamHours: number;
}
