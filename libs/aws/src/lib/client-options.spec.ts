import { NodeHttpHandler } from '@smithy/node-http-handler';
import { awsClientOptions } from './client-options.js';
import { awsEndpointsOf, isAwsEndpoint } from './endpoint.js';

describe('awsClientOptions', () => {
  it('leaves endpoint, credentials and addressing to the SDK for AWS itself', () => {
    const { s3, dynamodb } = awsClientOptions({ region: 'eu-west-1' });
    expect(s3).toEqual({
      region: 'eu-west-1',
      maxAttempts: 5,
      forcePathStyle: false,
      requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
    });
    expect(dynamodb).not.toHaveProperty('endpoint');
  });

  it.each([
    ['http://localhost:4566', true],
    ['http://127.0.0.1:4566', true],
    ['https://minio.example.org', true],
    ['https://amazonaws.com.example.org', true],
    ['https://s3.eu-west-1.amazonaws.com', false],
    ['https://bucket.vpce-1a2b3c4d.s3.us-east-1.vpce.amazonaws.com', false],
    ['https://s3.cn-north-1.amazonaws.com.cn', false],
    ['https://s3.dualstack.us-east-1.api.aws', false],
  ])('addresses buckets by path at %s: %s', (endpoint, pathStyle) => {
    expect(awsClientOptions({ region: 'us-east-1', endpoint }).s3.forcePathStyle).toBe(pathStyle);
    expect(isAwsEndpoint(endpoint)).toBe(!pathStyle);
  });

  it('speaks HTTP/1.1 to Kinesis', () => {
    expect(awsClientOptions({ region: 'us-east-1', endpoint: 'http://localhost:1' }).kinesis.requestHandler).toBeInstanceOf(NodeHttpHandler);
  });

  it('gives each service its own endpoint', () => {
    const options = awsClientOptions({ region: 'us-east-1', endpoint: { s3: 'http://minio:9000' } });
    expect(options.s3).toMatchObject({ endpoint: 'http://minio:9000', forcePathStyle: true });
    expect(options.kinesis).not.toHaveProperty('endpoint');
  });

  it.each(['localhost:4566', 'ftp://host', ''])('refuses "%s" as an endpoint', (endpoint) => {
    expect(() => awsClientOptions({ region: 'us-east-1', endpoint })).toThrow('is not an http(s) URL');
  });
});

describe('awsEndpointsOf', () => {
  it("takes the service's own variable before the one for all", () => {
    expect(awsEndpointsOf({ AWS_ENDPOINT_URL: 'http://all', AWS_ENDPOINT_URL_S3: 'http://s3' })).toEqual({
      s3: 'http://s3',
      kinesis: 'http://all',
      dynamodb: 'http://all',
      secretsManager: 'http://all',
      sts: 'http://all',
    });
  });

  it('is empty without variables, with empty ones, and when the SDK is told to ignore them', () => {
    expect(awsEndpointsOf({})).toEqual({});
    expect(awsEndpointsOf({ AWS_ENDPOINT_URL: '' })).toEqual({});
    expect(awsEndpointsOf({ AWS_ENDPOINT_URL: 'http://all', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' })).toEqual({});
  });
});
