import { oneLine } from '@loadin/resilience';
import { readmeDifferences } from '@loadin/specs/readme';
import { awsClientOptions, awsEndpointsOf, toLoadinError } from './index.js';

describe('the example of the README', () => {
  it('works as printed', async () => {
    const lines: unknown[] = [];
    const console = { log: (...values: unknown[]) => lines.push(...values) };
    const env = { AWS_ENDPOINT_URL: 'http://localhost:4566' };
    const s3 = { send: () => Promise.reject(Object.assign(new Error('The specified bucket does not exist'), { name: 'NoSuchBucket' })) };

    // example
    const endpoint = awsEndpointsOf(env); // env: process.env
    const options = awsClientOptions({ region: 'us-east-1', endpoint, maxAttempts: 3 });
    console.log(options.s3.forcePathStyle); // for: new S3Client(options.s3), new KinesisClient(options.kinesis), …

    try {
      await s3.send();
    } catch (error) {
      const failure = toLoadinError(error, { service: 'S3', operation: 'PutObject', resource: 's3://lake/raw/a.json' });
      console.log(failure.action, oneLine(failure));
    }
    // end

    expect(lines).toEqual([
      true,
      'fatal',
      'S3 PutObject: the bucket does not exist (NoSuchBucket) (s3://lake/raw/a.json). Create it ("loadin-setup create"), or correct its name and AWS_REGION.',
    ]);
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
