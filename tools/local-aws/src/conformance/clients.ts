import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** What a conformance check may use: the SDK's own clients against one endpoint, and names that no other check has. */
export interface ConformanceClients {
  /** E.g. `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  readonly region: string;
  readonly s3: S3Client;
  readonly kinesis: KinesisClient;
  readonly dynamodb: DynamoDBClient;
  readonly secrets: SecretsManagerClient;
  /** A new name, valid for a bucket, stream, table and secret alike, e.g. `unique('put')` gives `put-5f0c1a9be2d4`. */
  unique(prefix: string): string;
  /** Closes the clients' connections. */
  destroy(): void;
}

/** Endpoints of the services, where they are not all the same one (DynamoDB Local beside moto). */
export type ConformanceEndpoints = Partial<Record<'s3' | 'kinesis' | 'dynamodb' | 'secrets', string>>;

/** Clients with path-style addressing and HTTP/1.1, without retries: a check sees every answer as it came. */
export function makeClients(endpoint: string, endpoints: ConformanceEndpoints = {}): ConformanceClients {
  const region = 'us-east-1';
  const credentials = { accessKeyId: 'conformance', secretAccessKey: 'conformance-secret' };
  const common = { region, credentials, maxAttempts: 1 };
  const s3 = new S3Client({ ...common, endpoint: endpoints.s3 ?? endpoint, forcePathStyle: true });
  // Without this handler the Kinesis client speaks HTTP/2, which needs TLS.
  const kinesis = new KinesisClient({ ...common, endpoint: endpoints.kinesis ?? endpoint, requestHandler: new NodeHttpHandler() });
  const dynamodb = new DynamoDBClient({ ...common, endpoint: endpoints.dynamodb ?? endpoint });
  const secrets = new SecretsManagerClient({ ...common, endpoint: endpoints.secrets ?? endpoint });
  return {
    endpoint,
    region,
    s3,
    kinesis,
    dynamodb,
    secrets,
    unique: (prefix) => `${prefix}-${randomBytes(6).toString('hex')}`,
    destroy: () => [s3, kinesis, dynamodb, secrets].forEach((client) => client.destroy()),
  };
}
