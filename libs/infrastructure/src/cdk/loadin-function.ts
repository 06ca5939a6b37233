import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { join } from 'node:path';
import type { EnvironmentSettings } from '../lib/environments/types.js';
import { arns, functionLogGroup } from '../lib/names.js';
import { traceSettings } from '../lib/run-settings.js';
import { acknowledgeStars } from './acknowledge.js';
import { liveAlias, type LiveAlias } from './live-alias.js';
import type { NetworkPlace } from './network-place.js';
import type { StackInput } from './types.js';

export interface LoadinFunctionOptions {
  readonly functionName: string;
  readonly description: string;
  /** The app whose `dist/function.zip` it runs. */
  readonly app: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout: Duration;
  readonly memoryMb: number;
  /** What it may do besides writing its own log. */
  readonly allowed: readonly iam.PolicyStatement[];
  /** Where it runs. Default: outside of any VPC. */
  readonly place?: NetworkPlace;
}

export interface LoadinFunction {
  readonly fn: lambda.Function;
  readonly role: iam.Role;
  /** By this everything calls it. */
  readonly live: LiveAlias;
}

/** A function of an app's zip with a log of its own that is kept for as long as the environment says, and a role that may do what is said and nothing else. */
export function loadinFunction(scope: Construct, id: string, input: StackInput, options: LoadinFunctionOptions): LoadinFunction {
  const { environment: settings, workspace } = input;
  const logGroup = new logs.LogGroup(scope, `${id}Log`, {
    logGroupName: functionLogGroup(options.functionName),
    retention: settings.retention.logDays,
    removalPolicy: settings.production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  const role = new iam.Role(scope, `${id}Role`, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  // Not AWSLambdaBasicExecutionRole: that may write to every log of the account.
  role.addToPolicy(
    new iam.PolicyStatement({ sid: 'WriteLog', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
  );
  for (const statement of options.allowed) role.addToPolicy(statement);
  const { place } = options;
  const fn = new lambda.Function(scope, id, {
    functionName: options.functionName,
    description: options.description,
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(join(workspace, 'apps', options.app, 'dist', 'function.zip')),
    role,
    logGroup,
    timeout: options.timeout,
    memorySize: options.memoryMb,
    tracing: settings.tracing ? lambda.Tracing.ACTIVE : lambda.Tracing.DISABLED,
    environment: { ...options.environment, ...traceSettings(settings, options.functionName) },
  });
  allowTraces(role, settings);
  if (place) {
    // By ids: the construct of a VPC wants to know more of it than anyone does here.
    (fn.node.defaultChild as lambda.CfnFunction).vpcConfig = place;
    allowInterfaces(role, arns.function(settings, options.functionName));
  }
  return { fn, role, live: liveAlias(scope, id, fn, options.functionName, input) };
}

/**
 * What sends its traces to X-Ray's endpoint for OpenTelemetry itself; what Lambda tells X-Ray of an invocation the CDK allows where it turns that on.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
 */
export function allowTraces(role: iam.Role, { tracing }: Pick<EnvironmentSettings, 'tracing'>): void {
  if (!tracing) return;
  role.addToPolicy(new iam.PolicyStatement({ sid: 'Traces', actions: ['xray:PutSpans', 'xray:PutSpansForIndexing'], resources: ['*'] }));
  acknowledgeStars(role, ['*'], 'X-Ray knows no resources: spans and segments can be granted on * alone.');
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions: what Lambda itself does for a function in a VPC, and the function must not. */
function allowInterfaces(role: iam.Role, functionArn: string): void {
  const actions = [
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ];
  role.addToPolicy(new iam.PolicyStatement({ sid: 'Interfaces', actions, resources: ['*'] }));
  role.addToPolicy(
    new iam.PolicyStatement({
      sid: 'InterfacesAreLambdas',
      effect: iam.Effect.DENY,
      actions,
      resources: ['*'],
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn } },
    }),
  );
  acknowledgeStars(
    role,
    ['*'],
    'Network interfaces have no name before they are there; Lambda makes them, and the code of the function is denied to.',
  );
}
