import { jobsByPlace, runSettings } from '@loadin/infrastructure';
import {
  acknowledgeRuns,
  jobsFileAsset,
  jobStateMachine,
  loadinFunction,
  loadinStack,
  networkPlace,
  runPermissions,
  scheduleJobs,
  SCHEDULED_TIME,
  type LoadinFunction,
  type ScheduledTarget,
  type ScheduleOptions,
  type StackDefinition,
  type StackInput,
} from '@loadin/infrastructure/cdk';
import type { JobDefinition } from '@loadin/config';
import { Duration, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IDestination } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

/** The functions that run jobs, one for those that read APIs and one for those that load entities, and their schedules. */
export const stacks: readonly StackDefinition[] = [
  {
    name: 'ingestion',
    make: (scope, input) => {
      const stack = loadinStack(scope, 'ingestion', input);
      const functions = jobFunctions(stack, input);
      const start = input.environment.schedules.start === 'state_machine' ? byStateMachine(stack, input, functions) : byFunction(functions);
      const { scheduleGroup: group, scheduleDeadLetters: deadLetters } = input.names;
      const queue = scheduleJobs(stack, input, { group, deadLetters, ...start });
      if (input.environment.schedules.start === 'function') for (const one of functions) keepFailedEvents(one, queue);
      return stack;
    },
  },
];

interface JobFunction extends LoadinFunction {
  readonly jobs: readonly JobDefinition[];
}

function jobFunctions(stack: Stack, input: StackInput): JobFunction[] {
  const { environment, names, jobs: deployed } = input;
  const { records, entities } = jobsByPlace(deployed.file, environment.tasks);
  const { ingestionMemoryMb, bronzeMemoryMb } = environment.sizes;
  const jobsFile = jobsFileAsset(stack, input);
  const make = (id: string, jobs: readonly JobDefinition[], functionName: string, memoryMb: number, what: string): JobFunction => {
    const permissions = runPermissions(input, jobs, jobsFile?.arn);
    const readsDatabase = jobs.some(({ streams }) => streams.some(({ id: stream }) => stream.startsWith('postgres.')));
    const place = readsDatabase ? networkPlace(stack, input) : undefined;
    const made = loadinFunction(stack, id, input, {
      functionName,
      description: `${what}: ${jobs.map(({ name }) => name).join(', ')}`.slice(0, 256),
      app: 'ingestion-lambda',
      environment: runSettings({ environment, names, jobs, jobsFile: jobsFile?.address }),
      timeout: Duration.minutes(15),
      memoryMb,
      allowed: permissions.statements,
      ...(place && { place }),
    });
    acknowledgeRuns(made.role, permissions);
    return { ...made, jobs };
  };
  return [
    ...(records.length > 0 ? [make('Ingestion', records, names.ingestionFunction, ingestionMemoryMb, 'Reads APIs into lake and stream')] : []),
    ...(entities.length > 0 ? [make('Bronze', entities, names.bronzeFunction, bronzeMemoryMb, 'Loads entities into Parquet')] : []),
  ];
}

type Start = Pick<ScheduleOptions, 'allowed' | 'targets'>;

/** A schedule starts the whole job in one invocation. */
const byFunction = (functions: readonly JobFunction[]): Start => ({
  allowed: [new iam.PolicyStatement({ sid: 'Start', actions: ['lambda:InvokeFunction'], resources: functions.map(({ live }) => live.arn) })],
  targets: functions.flatMap(({ live, jobs }) => targets(jobs, live.arn)),
});

/** A schedule starts an execution, which plans the run, reads its slices side by side, goes on after a stop, and finishes it. */
function byStateMachine(stack: Stack, input: StackInput, functions: readonly JobFunction[]): Start {
  const named = functions.map(({ live, jobs }) => ({ arn: live.arn, jobs: jobs.map(({ name }) => name) }));
  const [first, ...others] = named;
  if (first === undefined) return { allowed: [], targets: [] };
  const machine = jobStateMachine(stack, input, [first, ...others]);
  // ARNs that are made of names make no dependency of their own.
  machine.node.addDependency(...functions.map(({ live }) => live.alias));
  return {
    allowed: [new iam.PolicyStatement({ sid: 'Start', actions: ['states:StartExecution'], resources: [machine.stateMachineArn] })],
    targets: functions.flatMap(({ jobs }) => targets(jobs, machine.stateMachineArn)),
  };
}

const targets = (jobs: readonly JobDefinition[], arn: string): ScheduledTarget[] =>
  jobs.flatMap(({ name, schedule, timeZone }) =>
    schedule === undefined
      ? []
      : [{ job: name, expression: schedule, ...(timeZone && { timeZone }), arn, input: { job_type: name, scheduled_time: SCHEDULED_TIME } }],
  );

/** Schedules invoke without waiting for an answer: Lambda itself tries an event again that failed, twice, and then it lies where starts that failed do. */
function keepFailedEvents({ live }: JobFunction, queue: Queue): void {
  live.alias.configureAsyncInvoke({ retryAttempts: 2, maxEventAge: Duration.hours(1), onFailure: lettersTo(queue) });
}

/** As SqsDestination, which however lets the function look at the queue, too. */
const lettersTo = (queue: Queue): IDestination => ({
  bind: (_scope, fn) => {
    fn.addToRolePolicy(new iam.PolicyStatement({ sid: 'FailedEvents', actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
    return { destination: queue.queueArn };
  },
});
