import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions, awsEndpointsOf, type AwsClientOptions } from '@loadin/aws';
import type { Environment } from '@loadin/config';

export interface Clients {
  readonly s3: S3Client;
  readonly kinesis: KinesisClient;
  readonly dynamodb: DynamoDBClient;
  close(): void;
}

export interface ClientLimits {
  /** Of one request, the first included. Default: as many as a run makes. */
  readonly maxAttempts?: number;
}

/** Clients for the region. */
export function createClients(region: string, environment: Environment, limits: ClientLimits = {}): Clients {
  const options = clientOptions(region, environment, limits);
  const clients = { s3: new S3Client(options.s3), kinesis: new KinesisClient(options.kinesis), dynamodb: new DynamoDBClient(options.dynamodb) };
  return { ...clients, close: () => Object.values(clients).forEach((client) => client.destroy()) };
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
