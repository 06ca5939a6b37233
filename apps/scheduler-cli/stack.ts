import type { JobDefinition } from '@loadin/config';
import { arns, jobsByPlace, runSettings, traceSettings } from '@loadin/infrastructure';
import {
  acknowledge,
  acknowledgeRuns,
  acknowledgeStars,
  allowTraces,
  jobsFileAsset,
  loadinStack,
  networkPlace,
  removalPolicyOf,
  runPermissions,
  SCHEDULED_TIME,
  scheduleJobs,
  type NetworkPlace,
  type ScheduledTarget,
  type StackDefinition,
  type StackInput,
} from '@loadin/infrastructure/cdk';
import { FatalError } from '@loadin/resilience';
import { CfnOutput, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Jobs that may take more than 15 minutes: the command in a container. */
export const stacks: readonly StackDefinition[] = [
  {
    name: 'fargate',
    make: (scope, input) => {
      const stack = loadinStack(scope, 'fargate', input);
      const { tasks } = jobsByPlace(input.jobs.file, input.environment.tasks);
      const place = networkPlace(stack, input);
      if (place === undefined) throw noNetwork(input);
      const cluster = new ecs.CfnCluster(stack, 'Cluster', {
        clusterName: input.names.cluster,
        clusterSettings: [{ name: 'containerInsights', value: 'enabled' }],
      });
      const { task, repository, tag } = taskDefinition(stack, input, tasks);
      const { taskScheduleGroup: group, taskScheduleDeadLetters: deadLetters } = input.names;
      const ofCluster = arns.tasks(input.environment, input.names.cluster);
      const targets = tasks.flatMap((job) => target(job, cluster.attrArn, task, place));
      scheduleJobs(stack, input, { group, deadLetters, allowed: mayStart(task, cluster, ofCluster), targets });
      acknowledgeStars(stack, [ofCluster], 'Tasks of this cluster: each gets its name when it is started.');
      new CfnOutput(stack, 'Image', {
        value: `${repository.repositoryUri}:${tag}`,
        description: 'Push the image of apps/scheduler-cli under this name before its first run',
      });
      return stack;
    },
  },
];

const CONTAINER = 'loadin';
/**
 * The metrics of a run are lines of its log. CloudWatch takes them from there without a word to the log driver
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Generation_PutLogEvents.html: the header is not needed).
 * ECS documents no option by which the driver would send it (https://github.com/aws/containers-roadmap/issues/1719), and refuses options that it does not know.
 */
const METRICS = { LOADIN_METRICS: 'emf' };

const noNetwork = ({ environment }: StackInput): FatalError =>
  new FatalError('Containers run in a VPC, and the environment has none', {
    where: `environments.${environment.name}.network`,
    hint: 'Give it network: { cidr: … } or one that is there; or leave tasks out.',
  });

interface Task {
  readonly task: ecs.FargateTaskDefinition;
  readonly repository: ecr.Repository;
  readonly tag: string;
}

function taskDefinition(stack: Stack, input: StackInput, jobs: readonly JobDefinition[]): Task {
  const { environment, names } = input;
  const { production, retention, sizes } = environment;
  const repository = imageRepository(stack, input);
  const tag = imageTag(join(input.workspace, 'apps/scheduler-cli'));
  const jobsFile = jobsFileAsset(stack, input);
  const permissions = runPermissions(input, jobs, jobsFile?.arn);
  const role = new iam.Role(stack, 'TaskRole', {
    // For tasks of this account alone. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
    assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': environment.account } } }),
  });
  for (const statement of permissions.statements) role.addToPolicy(statement);
  acknowledgeRuns(role, permissions);
  allowTraces(role, environment);
  const task = new ecs.FargateTaskDefinition(stack, 'Task', {
    family: names.taskFamily,
    cpu: sizes.taskCpu,
    memoryLimitMiB: sizes.taskMemoryMb,
    taskRole: role,
    runtimePlatform: { cpuArchitecture: ecs.CpuArchitecture.ARM64, operatingSystemFamily: ecs.OperatingSystemFamily.LINUX },
    volumes: [{ name: 'tmp' }],
  });
  const logGroup = new logs.LogGroup(stack, 'TaskLog', {
    logGroupName: `/ecs/${names.taskFamily}`,
    retention: retention.logDays,
    removalPolicy: production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  const container = task.addContainer(CONTAINER, {
    image: ecs.ContainerImage.fromEcrRepository(repository, tag),
    logging: ecs.LogDrivers.awsLogs({ logGroup, streamPrefix: 'run' }),
    environment: {
      AWS_REGION: environment.region,
      ...runSettings({ environment, names, jobs, jobsFile: jobsFile?.address }),
      ...METRICS,
      ...traceSettings(environment, names.taskFamily),
    },
    readonlyRootFilesystem: true,
  });
  container.addMountPoints({ sourceVolume: 'tmp', containerPath: '/tmp', readOnly: false });
  acknowledge(task, 'AwsSolutions-ECS2', 'The variables are names and ARNs: credentials are read from Secrets Manager when a job runs.');
  acknowledgeStars(task, ['*'], 'ecr:GetAuthorizationToken knows no resources.');
  return { task, repository, tag };
}

function imageRepository(stack: Stack, { environment, names }: StackInput): ecr.Repository {
  return new ecr.Repository(stack, 'Images', {
    repositoryName: names.imageRepository,
    imageTagMutability: ecr.TagMutability.IMMUTABLE,
    imageScanOnPush: true,
    lifecycleRules: [{ description: 'The last ten', maxImageCount: 10 }],
    removalPolicy: removalPolicyOf(environment.production),
    ...(environment.production ? {} : { emptyOnDelete: false }),
  });
}

/** The same files, the same tag: nothing changed means nothing deployed. */
function imageTag(app: string): string {
  const files = ['Dockerfile', 'package.json', ...readdirSync(join(app, 'dist')).flatMap((name) => (name.endsWith('.mjs') ? [`dist/${name}`] : []))];
  const hash = createHash('sha256');
  for (const file of files.sort()) hash.update(`${file}\n`).update(readFileSync(join(app, file)));
  return hash.digest('hex').slice(0, 16);
}

/** The scheduled time is in the command: a container that is started again for the same time goes on with the same run. */
function target(
  { name, schedule, timeZone }: JobDefinition,
  clusterArn: string,
  task: ecs.FargateTaskDefinition,
  place: NetworkPlace,
): ScheduledTarget[] {
  if (schedule === undefined) return [];
  const ecsParameters: ScheduledTarget['ecsParameters'] = {
    taskDefinitionArn: task.taskDefinitionArn,
    launchType: 'FARGATE',
    platformVersion: '1.4.0',
    taskCount: 1,
    propagateTags: 'TASK_DEFINITION',
    networkConfiguration: { awsvpcConfiguration: { subnets: place.subnetIds, securityGroups: place.securityGroupIds, assignPublicIp: 'DISABLED' } },
  };
  const input = { containerOverrides: [{ name: CONTAINER, command: ['run', name, '--at', SCHEDULED_TIME] }] };
  return [{ job: name, expression: schedule, ...(timeZone && { timeZone }), arn: clusterArn, input, ecsParameters }];
}

const mayStart = (task: ecs.FargateTaskDefinition, cluster: ecs.CfnCluster, tasks: string): iam.PolicyStatement[] => [
  new iam.PolicyStatement({
    sid: 'Start',
    actions: ['ecs:RunTask'],
    resources: [task.taskDefinitionArn],
    conditions: { ArnEquals: { 'ecs:cluster': cluster.attrArn } },
  }),
  // A task is started with the tags of its definition, which ECS asks leave for, too: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
  new iam.PolicyStatement({
    sid: 'GiveTags',
    actions: ['ecs:TagResource'],
    resources: [tasks],
    conditions: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
  }),
  new iam.PolicyStatement({
    sid: 'GiveRoles',
    actions: ['iam:PassRole'],
    resources: [task.taskRole.roleArn, task.obtainExecutionRole().roleArn],
    conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  }),
];
