import {
  arns,
  resolvedPolicies,
  resourceNames,
  type EnvironmentSettings,
  type ResolvedPolicy,
  type SynthesizedTemplate,
} from '@loadin/infrastructure';
import type { Templates } from '../upgrade/compare-templates.js';
import type { Caller, Place } from './types.js';

/** A role of a stack, with what it is allowed. */
export interface DeployedRole extends ResolvedPolicy {
  readonly stack: string;
  /** Which built app makes calls with it; undefined: none does. */
  readonly caller: Caller | undefined;
}

/** Every role of an environment. */
export function rolesOf(templates: Templates, settings: EnvironmentSettings): DeployedRole[] {
  return Object.entries(templates).flatMap(([stack, template]) => {
    const callers = callersOf(template, settings);
    return resolvedPolicies(template as SynthesizedTemplate, settings).map((policy) => ({ ...policy, stack, caller: callers.get(policy.role) }));
  });
}

/** Callers by the logical ids of their roles. */
function callersOf({ Resources = {} }: Templates[string], settings: EnvironmentSettings): Map<string, Caller> {
  const names = resourceNames({ ...settings, environment: settings.name });
  const byFunction: Readonly<Record<string, Caller>> = { [names.ingestionFunction]: 'ingestion', [names.bronzeFunction]: 'bronze' };
  const found = new Map<string, Caller>();
  for (const { Type, Properties = {} } of Object.values(Resources)) {
    const caller =
      Type === 'AWS::Lambda::Function'
        ? byFunction[String(Properties['FunctionName'])]
        : Type === 'AWS::ECS::TaskDefinition'
          ? 'loadin-run'
          : undefined;
    const role = (Properties[Type === 'AWS::Lambda::Function' ? 'Role' : 'TaskRoleArn'] as { 'Fn::GetAtt'?: [string, string] } | undefined)?.[
      'Fn::GetAtt'
    ]?.[0];
    if (caller !== undefined && role !== undefined) found.set(role, caller);
  }
  return found;
}

/** The ARNs of an environment; its jobs file by what the functions are allowed to read in the bucket of artifacts. */
export function placeOf(templates: Templates, settings: EnvironmentSettings): Place {
  const names = resourceNames({ ...settings, environment: settings.name });
  const statements = rolesOf(templates, settings).flatMap(({ policy }) => policy.Statement);
  const jobsFile = statements.find(({ Sid }) => Sid === 'JobsFile')?.Resource;
  const buckets = { raw: names.rawBucket, bronze: names.bronzeBucket, logs: names.bronzeBucket, 'jobs-file': names.artifactsBucket };
  return {
    bucket: (target) => arns.bucket(buckets[target]),
    jobsFile: [jobsFile].flat()[0],
    table: arns.table(settings, names.checkpointTable),
    stream: arns.stream(settings, names.stream),
    secret: (purpose) => arns.secret(settings, names.secrets[purpose as keyof typeof names.secrets]),
  };
}
