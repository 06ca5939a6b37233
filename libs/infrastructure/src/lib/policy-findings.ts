import type { ResolvedPolicy } from './role-policies.js';

/** Actions that know no resources, so that `*` is all that they can be granted on. */
const WITHOUT_RESOURCE: ReadonlySet<string> = new Set([
  'cloudwatch:DescribeAlarms',
  'ecr:GetAuthorizationToken',
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:PutSpans',
  'xray:PutSpansForIndexing',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
]);
/** Of network interfaces that are not there yet. */
const OF_INTERFACES = /^ec2:(?:\w+NetworkInterfaces?|\w+PrivateIpAddresses|DescribeSubnets)$/;
/** Actions on a bucket itself: on objects they allow nothing, and seem to. */
const OF_BUCKETS: ReadonlySet<string> = new Set(['s3:ListBucket', 's3:ListBucketMultipartUploads', 's3:GetBucketLocation']);

/** What is wrong with the policies of a template, beyond what cdk-nag looks at: a line each. */
export function policyFindings(policies: readonly ResolvedPolicy[]): string[] {
  return policies.flatMap(({ role, policy }) =>
    policy.Statement.filter(({ Effect }) => Effect === 'Allow').flatMap((statement) => {
      const actions = [statement.Action].flat();
      const resources = [statement.Resource].flat();
      const say = (what: string): string => `${role}: ${what}`;
      return [
        ...actions.filter((action) => action.includes('*')).map((action) => say(`${action} is more than one action`)),
        ...resources.filter((resource) => typeof resource !== 'string').map((resource) => say(`${JSON.stringify(resource)} is not known by name`)),
        ...actions
          .filter((action) => resources.includes('*') && !WITHOUT_RESOURCE.has(action) && !OF_INTERFACES.test(action))
          .map((action) => say(`${action} on *`)),
        ...actions
          .filter((action) => OF_BUCKETS.has(action) && resources.some((resource) => /^arn:aws:s3:::[^/]+\//.test(resource)))
          .map((action) => say(`${action} on objects`)),
      ];
    }),
  );
}
