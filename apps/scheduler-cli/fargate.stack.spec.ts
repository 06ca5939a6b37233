import { policyFindings, resolvedPolicies } from '@loadin/infrastructure';
import { stackInput, templates, buildApp } from '@loadin/infrastructure/cdk';
import { parseEnvironments } from '@loadin/infrastructure';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { stacks } from './stack.js';

const account = '123456789012';
const region = 'eu-west-1';
const workspace = resolve(import.meta.dirname, '../..');
const { fargate: json = {} } = templates({
  definitions: stacks,
  environments: `{ version: 1, environments: { dev: { account: '${account}', region: ${region}, suffix: -dev, tasks: [daily], network: { cidr: 10.40.0.0/20 } } } }`,
  file: 'loadin.environments.yaml',
  name: 'dev',
  workspace,
});
const template = Template.fromJSON(json);

it('runs the command for the scheduled time, in private subnets', () => {
  template.hasResourceProperties('AWS::Scheduler::Schedule', {
    Name: 'daily',
    ScheduleExpression: 'cron(0 2 * * ? *)',
    Target: {
      Input: JSON.stringify({ containerOverrides: [{ name: 'loadin', command: ['run', 'daily', '--at', '<aws.scheduler.scheduled-time>'] }] }),
      EcsParameters: {
        LaunchType: 'FARGATE',
        TaskCount: 1,
        NetworkConfiguration: {
          AwsvpcConfiguration: { AssignPublicIp: 'DISABLED', Subnets: { Ref: 'Subnets' }, SecurityGroups: [{ Ref: 'SecurityGroup' }] },
        },
      },
      DeadLetterConfig: Match.anyValue(),
    },
  });
  template.hasParameter('Subnets', { Type: 'AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>', Default: '/loadin/network/subnets-dev' });
});

it('has a container that can write nowhere but to /tmp, with an image that never changes under its tag', () => {
  template.hasResourceProperties('AWS::ECS::TaskDefinition', {
    RequiresCompatibilities: ['FARGATE'],
    RuntimePlatform: { CpuArchitecture: 'ARM64' },
    ContainerDefinitions: [
      {
        ReadonlyRootFilesystem: true,
        MountPoints: [{ ContainerPath: '/tmp', ReadOnly: false }],
        Environment: Match.arrayWith([
          { Name: 'AWS_REGION', Value: region },
          { Name: 'LOADIN_METRICS', Value: 'emf' },
        ]),
        LogConfiguration: { LogDriver: 'awslogs' },
        Image: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('^(/concert|:|.*:[0-9a-f]{16}$)')])] },
      },
    ],
  });
  template.hasResourceProperties('AWS::ECR::Repository', { ImageTagMutability: 'IMMUTABLE', ImageScanningConfiguration: { ScanOnPush: true } });
});

it('sends traces to X-Ray itself where the environment has them, and may do that alone of X-Ray', () => {
  const { fargate: traced = {} } = templates({
    definitions: stacks,
    environments: `{ version: 1, environments: { dev: { account: '${account}', region: ${region}, tasks: [daily], tracing: true, network: { cidr: 10.40.0.0/20 } } } }`,
    file: 'loadin.environments.yaml',
    name: 'dev',
    workspace,
  });
  const variables = (of: object): string[] => [...JSON.stringify(of).matchAll(/"Name":"(OTEL_[A-Z_]+)"/g)].map(([, name = '']) => name).sort();
  expect(variables(traced)).toEqual(['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_PROPAGATORS', 'OTEL_RESOURCE_ATTRIBUTES', 'OTEL_SERVICE_NAME']);
  expect(variables(json)).toEqual([]);
  const xray = (of: object): string[] => [...new Set(JSON.stringify(of).match(/xray:\w+/g))].sort();
  expect([xray(traced), xray(json)]).toEqual([['xray:PutSpans', 'xray:PutSpansForIndexing'], []]);
});

it('may do what its jobs do; its schedules may start this task, in this cluster, with its roles', () => {
  const policies = resolvedPolicies(json, { account, region });
  expect(policyFindings(policies.filter(({ role }) => !role.startsWith('ScheduleRole')))).toEqual([]);
  const schedules = policies.find(({ role }) => role.startsWith('ScheduleRole'));
  expect(schedules?.policy.Statement.map(({ Action, Condition }) => [Action, Object.keys(Condition ?? {})])).toEqual([
    ['sqs:SendMessage', []],
    ['ecs:RunTask', ['ArnEquals']],
    ['ecs:TagResource', ['StringEquals']],
    ['iam:PassRole', ['StringEquals']],
  ]);
});

it('is refused where there is no network', () => {
  const text = `{ version: 1, environments: { dev: { account: '${account}', region: ${region} } } }`;
  const environment = parseEnvironments(text, 'file').get('dev');
  if (environment === undefined) throw new Error('no environment');
  const input = stackInput({ environment: { ...environment, tasks: ['daily'] }, workspace, folder: tmpdir() });
  expect(() => buildApp(stacks, input, tmpdir())).toThrow(
    expect.objectContaining({ where: 'environments.dev.network', hint: expect.stringContaining('cidr') }),
  );
});
