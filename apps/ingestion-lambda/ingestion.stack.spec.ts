import { policyFindings, resolvedPolicies, runStateMachine, type SynthesizedTemplate } from '@loadin/infrastructure';
import { templates } from '@loadin/infrastructure/cdk';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stacks } from './stack.js';

const account = '123456789012';
const region = 'eu-west-1';
const JOBS = `
version: 1
streams:
  ticketmaster.events: { countries: [US] }
  postgres.orders: { table: public.orders, key: [id], cursor: updated_at }
jobs:
  hourly: { schedule: cron(0 * * * ? *), streams: [ticketmaster.events], sinks: [s3_raw, kinesis] }
  bronze: { schedule: cron(0 1 * * ? *), streams: [postgres.orders, payments.payments], sinks: [s3_bronze] }
  nightly: { schedule: cron(0 4 * * ? *), streams: [payments.payments], sinks: [s3_bronze] }
`;
const NETWORK = '{ vpc_id: vpc-12345678, subnet_ids: [subnet-12345678], security_group_ids: [sg-12345678] }';

const folder = mkdtempSync(join(tmpdir(), 'ingestion-stack-'));
writeFileSync(join(folder, 'loadin.jobs.yaml'), JOBS);
afterAll(() => rmSync(folder, { recursive: true }));

/** Nothing of cdk-nag or of CloudFormation's schemas is found in any of them, or they would not be there. */
function synthesized(name: string, settings: string): SynthesizedTemplate {
  const environments = `{ version: 1, environments: { ${name}: { account: '${account}', region: ${region} ${settings} } } }`;
  const file = join(folder, 'loadin.environments.yaml');
  const { ingestion } = templates({ definitions: stacks, environments, file, name, workspace: resolve(import.meta.dirname, '../..') });
  if (ingestion === undefined) throw new Error('There is no template');
  return ingestion;
}
const place = { account, region };
const actionsOf = (template: SynthesizedTemplate, role: RegExp): string[] =>
  resolvedPolicies(template, place)
    .filter((one) => role.test(one.role))
    .flatMap(({ policy }) => policy.Statement.flatMap(({ Action }) => Action));

describe('in production, by the jobs that are built in', () => {
  const json = synthesized('prod', '');
  const template = Template.fromJSON(json);

  it.each([
    ['daily', 'cron(0 2 * * ? *)'],
    ['hourly', 'cron(0 * * * ? *)'],
    ['artist_refresh', 'cron(0 3 ? * MON,THU *)'],
    ['venue_refresh', 'cron(0 4 ? * SUN *)'],
  ])('%s starts the state machine by %s, with its scheduled time', (job, expression) => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      Name: job,
      GroupName: 'loadin-schedules',
      ScheduleExpression: expression,
      ScheduleExpressionTimezone: 'UTC',
      State: 'ENABLED',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 },
      Target: {
        Arn: { Ref: Match.stringLikeRegexp('^Run') },
        Input: JSON.stringify({ job_type: job, scheduled_time: '<aws.scheduler.scheduled-time>' }),
        RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 3600 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ScheduleDeadLetters'), 'Arn'] } },
      },
    });
  });

  it('has the state machine that specifications execute, which logs and may do what it does', () => {
    const functions = [
      {
        arn: `arn:aws:lambda:${region}:${account}:function:concert-data-ingestion:live`,
        jobs: ['daily', 'hourly', 'artist_refresh', 'venue_refresh'],
      },
    ] as const;
    const definition = JSON.stringify(runStateMachine({ functions, alarmTopicArn: `arn:aws:sns:${region}:${account}:loadin-alarms` }));
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      DefinitionString: definition,
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    });
    expect(actionsOf(json, /^RunRole/)).toEqual(expect.arrayContaining(['lambda:InvokeFunction', 'states:StartExecution', 'sns:Publish']));
  });

  it('allows nothing without a name', () => {
    expect(policyFindings(resolvedPolicies(json, place))).toEqual([]);
    expect(resolvedPolicies(json, place).length).toBeGreaterThan(2);
  });

  it('reads two secrets and what runs of records touch, and nothing of bronze', () => {
    const [ingestion] = resolvedPolicies(json, place).filter(({ role }) => role.startsWith('IngestionRole'));
    const resources = new Set(ingestion?.policy.Statement.flatMap(({ Resource }) => Resource));
    expect([...resources].sort()).toEqual([
      `arn:aws:dynamodb:${region}:${account}:table/loadin-checkpoints`,
      `arn:aws:kinesis:${region}:${account}:stream/concert-data-stream`,
      `arn:aws:logs:${region}:${account}:log-group:/aws/lambda/concert-data-ingestion:*`,
      `arn:aws:s3:::concert-data-bronze-${account}-${region}`,
      `arn:aws:s3:::concert-data-bronze-${account}-${region}/logs/*`,
      `arn:aws:s3:::concert-data-raw-${account}-${region}`,
      ...['_loadin', 'dead-letters', 'landing', 'raw'].map((prefix) => `arn:aws:s3:::concert-data-raw-${account}-${region}/${prefix}/*`),
      `arn:aws:secretsmanager:${region}:${account}:secret:loadin/spotify-??????`,
      `arn:aws:secretsmanager:${region}:${account}:secret:loadin/ticketmaster-??????`,
    ]);
  });

  it('keeps logs for 30 days, beyond the stack', () => {
    for (const name of ['/aws/lambda/concert-data-ingestion', '/aws/vendedlogs/states/loadin-run'])
      template.hasResource('AWS::Logs::LogGroup', { Properties: { LogGroupName: name, RetentionInDays: 30 }, DeletionPolicy: 'Retain' });
  });

  it('has one function, on Node 24, with 15 minutes and no credential in its variables', () => {
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.hasResourceProperties('AWS::Lambda::Function', { Runtime: 'nodejs24.x', Handler: 'index.handler', Timeout: 900, MemorySize: 512 });
    template.hasResourceProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
  });

  it('lets the scheduler alone take the role of the schedules, and for this group alone', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Principal: { Service: 'scheduler.amazonaws.com' },
            Condition: {
              StringEquals: {
                'aws:SourceAccount': account,
                'aws:SourceArn': `arn:aws:scheduler:${region}:${account}:schedule-group/loadin-schedules`,
              },
            },
          },
        ],
      },
    });
    expect(actionsOf(json, /^ScheduleRole/)).toEqual(['sqs:SendMessage', 'states:StartExecution']);
  });
});

