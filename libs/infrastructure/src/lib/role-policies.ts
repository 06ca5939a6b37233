import type { NamedPlace } from './names.js';

/** A statement of a policy, with ARNs that IAM understands. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
}

/** What one role is allowed: all policies that name it, together. */
export interface ResolvedPolicy {
  /** The role's logical id in its template. */
  readonly role: string;
  /** Who takes it: `lambda.amazonaws.com`. */
  readonly service: string;
  readonly policy: { readonly Version: '2012-10-17'; readonly Statement: readonly PolicyStatement[] };
}

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** A synthesized template, as far as it is looked at. */
export interface SynthesizedTemplate {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
}

type Place = Pick<NamedPlace, 'account' | 'region'>;

/** What each role of a template is allowed. References to other things of the template become the ARNs that these will have. */
export function resolvedPolicies(template: SynthesizedTemplate, place: Place): ResolvedPolicy[] {
  const resources = Object.entries(template.Resources ?? {});
  const resolve = resolver(template, place);
  return resources.flatMap(([role, { Type, Properties = {} }]) => {
    if (Type !== 'AWS::IAM::Role') return [];
    const theirs = resources.filter(([, one]) => one.Type === 'AWS::IAM::Policy' && namesRole(one.Properties?.['Roles'], role));
    const inline = (Properties['Policies'] as { PolicyDocument: unknown }[] | undefined) ?? [];
    const documents = [...inline.map(({ PolicyDocument }) => PolicyDocument), ...theirs.map(([, one]) => one.Properties?.['PolicyDocument'])];
    const Statement = documents.flatMap((document) => (resolve(document) as { Statement: PolicyStatement[] }).Statement);
    return [{ role, service: serviceOf(Properties['AssumeRolePolicyDocument']), policy: { Version: '2012-10-17' as const, Statement } }];
  });
}

const namesRole = (roles: unknown, role: string): boolean => Array.isArray(roles) && roles.some((one: { Ref?: string }) => one.Ref === role);

function serviceOf(document: unknown): string {
  const [statement] = (document as { Statement?: { Principal?: { Service?: string } }[] } | undefined)?.Statement ?? [];
  return statement?.Principal?.Service ?? 'unknown';
}

/** ARNs of what has a name, by type; what has none keeps its reference, for people to see. */
const ARNS: Readonly<Record<string, { readonly property: string; readonly arn: (name: string, place: Place) => string }>> = {
  'AWS::Logs::LogGroup': { property: 'LogGroupName', arn: (name, { account, region }) => `arn:aws:logs:${region}:${account}:log-group:${name}:*` },
  'AWS::Lambda::Function': { property: 'FunctionName', arn: (name, { account, region }) => `arn:aws:lambda:${region}:${account}:function:${name}` },
  'AWS::SQS::Queue': { property: 'QueueName', arn: (name, { account, region }) => `arn:aws:sqs:${region}:${account}:${name}` },
  'AWS::S3::Bucket': { property: 'BucketName', arn: (name) => `arn:aws:s3:::${name}` },
  'AWS::SNS::Topic': { property: 'TopicName', arn: (name, { account, region }) => `arn:aws:sns:${region}:${account}:${name}` },
  'AWS::ECR::Repository': { property: 'RepositoryName', arn: (name, { account, region }) => `arn:aws:ecr:${region}:${account}:repository/${name}` },
  'AWS::ECS::Cluster': { property: 'ClusterName', arn: (name, { account, region }) => `arn:aws:ecs:${region}:${account}:cluster/${name}` },
  'AWS::ECS::TaskDefinition': {
    property: 'Family',
    arn: (name, { account, region }) => `arn:aws:ecs:${region}:${account}:task-definition/${name}:*`,
  },
  'AWS::StepFunctions::StateMachine': {
    property: 'StateMachineName',
    arn: (name, { account, region }) => `arn:aws:states:${region}:${account}:stateMachine:${name}`,
  },
};

/** Fills in what CloudFormation would: pseudo parameters, names, ARNs, joins. */
export function resolver({ Resources = {} }: SynthesizedTemplate, place: Place): (value: unknown) => unknown {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::Partition': 'aws',
    'AWS::Region': place.region,
    'AWS::AccountId': place.account,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const arnOf = (id: string): string | undefined => {
    const { Type = '', Properties = {} } = Resources[id] ?? {};
    const known = ARNS[Type];
    const name = known && Properties[known.property];
    return typeof name === 'string' ? known?.arn(name, place) : Type === 'AWS::IAM::Role' ? `arn:aws:iam::${place.account}:role/${id}` : undefined;
  };
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const {
      Ref,
      'Fn::GetAtt': attribute,
      'Fn::Join': join,
    } = value as { Ref?: string; 'Fn::GetAtt'?: [string, string]; 'Fn::Join'?: [string, unknown[]] };
    if (Ref !== undefined) return pseudo[Ref] ?? arnOf(Ref) ?? value;
    if (attribute?.[1] === 'Arn') return arnOf(attribute[0]) ?? value;
    if (join !== undefined) return join[1].map((part) => String(resolve(part))).join(join[0]);
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolve(one)]));
  };
  return resolve;
}
