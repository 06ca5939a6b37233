import type { SynthesizedTemplate } from './role-policies.js';

/** Services whose documentation names conditions for the trust in them, so that they can't be made to use a role for another account's doings. */
const SAY_FOR_WHOM = ['scheduler.amazonaws.com', 'states.amazonaws.com', 'codedeploy.amazonaws.com', 'vpc-flow-logs.amazonaws.com'];

interface TrustStatement {
  readonly Effect: string;
  readonly Principal?: { readonly Service?: string; readonly AWS?: unknown };
  readonly Condition?: { readonly StringEquals?: Readonly<Record<string, unknown>> };
}

/** Roles that a service may take for somebody else, or that somebody else than a service may take: a line each. https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html */
export function trustFindings({ Resources = {} }: SynthesizedTemplate, account: string): string[] {
  return Object.entries(Resources).flatMap(([role, { Type, Properties = {} }]) => {
    if (Type !== 'AWS::IAM::Role') return [];
    const { Statement } = Properties['AssumeRolePolicyDocument'] as { Statement: readonly TrustStatement[] };
    return Statement.flatMap(({ Principal, Condition }) => {
      const service = Principal?.Service;
      if (service === undefined) return [`${role}: is taken by somebody who is no service`];
      if (SAY_FOR_WHOM.includes(service) && Condition?.StringEquals?.['aws:SourceAccount'] !== account)
        return [`${role}: ${service} may take it for other accounts`];
      return [];
    });
  });
}
