import recommended from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

/**
 * The recommended feature flags of the pinned aws-cdk-lib, its own check of every template against CloudFormation's schemas among them. They are given in code: `cdk.json` is
 * read by the command line alone, and specifications would make other templates than what is deployed.
 */
export const FLAGS: Readonly<Record<string, unknown>> = { ...recommended };
