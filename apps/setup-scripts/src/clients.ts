import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { awsClientOptions, awsEndpointsOf, type AwsClientOptions } from '@loadin/aws';
import type { Environment } from '@loadin/config';

export interface Clients {
  readonly s3: S3Client;
  readonly kinesis: KinesisClient;
  readonly dynamodb: DynamoDBClient;
  readonly sts: STSClient;
  /** Where STS is, if not at AWS. */
  readonly endpoint: string | undefined;
  close(): void;
}

export interface ClientLimits {
  /** Of one request, the first included. Default: as many as a run makes. */
  readonly maxAttempts?: number;
}

/** Clients for the region, with the profile that `.env` may name. */
export function createClients(region: string, environment: Environment, limits: ClientLimits = {}): Clients {
  const options = clientOptions(region, environment, limits);
  const name = environment.get('AWS_PROFILE')?.value;
  const profile = name === undefined ? {} : { profile: name };
  const clients = {
    s3: new S3Client({ ...options.s3, ...profile }),
    kinesis: new KinesisClient({ ...options.kinesis, ...profile }),
    dynamodb: new DynamoDBClient({ ...options.dynamodb, ...profile }),
    sts: new STSClient({ ...options.sts, ...profile }),
  };
  return { ...clients, endpoint: options.sts.endpoint, close: () => Object.values(clients).forEach((client) => client.destroy()) };
}

/** Keys and endpoints may stand in `.env`, which the SDK itself does not read. */
export function clientOptions(region: string, environment: Environment, { maxAttempts }: ClientLimits = {}): AwsClientOptions {
  const value = (name: string): string | undefined => environment.get(name)?.value;
  const [accessKeyId, secretAccessKey, sessionToken] = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'].map(value);
  const credentials =
    accessKeyId !== undefined && secretAccessKey !== undefined ? { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) } : undefined;
  const endpoint = awsEndpointsOf(Object.fromEntries(environment.names.map((name) => [name, value(name)])));
  return awsClientOptions({ region, endpoint, ...(maxAttempts !== undefined && { maxAttempts }), ...(credentials && { credentials }) });
}
