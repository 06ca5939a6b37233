import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Accepts a finding of cdk-nag; everything that is accepted says why. */
export function acknowledge(on: IConstruct, id: string, reason: string): void {
  Validations.of(on).acknowledge({ id, reason });
}

/** Accepts stars in the resources of policies, each by itself: one that comes later is a finding again. */
export function acknowledgeStars(on: IConstruct, resources: readonly string[], reason: string): void {
  Validations.of(on).acknowledge(...resources.map((resource) => ({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason })));
}
