import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { PolicyStatement } from '@loadin/infrastructure';
import type { Permission } from './types.js';

/** A role's policy, as `resolvedPolicies` gives it. */
export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** One action of one statement. */
export interface Grant {
  readonly statement: number;
  readonly sid: string;
  readonly action: string;
}

/** Whether IAM would let a role do this, by a simulator that nobody here wrote. @throws for an action or a resource that IAM does not know */
export async function isAllowed(policy: Policy, { action, resource, context }: Permission, account: string): Promise<boolean> {
  const result = await runSimulation(
    {
      request: {
        principal: `arn:aws:sts::${account}:assumed-role/role/session`,
        action,
        resource: { resource, accountId: account },
        contextVariables: { ...context, 'aws:ResourceAccount': account },
      },
      identityPolicies: [{ name: 'policy', policy }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (result.resultType === 'error' && result.errors.message === AMBIGUOUS) return isNamed(policy, action, resource);
  if (result.resultType === 'error') throw new Error(`IAM can't be asked for ${action} on ${resource}: ${JSON.stringify(result.errors)}`);
  return result.overallResult === 'Allowed';
}

/** An alias and a version of a function have ARNs of one form, and the simulator decides nothing on what may be either. */
const AMBIGUOUS = 'multiple.resource.types';

/** Whether a policy allows this on the very resource, without conditions, and denies nothing of it. */
const isNamed = ({ Statement }: Policy, action: string, resource: string): boolean => {
  const concerned = Statement.filter((one) => [one.Action].flat().includes(action) && [one.Resource].flat().includes(resource));
  return (
    concerned.some(({ Effect, Condition }) => Effect === 'Allow' && Condition === undefined) && concerned.every(({ Effect }) => Effect === 'Allow')
  );
};

/** Every action that a policy allows, statement by statement. */
export const grantsOf = ({ Statement }: Policy): Grant[] =>
  Statement.flatMap(({ Effect, Action, Sid }, statement) =>
    Effect === 'Allow' ? [Action].flat().map((action) => ({ statement, sid: Sid ?? `statement ${statement}`, action })) : [],
  );

/** The policy without one action of one statement. */
export function without({ Version, Statement }: Policy, { statement, action }: Grant): Policy {
  const rest = Statement.flatMap((one, index) => {
    if (index !== statement) return [one];
    const Action = [one.Action].flat().filter((name) => name !== action);
    return Action.length === 0 ? [] : [{ ...one, Action }];
  });
  return { Version, Statement: rest };
}

/** The actions without which everything that is asked for would still be allowed: granted for nothing. */
export async function idleGrants(policy: Policy, permissions: readonly Permission[], account: string): Promise<Grant[]> {
  const idle: Grant[] = [];
  for (const grant of grantsOf(policy)) {
    const poorer = without(policy, grant);
    const asked = permissions.filter(({ action }) => action === grant.action);
    const verdicts = await Promise.all(asked.map((permission) => isAllowed(poorer, permission, account)));
    if (verdicts.every((allowed) => allowed)) idle.push(grant);
  }
  return idle;
}
