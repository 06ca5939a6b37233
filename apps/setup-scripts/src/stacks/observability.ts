import { alarmDefinitions, arns, jobsByPlace, type AlarmDefinition, type AlarmMetric } from '@loadin/infrastructure';
import { acknowledge, loadinStack, privateBucket, type StackDefinition, type StackInput } from '@loadin/infrastructure/cdk';
import { Duration, type Stack } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';

/** Who is told of what, and where it is seen. */
export const observabilityStack: StackDefinition = {
  name: 'observability',
  make: (scope, input) => {
    const stack = loadinStack(scope, 'observability', input);
    const topic = alarmTopic(stack, input);
    const definitions = alarmsOf(input);
    const alarms = definitions.map((definition) => alarm(stack, input, definition, topic));
    dashboard(stack, input, definitions, alarms);
    if (input.environment.dataEvents) dataEvents(stack, input);
    return stack;
  },
};

function alarmsOf({ environment, names, jobs }: StackInput): readonly AlarmDefinition[] {
  const { start } = environment.schedules;
  return alarmDefinitions({
    names,
    jobs: jobsByPlace(jobs.file, environment.tasks),
    stateMachineArn: start === 'state_machine' ? arns.stateMachine(environment, names.stateMachine) : undefined,
    streamHours: environment.retention.streamHours,
  });
}

function alarmTopic(stack: Stack, { environment, names }: StackInput): sns.Topic {
  const topic = new sns.Topic(stack, 'Alarms', { topicName: names.alarmTopic, displayName: `Loadin ${environment.name}`, enforceSSL: true });
  topic.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'Alarms',
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': environment.account } },
    }),
  );
  const { email } = environment.alarms;
  if (email !== undefined) topic.addSubscription(new EmailSubscription(email));
  return topic;
}

const COMPARISONS = {
  '>': cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
  '>=': cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  '<': cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
  '<=': cloudwatch.ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
} as const;
const MISSING = {
  breaching: cloudwatch.TreatMissingData.BREACHING,
  notBreaching: cloudwatch.TreatMissingData.NOT_BREACHING,
  ignore: cloudwatch.TreatMissingData.IGNORE,
  missing: cloudwatch.TreatMissingData.MISSING,
} as const;

function alarm(stack: Stack, { environment }: StackInput, definition: AlarmDefinition, topic: sns.ITopic): cloudwatch.Alarm {
  const { name, description, runbook, periods = 1, datapoints = periods, missingData = 'notBreaching' } = definition;
  const made = new cloudwatch.Alarm(stack, `Alarm-${name}`, {
    alarmName: `loadin-${name}${environment.suffix}`,
    alarmDescription: runbook === undefined ? description : `${description}. What to do: ${runbook}`,
    metric: metricOf(definition.metric),
    threshold: definition.threshold,
    comparisonOperator: COMPARISONS[definition.comparison],
    evaluationPeriods: periods,
    datapointsToAlarm: datapoints,
    treatMissingData: MISSING[missingData],
  });
  made.addAlarmAction(new SnsAction(topic));
  made.addOkAction(new SnsAction(topic));
  return made;
}

const metricOf = ({ namespace, name, dimensions, statistic, periodSeconds }: AlarmMetric): cloudwatch.Metric =>
  new cloudwatch.Metric({ namespace, metricName: name, dimensionsMap: { ...dimensions }, statistic, period: Duration.seconds(periodSeconds) });

/** All alarms at a glance, then a graph for each that shows its metric and where it rings. */
function dashboard(stack: Stack, { names }: StackInput, definitions: readonly AlarmDefinition[], alarms: readonly cloudwatch.Alarm[]): void {
  const graphs = definitions.map(
    (definition) =>
      new cloudwatch.GraphWidget({
        title: definition.name,
        width: 8,
        left: [metricOf(definition.metric)],
        leftAnnotations: [{ value: definition.threshold, label: definition.comparison }],
      }),
  );
  new cloudwatch.Dashboard(stack, 'Dashboard', {
    dashboardName: names.dashboard,
    widgets: [[new cloudwatch.AlarmStatusWidget({ title: 'Alarms', width: 24, height: 4, alarms: [...alarms] })], graphs],
  });
}

/** Every read and write of the lake's objects, for who has to account for them. */
function dataEvents(stack: Stack, input: StackInput): void {
  const { names, environment } = input;
  const bucket = privateBucket(stack, 'TrailObjects', input, {
    bucketName: names.trailBucket,
    versioned: false,
    rules: [{ id: 'loadin-expire-trail', expiration: Duration.days(environment.retention.accessLogDays) }],
  });
  acknowledge(bucket, 'AwsSolutions-S1', 'CloudTrail alone writes to it; what reads it is in the trail of the account.');
  const trail = new cloudtrail.Trail(stack, 'Trail', {
    trailName: names.trail,
    bucket,
    isMultiRegionTrail: false,
    includeGlobalServiceEvents: false,
    enableFileValidation: true,
    managementEvents: cloudtrail.ReadWriteType.NONE,
  });
  // What the construct lets CloudTrail do, it lets every trail do, of any account. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
  bucket.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'NoOtherTrail',
      effect: iam.Effect.DENY,
      principals: [new iam.ServicePrincipal('cloudtrail.amazonaws.com')],
      actions: ['s3:GetBucketAcl', 's3:PutObject'],
      resources: [bucket.bucketArn, bucket.arnForObjects('*')],
      conditions: { StringNotEquals: { 'aws:SourceArn': arns.trail(environment, names.trail) } },
    }),
  );
  const lake = [names.rawBucket, names.bronzeBucket, names.processedBucket];
  trail.addS3EventSelector(lake.map((name) => ({ bucket: s3.Bucket.fromBucketName(stack, name, name) })));
}
