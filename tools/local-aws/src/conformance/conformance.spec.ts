import { itPasses } from './conformance.fixture.js';
import { dynamodbChecks, kinesisChecks, s3Checks, secretsChecks } from './index.js';

const services = [s3Checks, kinesisChecks, dynamodbChecks, secretsChecks];
const checks = services.flat();

describe('the local AWS at 127.0.0.1 behaves as AWS documents', () => {
  itPasses(checks, '127.0.0.1');

  it('has every check once', () => {
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  });
});

// All of them: conformance.whole.spec.ts
describe('the local AWS at localhost answers for each service', () => {
  itPasses(
    services.flatMap((service) => service.slice(0, 3)),
    'localhost',
  );
});
