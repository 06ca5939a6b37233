import { CfnParameter, type Stack } from 'aws-cdk-lib';
import type { StackInput } from './types.js';

/** The subnets and groups that something runs in. */
export interface NetworkPlace {
  readonly subnetIds: string[];
  readonly securityGroupIds: string[];
}

/**
 * Where what reads a database runs; undefined: outside of any VPC. Of a VPC that the stack `network` makes, CloudFormation itself reads the ids from the parameters that
 * stack writes: no export ties the two.
 */
export function networkPlace(stack: Stack, { environment: { network }, names }: StackInput): NetworkPlace | undefined {
  if (network === undefined) return undefined;
  if (network.kind === 'existing') return { subnetIds: [...network.subnetIds], securityGroupIds: [...network.securityGroupIds] };
  const parameter = (id: string, type: string, name: string): CfnParameter =>
    new CfnParameter(stack, id, { type: `AWS::SSM::Parameter::Value<${type}>`, default: name, description: 'Written by the stack network' });
  return {
    subnetIds: parameter('Subnets', 'List<AWS::EC2::Subnet::Id>', names.subnetsParameter).valueAsList,
    securityGroupIds: [parameter('SecurityGroup', 'AWS::EC2::SecurityGroup::Id', names.securityGroupParameter).valueAsString],
  };
}
