import { itPasses } from './conformance.fixture.js';
import { dynamodbChecks, kinesisChecks, s3Checks, secretsChecks } from './index.js';

describe('the local AWS at localhost behaves as AWS documents', () => {
  itPasses([...s3Checks, ...kinesisChecks, ...dynamodbChecks, ...secretsChecks], 'localhost');
});