describe('with entities, a database and no state machine', () => {
  const own = `, suffix: -dev, jobs_file: loadin.jobs.yaml, bronze: { payments_api_url: https://pay.example.org/v1 }, network: ${NETWORK}, tracing: true`;
  const json = synthesized(
    'dev',
    `${own}, tasks: [nightly], retention: { log_days: 7 }, schedules: { start: function, enabled: false, flexible_minutes: 0 }`,
  );
  const template = Template.fromJSON(json);

  it('has a function for each kind of job, and none for those that run in containers', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'concert-data-ingestion-dev',
      MemorySize: 512,
      VpcConfig: Match.absent(),
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'concert-data-bronze-dev',
      MemorySize: 2048,
      VpcConfig: { SubnetIds: ['subnet-12345678'], SecurityGroupIds: ['sg-12345678'] },
      Environment: {
        Variables: Match.objectLike({
          LOADIN_JOB: 'bronze',
          OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `https://xray.${region}.amazonaws.com/v1/traces`,
          OTEL_PROPAGATORS: 'xray',
          OTEL_SERVICE_NAME: 'concert-data-bronze-dev',
          OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=dev',
          LOADIN_JOBS: Match.stringLikeRegexp(`^s3://concert-data-artifacts-dev-${account}-${region}/[0-9a-f]{64}\\.yaml$`),
        }),
      },
      TracingConfig: { Mode: 'Active' },
    });
    expect(actionsOf(json, /^BronzeRole/).filter((action) => action.startsWith('xray:'))).toEqual([
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
      'xray:PutSpans',
      'xray:PutSpansForIndexing',
    ]);
    expect(
      Object.values(template.findResources('AWS::Scheduler::Schedule'))
        .map(({ Properties }) => (Properties as { Name: string }).Name)
        .sort(),
    ).toEqual(['bronze', 'hourly']);
  });

  it('invokes them by schedules that may do nothing else, and keeps what was given up', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', { Name: 'bronze', State: 'DISABLED', FlexibleTimeWindow: { Mode: 'OFF' } });
    expect(actionsOf(json, /^ScheduleRole/)).toEqual(['sqs:SendMessage', 'lambda:InvokeFunction']);
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 2, DestinationConfig: { OnFailure: Match.anyValue() } });
    template.resourceCountIs('AWS::StepFunctions::StateMachine', 0);
  });

  it('lets loads read their secrets and their jobs file, and touch bronze alone', () => {
    const bronze = resolvedPolicies(json, place).find(({ role }) => role.startsWith('BronzeRole'));
    const resources = bronze?.policy.Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Resource }) => Resource) ?? [];
    expect(resources.filter((resource) => /concert-data-raw|stream\//.test(resource))).toEqual([]);
    expect(resources).toEqual(
      expect.arrayContaining(['database', 'api-key'].map((name) => `arn:aws:secretsmanager:${region}:${account}:secret:loadin-dev/${name}-??????`)),
    );
    expect(policyFindings(resolvedPolicies(json, place))).toEqual([]);
  });

  it('denies to the code what Lambda does with network interfaces', () => {
    const denied = resolvedPolicies(json, place).flatMap(({ policy }) => policy.Statement.filter(({ Effect }) => Effect === 'Deny'));
    expect(denied).toEqual([
      expect.objectContaining({
        Condition: { ArnEquals: { 'lambda:SourceFunctionArn': `arn:aws:lambda:${region}:${account}:function:concert-data-bronze-dev` } },
      }),
    ]);
  });

  it('goes with its stack, logs after a week', () => {
    template.allResources('AWS::Logs::LogGroup', { Properties: Match.objectLike({ RetentionInDays: 7 }), DeletionPolicy: 'Delete' });
  });
});
