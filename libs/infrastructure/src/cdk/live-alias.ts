import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { arns, LIVE_ALIAS } from '../lib/names.js';
import { acknowledgeStars } from './acknowledge.js';
import type { StackInput } from './types.js';

export interface LiveAlias {
  readonly alias: lambda.Alias;
  /** What calls the function name this, as a plain ARN. */
  readonly arn: string;
}

/** A tenth of the calls for ten minutes, then all. https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html */
const CANARY = 'CodeDeployDefault.LambdaCanary10Percent10Minutes';

/**
 * The alias by which everything calls a function, at the version that is deployed. In production a new version gets few calls first, and when one of them fails, the
 * version before has them all again, without anybody's doing.
 */
export function liveAlias(scope: Construct, id: string, fn: lambda.Function, functionName: string, input: StackInput): LiveAlias {
  const alias = new lambda.Alias(scope, `${id}Live`, { aliasName: LIVE_ALIAS, version: fn.currentVersion });
  if (input.environment.production) shift(scope, id, alias, functionName, input);
  return { alias, arn: `${arns.function(input.environment, functionName)}:${LIVE_ALIAS}` };
}

function shift(scope: Construct, id: string, alias: lambda.Alias, functionName: string, { environment }: StackInput): void {
  const failed = new cloudwatch.Alarm(scope, `${id}ReleaseFails`, {
    alarmName: `${functionName}-release-fails`,
    alarmDescription: `A call of ${functionName} has failed. While a new version is released, that takes it back.`,
    metric: new cloudwatch.Metric({
      namespace: 'AWS/Lambda',
      metricName: 'Errors',
      dimensionsMap: { FunctionName: functionName, Resource: `${functionName}:${LIVE_ALIAS}` },
      statistic: 'Sum',
      period: Duration.minutes(1),
    }),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
  const application = new codedeploy.LambdaApplication(scope, `${id}Releases`, { applicationName: functionName });
  // Not the group of the CDK's second level: that lets CodeDeploy read every bucket and publish to every topic of the account.
  const group = new codedeploy.CfnDeploymentGroup(scope, `${id}Release`, {
    applicationName: application.applicationName,
    deploymentGroupName: functionName,
    serviceRoleArn: releaseRole(scope, id, environment.account, arns.function(environment, functionName)).roleArn,
    deploymentConfigName: CANARY,
    deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
    alarmConfiguration: { enabled: true, alarms: [{ name: failed.alarmName }] },
    autoRollbackConfiguration: { enabled: true, events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'] },
  });
  const resource = alias.node.defaultChild as lambda.CfnAlias;
  resource.cfnOptions.updatePolicy = {
    codeDeployLambdaAliasUpdate: { applicationName: application.applicationName, deploymentGroupName: group.ref },
  };
}

/** What CodeDeploy does for a release without hooks: moves the alias, and looks at alarms. */
function releaseRole(scope: Construct, id: string, account: string, functionArn: string): iam.Role {
  const role = new iam.Role(scope, `${id}ReleaseRole`, {
    // For releases of this account alone. https://docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html
    assumedBy: new iam.ServicePrincipal('codedeploy.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': account } } }),
  });
  const actions = ['lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:GetProvisionedConcurrencyConfig'];
  role.addToPolicy(new iam.PolicyStatement({ sid: 'MoveAlias', actions, resources: [functionArn, `${functionArn}:${LIVE_ALIAS}`] }));
  role.addToPolicy(new iam.PolicyStatement({ sid: 'SeeAlarms', actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }));
  acknowledgeStars(
    role,
    ['*'],
    'Alarms are looked up among all: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html',
  );
  return role;
}
