import * as s3 from 'aws-cdk-lib/aws-s3';
import { loadinStack, templates } from './index.js';

describe('a stack that must not be deployed', () => {
  // CDK sets it for whoever runs an app.
  afterEach(() => (process.exitCode = undefined));

  it('fails its synthesis: for what cdk-nag finds, and for what CloudFormation would refuse', () => {
    const synthesis = (): unknown =>
      templates({
        definitions: [
          {
            name: 'storage',
            make: (scope, input) => {
              const stack = loadinStack(scope, 'storage', input);
              new s3.Bucket(stack, 'Open');
              new s3.CfnBucket(stack, 'Misnamed', { bucketName: 'A_B' });
              return stack;
            },
          },
        ],
        environments: "{ version: 1, environments: { dev: { account: '123456789012', region: eu-west-1 } } }",
        file: 'loadin.environments.yaml',
        name: 'dev',
        workspace: '.',
      });
    expect(synthesis).toThrow(/server access logs disabled[^]*does not require requests to use SSL[^]*BucketName: 'A_B' does not match pattern/);
  });
});
