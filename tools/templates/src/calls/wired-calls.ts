import { resolver, type EnvironmentSettings, type SynthesizedTemplate } from '@loadin/infrastructure';
import type { TemplateResource, Templates } from '../upgrade/compare-templates.js';
import { stateMachineCalls, type Definition } from './state-machine-calls.js';
import type { Permission } from './types.js';

/** What a service does with a role, because a template wires it so. */
export interface WiredCalls {
  readonly stack: string;
  /** The role's logical id. */
  readonly role: string;
  readonly permissions: readonly Permission[];
}

/** Services whose calls follow from templates: nothing is to be granted to them that does not. */
export const WIRED_SERVICES: readonly string[] = ['scheduler.amazonaws.com', 'states.amazonaws.com', 'codedeploy.amazonaws.com'];

type Resolve = (value: unknown) => unknown;
interface Surroundings {
  readonly resources: Readonly<Record<string, TemplateResource>>;
  readonly resolve: Resolve;
  readonly lists: readonly string[];
}
type Of = (properties: Readonly<Record<string, unknown>>, surroundings: Surroundings, id: string) => Permission[];

/**
 * What EventBridge Scheduler, Step Functions and CodeDeploy do with the roles that they are given, by the targets of schedules and where failed starts go, by the states of
 * definitions, and by what a release moves.
 * @param lists ARNs of the objects in which functions hand slices over
 */
export function wiredCalls(templates: Templates, settings: EnvironmentSettings, lists: readonly string[]): WiredCalls[] {
  return Object.entries(templates).flatMap(([stack, template]) => {
    const resources = template.Resources ?? {};
    const resolve = resolver(template as SynthesizedTemplate, settings);
    return Object.entries(resources).flatMap(([id, { Type, Properties = {} }]) => {
      const wired = WIRED[Type];
      if (wired === undefined) return [];
      return [{ stack, role: roleOf(wired.role(Properties)), permissions: wired.of(Properties, { resources, resolve, lists }, id) }];
    });
  });
}

function roleOf(value: unknown): string {
  const [role] = (value as { 'Fn::GetAtt'?: [string, string] } | undefined)?.['Fn::GetAtt'] ?? [];
  if (role === undefined) throw new Error(`${JSON.stringify(value)} is no role of its own stack`);
  return role;
}

const on = (action: string, resource: unknown, context: Permission['context'] = {}): Permission => {
  if (typeof resource !== 'string') throw new Error(`${action}: ${JSON.stringify(resource)} has no name before it is there`);
  return { action, resource, context };
};

interface Target {
  readonly Arn: unknown;
  readonly RoleArn: unknown;
  readonly DeadLetterConfig?: { readonly Arn: unknown };
  readonly EcsParameters?: { readonly TaskDefinitionArn: { readonly Ref: string }; readonly PropagateTags?: string };
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html */
const ofSchedule: Of = (properties, { resources, resolve }) => {
  const { Arn, DeadLetterConfig, EcsParameters } = properties['Target'] as Target;
  const arn = resolve(Arn);
  const letters = DeadLetterConfig === undefined ? [] : [on('sqs:SendMessage', resolve(DeadLetterConfig.Arn))];
  const service = /^arn:aws:(\w+):/.exec(String(arn))?.[1];
  if (service === 'lambda') return [on('lambda:InvokeFunction', arn), ...letters];
  if (service === 'states') return [on('states:StartExecution', arn), ...letters];
  if (service !== 'ecs' || EcsParameters === undefined) throw new Error(`There is no rule for what a schedule of ${JSON.stringify(arn)} needs`);
  const { TaskDefinitionArn, PropagateTags } = EcsParameters;
  const { TaskRoleArn, ExecutionRoleArn } = resources[TaskDefinitionArn.Ref]?.Properties ?? {};
  const toContainers = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };
  return [
    on('ecs:RunTask', String(resolve(TaskDefinitionArn)).replace(/:\*$/, ':1'), { 'ecs:cluster': String(arn) }),
    on('iam:PassRole', resolve(TaskRoleArn), toContainers),
    on('iam:PassRole', resolve(ExecutionRoleArn), toContainers),
    // A task that is started with tags. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
    ...(PropagateTags === undefined
      ? []
      : [on('ecs:TagResource', `${String(arn).replace(':cluster/', ':task/')}/0123456789abcdef0123456789abcdef`, { 'ecs:CreateAction': 'RunTask' })]),
    ...letters,
  ];
};

/** https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html */
const LOG_DELIVERY = [
  ...['CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DeleteLogDelivery', 'ListLogDeliveries'],
  ...['PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups'],
];
/** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html */
const TRACES = ['PutTraceSegments', 'PutTelemetryRecords', 'GetSamplingRules', 'GetSamplingTargets'];

const ofStateMachine: Of = ({ DefinitionString, LoggingConfiguration, TracingConfiguration }, { resolve, lists }, id) => {
  const definition = JSON.parse(String(resolve(DefinitionString))) as Definition;
  const { Level } = (LoggingConfiguration ?? {}) as { Level?: string };
  const { Enabled } = (TracingConfiguration ?? {}) as { Enabled?: boolean };
  return [
    ...stateMachineCalls({ definition, stateMachine: String(resolve({ Ref: id })), lists }),
    ...(Level === undefined || Level === 'OFF' ? [] : LOG_DELIVERY.map((action) => on(`logs:${action}`, '*'))),
    ...(Enabled === true ? TRACES.map((action) => on(`xray:${action}`, '*')) : []),
  ];
};

interface AliasUpdate {
  readonly UpdatePolicy?: { readonly CodeDeployLambdaAliasUpdate?: { readonly DeploymentGroupName: { readonly Ref?: string } } };
}

/** https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForLambdaLimited.html, as far as there are no hooks and no triggers */
const ofDeploymentGroup: Of = ({ AlarmConfiguration, TriggerConfigurations }, { resources, resolve }, id) => {
  if (TriggerConfigurations !== undefined) throw new Error('There is no rule for what triggers of a release need');
  const moved = Object.values(resources).filter(
    (one) => one.Type === 'AWS::Lambda::Alias' && (one as AliasUpdate).UpdatePolicy?.CodeDeployLambdaAliasUpdate?.DeploymentGroupName.Ref === id,
  );
  if (moved.length === 0) throw new Error(`No alias is moved by the releases of ${id}`);
  const { Enabled } = (AlarmConfiguration ?? {}) as { Enabled?: boolean };
  return [
    ...moved.flatMap(({ Properties = {} }) => {
      const fn = String(resolve({ 'Fn::GetAtt': [(Properties['FunctionName'] as { Ref: string }).Ref, 'Arn'] }));
      const ofAlias = on('lambda:GetProvisionedConcurrencyConfig', `${fn}:${String(Properties['Name'])}`);
      return [on('lambda:GetAlias', fn), on('lambda:UpdateAlias', fn), ofAlias];
    }),
    ...(Enabled === true ? [on('cloudwatch:DescribeAlarms', '*')] : []),
  ];
};

const WIRED: Readonly<Record<string, { readonly role: (properties: Readonly<Record<string, unknown>>) => unknown; readonly of: Of }>> = {
  'AWS::Scheduler::Schedule': { role: ({ Target: target }) => (target as Target).RoleArn, of: ofSchedule },
  'AWS::StepFunctions::StateMachine': { role: ({ RoleArn }) => RoleArn, of: ofStateMachine },
  'AWS::CodeDeploy::DeploymentGroup': { role: ({ ServiceRoleArn }) => ServiceRoleArn, of: ofDeploymentGroup },
};
