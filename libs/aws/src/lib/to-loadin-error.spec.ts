import { connect } from 'node:net';
import { FatalError, oneLine, RetryableError, StopError } from '@loadin/resilience';
import { attemptsOf, awsErrorCode, toLoadinError } from './to-loadin-error.js';

const operation = { service: 'S3', operation: 'PutObject', resource: 's3://lake/raw/a.json' };
const sdkError = (name: string, status?: number, message = 'words of the service') =>
  Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode: status, attempts: 1 } });

describe('toLoadinError', () => {
  it.each([
    ['AccessDenied', 403, FatalError, 'access denied'],
    ['AccessDeniedException', 400, FatalError, 'access denied'],
    ['InvalidAccessKeyId', 403, FatalError, 'does not know these credentials'],
    ['UnrecognizedClientException', 400, FatalError, 'does not know these credentials'],
    ['SignatureDoesNotMatch', 403, FatalError, 'secret key does not belong'],
    ['InvalidSignatureException', 400, FatalError, 'secret key does not belong'],
    ['ExpiredToken', 400, FatalError, 'have expired'],
    ['ExpiredTokenException', 400, FatalError, 'have expired'],
    ['CredentialsProviderError', undefined, FatalError, 'no AWS credentials'],
    ['RequestTimeTooSkewed', 403, FatalError, "machine's clock"],
    ['NoSuchBucket', 404, FatalError, 'the bucket does not exist'],
    ['ResourceNotFoundException', 400, FatalError, 'does not exist in this account and region'],
    ['PermanentRedirect', 301, FatalError, 'another region'],
    ['KMSAccessDeniedException', 400, FatalError, 'encryption key'],
    ['ProvisionedThroughputExceededException', 400, RetryableError, 'slow down'],
    ['ThrottlingException', 400, RetryableError, 'slow down'],
    ['SlowDown', 503, RetryableError, 'slow down'],
    ['InternalError', 500, RetryableError, 'AWS has a fault'],
    ['ServiceUnavailable', 503, RetryableError, 'AWS has a fault'],
    ['TimeoutError', undefined, RetryableError, 'no answer in time'],
    ['SomethingNew', 502, RetryableError, 'AWS has a fault'],
    ['SomethingNew', 429, RetryableError, 'slow down'],
    ['SomethingNew', 403, FatalError, 'access denied'],
    ['SomethingNew', 418, FatalError, 'AWS refused the request'],
    ['SomethingNew', undefined, FatalError, 'does not know'],
  ] as const)('says what %s (HTTP %s) means', (name, status, kind, text) => {
    const error = toLoadinError(sdkError(name, status), operation);
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(text);
    expect(error.message).toContain(`(${name})`);
    expect(error.where).toBe('s3://lake/raw/a.json');
    expect(error.hint).toMatch(/\.$/);
    expect(oneLine(error)).not.toMatch(/[\n\r]/);
  });

  it('tells in one line what happened, where, and what to do', () => {
    const denied = sdkError('AccessDenied', 403, 'User: arn:aws:iam::000000000000:user/ci is not authorized\nto perform: s3:PutObject');
    expect(oneLine(toLoadinError(denied, operation))).toBe(
      'S3 PutObject: access denied (AccessDenied): User: arn:aws:iam::000000000000:user/ci is not authorized to perform: s3:PutObject (s3://lake/raw/a.json). ' +
        'Give the role or user s3:PutObject on s3://lake/*; or use other credentials.',
    );
  });

  it.each([
    [
      'GetObject',
      's3://lake/raw/a.json',
      's3:GetObject on s3://lake/* and s3:ListBucket on s3://lake (without it, S3 says so of objects that are not there)',
    ],
    ['ListObjectsV2', 's3://lake/raw/', 's3:ListBucket on s3://lake'],
    ['CompleteMultipartUpload', 's3://lake/data/a.parquet', 's3:PutObject on s3://lake/*'],
  ])('says which permission %s needs', (call, resource, permission) => {
    const denied = toLoadinError(sdkError('AccessDenied', 403), { service: 'S3', operation: call, resource });
    expect(denied.hint).toBe(`Give the role or user ${permission}; or use other credentials.`);
  });

  it('leaves it to the words of the service where the call does not tell the permission', () => {
    const denied = toLoadinError(sdkError('AccessDeniedException', 400), { service: 'Kinesis', operation: 'PutRecords', resource: 'kinesis://s' });
    expect(denied.hint).toBe('Give the role or user this permission, or use other credentials.');
  });

  it('names the address that refuses connections, below an error for several addresses too', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:4566'), { code: 'ECONNREFUSED', address: '127.0.0.1', port: 4566 });
    const aggregate = Object.assign(new Error(''), { name: 'AggregateError', errors: [refused] });
    for (const error of [refused, aggregate, new Error('wrapped: connect ECONNREFUSED 127.0.0.1:4566')]) {
      expect(toLoadinError(error, operation).message).toBe('S3 PutObject: nothing listens there (ECONNREFUSED): 127.0.0.1:4566');
    }
  });

  it('reads a real error of Node', async () => {
    const error = await new Promise((resolve) => connect({ host: '127.0.0.1', port: 1 }).on('error', resolve));
    expect(toLoadinError(error, operation)).toBeInstanceOf(RetryableError);
  });

  it('takes a cancelled call as cancelled', () => {
    const error = toLoadinError(Object.assign(new Error('Request aborted'), { name: 'AbortError' }), operation);
    expect(error).toBeInstanceOf(StopError);
    expect(error).toMatchObject({ reason: 'cancelled' });
  });

  it('leaves errors of Loadin as they are and takes anything that can be thrown', () => {
    const own = new RetryableError('mine');
    expect(toLoadinError(own, operation)).toBe(own);
    expect(toLoadinError('text', operation).message).toContain('text');
    expect(toLoadinError(undefined, operation)).toBeInstanceOf(FatalError);
  });
});

describe('awsErrorCode and attemptsOf', () => {
  it('read what the SDK says', () => {
    expect(awsErrorCode(sdkError('NoSuchKey', 404))).toBe('NoSuchKey');
    expect(awsErrorCode(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).toBe('ECONNRESET');
    expect(awsErrorCode(new Error('x'))).toBeUndefined();
    expect(attemptsOf({ $metadata: { attempts: 3 } })).toBe(3);
    expect(attemptsOf(new Error('x'))).toBe(1);
  });
});
