import { pipelineAlarms } from './pipeline-alarms.js';
import { runbook } from './runbook.js';
import type { AlarmDefinition, AlarmMetric, AlarmSubjects } from './types.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** A function has 15 minutes; what takes more than 13 will soon not be done in one invocation. */
const LONG_MS = 13 * MINUTE * 1_000;

/** The alarms of one environment. */
export function alarmDefinitions(subjects: AlarmSubjects): readonly AlarmDefinition[] {
  const { names, jobs } = subjects;
  return [
    ...(jobs.records.length > 0 ? functionAlarms('ingestion', names.ingestionFunction, 'The function that reads APIs') : []),
    ...(jobs.entities.length > 0 ? functionAlarms('bronze', names.bronzeFunction, 'The function that loads entities') : []),
    ...runAlarms(subjects),
    ...streamAlarms(subjects),
    ...pipelineAlarms(subjects),
  ];
}

function functionAlarms(id: string, functionName: string, what: string): AlarmDefinition[] {
  const metric = (name: string, statistic: AlarmMetric['statistic']): AlarmMetric => ({
    namespace: 'AWS/Lambda',
    name,
    dimensions: { FunctionName: functionName },
    statistic,
    periodSeconds: 5 * MINUTE,
  });
  return [
    {
      name: `${id}-errors`,
      description: `${what} failed`,
      runbook: runbook('function-errors'),
      metric: metric('Errors', 'Sum'),
      comparison: '>',
      threshold: 0,
    },
    {
      name: `${id}-duration`,
      description: `${what} took more than 13 of its 15 minutes`,
      runbook: runbook('function-duration'),
      metric: metric('Duration', 'Maximum'),
      comparison: '>',
      threshold: LONG_MS,
    },
    {
      name: `${id}-throttles`,
      description: `${what} was not started, because too many functions of the account run`,
      runbook: runbook('function-throttles'),
      metric: metric('Throttles', 'Sum'),
      comparison: '>',
      threshold: 0,
      periods: 3,
    },
  ];
}

function runAlarms({ names, jobs, stateMachineArn }: AlarmSubjects): AlarmDefinition[] {
  const execution = (name: string): AlarmMetric => ({
    namespace: 'AWS/States',
    name,
    dimensions: { StateMachineArn: stateMachineArn ?? '' },
    statistic: 'Sum',
    periodSeconds: 5 * MINUTE,
  });
  const notStarted = (name: string, queue: string): AlarmDefinition => ({
    name,
    description: 'A schedule could not start its job, or the event of one was given up',
    runbook: runbook('schedules-not-started'),
    metric: {
      namespace: 'AWS/SQS',
      name: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: queue },
      statistic: 'Maximum',
      periodSeconds: 5 * MINUTE,
    },
    comparison: '>',
    threshold: 0,
  });
  return [
    ...(stateMachineArn === undefined
      ? []
      : [
          {
            name: 'runs-failed',
            description: 'A run has failed',
            runbook: runbook('runs-failed'),
            metric: execution('ExecutionsFailed'),
            comparison: '>' as const,
            threshold: 0,
          },
          {
            name: 'runs-timed-out',
            description: 'A run was not done in seven days',
            runbook: runbook('runs-timed-out'),
            metric: execution('ExecutionsTimedOut'),
            comparison: '>' as const,
            threshold: 0,
          },
        ]),
    notStarted('schedules-not-started', names.scheduleDeadLetters),
    ...(jobs.tasks.length > 0 ? [notStarted('task-schedules-not-started', names.taskScheduleDeadLetters)] : []),
  ];
}

function streamAlarms({ names, streamHours }: AlarmSubjects): AlarmDefinition[] {
  const ofConsumer = (name: string, statistic: AlarmMetric['statistic']): AlarmMetric => ({
    namespace: 'AWS/Lambda',
    name,
    dimensions: { FunctionName: names.consumerFunction },
    statistic,
    periodSeconds: 5 * MINUTE,
  });
  return [
    {
      name: 'stream-writes-throttled',
      description: 'The stream took records too slowly: it needs more shards',
      runbook: runbook('stream-writes-throttled'),
      metric: {
        namespace: 'AWS/Kinesis',
        name: 'WriteProvisionedThroughputExceeded',
        dimensions: { StreamName: names.stream },
        statistic: 'Sum',
        periodSeconds: 5 * MINUTE,
      },
      comparison: '>',
      threshold: 0,
      periods: 3,
      datapoints: 2,
    },
    {
      name: 'consumer-errors',
      description: 'The consumer fails',
      runbook: runbook('consumer-errors'),
      metric: ofConsumer('Errors', 'Sum'),
      comparison: '>',
      threshold: 0,
      periods: 3,
    },
    {
      name: 'consumer-iterator-age',
      description: 'The consumer is so far behind that records will be gone before it has read them',
      runbook: runbook('consumer-iterator-age'),
      metric: ofConsumer('IteratorAge', 'Maximum'),
      comparison: '>',
      threshold: Math.min(HOUR, (streamHours * HOUR) / 4) * 1_000,
      periods: 3,
    },
    {
      name: 'batches-given-up',
      description: 'The consumer gave records up: they lie in the bucket of failed batches',
      runbook: runbook('batches-given-up'),
      metric: ofConsumer('OnFailureDestinationDeliveredEventCount', 'Sum'),
      comparison: '>',
      threshold: 0,
    },
  ];
}
