import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { arns } from '../lib/names.js';
import { acknowledge } from './acknowledge.js';
import type { StackInput } from './types.js';

/** What a schedule starts. */
export interface ScheduledTarget {
  /** The job, which is also the schedule's name. */
  readonly job: string;
  /** `cron(0 2 * * ? *)` */
  readonly expression: string;
  /** Whose clock it goes by. Default: UTC */
  readonly timeZone?: string;
  /** A function, a state machine, or a call of the universal target. */
  readonly arn: string;
  /** JSON; `<aws.scheduler.…>` in it is filled in by the scheduler. */
  readonly input: object;
  /** Of a cluster: which task; the input is then its overrides. */
  readonly ecsParameters?: scheduler.CfnSchedule.EcsParametersProperty;
}

export interface ScheduleOptions {
  readonly group: string;
  readonly deadLetters: string;
  /** What the schedules may do: start their targets, and nothing else. */
  readonly allowed: readonly iam.PolicyStatement[];
  readonly targets: readonly ScheduledTarget[];
}

/** The time for which a run is scheduled, as the scheduler gives it: the same at every retry, however late, so a retried run is the same run. */
export const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>';

/** A start that failed is tried again for so long; the run's own time is over by then. */
const RETRIES = { maximumRetryAttempts: 10, maximumEventAgeInSeconds: Duration.hours(1).toSeconds() };

/** The schedules of jobs: a group, a role that starts their targets, and a queue that holds what could not be started. */
export function scheduleJobs(scope: Construct, input: StackInput, { group, deadLetters, allowed, targets }: ScheduleOptions): sqs.Queue {
  const { environment } = input;
  const queue = deadLetterQueue(scope, deadLetters);
  const role = new iam.Role(scope, 'ScheduleRole', {
    assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': environment.account, 'aws:SourceArn': arns.schedule(environment, group) } },
    }),
  });
  role.addToPolicy(new iam.PolicyStatement({ sid: 'DeadLetters', actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
  for (const statement of allowed) role.addToPolicy(statement);
  const schedules = new scheduler.CfnScheduleGroup(scope, 'Schedules', { name: group });
  schedules.applyRemovalPolicy(RemovalPolicy.DESTROY);
  const { flexibleMinutes, enabled } = environment.schedules;
  for (const target of targets) {
    const schedule = new scheduler.CfnSchedule(scope, `Schedule-${target.job}`, {
      name: target.job,
      groupName: group,
      scheduleExpression: target.expression,
      scheduleExpressionTimezone: target.timeZone ?? 'UTC',
      state: enabled ? 'ENABLED' : 'DISABLED',
      flexibleTimeWindow: flexibleMinutes === 0 ? { mode: 'OFF' } : { mode: 'FLEXIBLE', maximumWindowInMinutes: flexibleMinutes },
      target: {
        arn: target.arn,
        roleArn: role.roleArn,
        input: JSON.stringify(target.input),
        ...(target.ecsParameters && { ecsParameters: target.ecsParameters }),
        deadLetterConfig: { arn: queue.queueArn },
        retryPolicy: RETRIES,
      },
    });
    // A name makes no dependency of its own.
    schedule.addResourceDependency(schedules);
    schedule.node.addDependency(role);
  }
  return queue;
}

function deadLetterQueue(scope: Construct, queueName: string): sqs.Queue {
  const queue = new sqs.Queue(scope, 'ScheduleDeadLetters', {
    queueName,
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  acknowledge(queue, 'AwsSolutions-SQS3', 'It is itself the dead-letter queue of the schedules.');
  return queue;
}
