import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClientOptions, type AwsClientSettings } from '@loadin/aws';

/** The SDK clients of one run: each is loaded and made when it is first asked for, so that a run loads only what it uses. */
export interface AwsConnections {
  s3(): Promise<S3Client>;
  kinesis(): Promise<KinesisClient>;
  dynamodb(): Promise<DynamoDBClient>;
  secretsManager(): Promise<SecretsManagerClient>;
  /** Closes the sockets of those that were made. */
  close(): Promise<void>;
}

export function createAwsConnections(settings: AwsClientSettings): AwsConnections {
  const options = awsClientOptions(settings);
  const made: { destroy(): void }[] = [];
  const once = <Client extends { destroy(): void }>(make: () => Promise<Client>): (() => Promise<Client>) => {
    let client: Promise<Client> | undefined;
    return () => (client ??= make().then((ready) => (made.push(ready), ready)));
  };
  return {
    s3: once(async () => new (await import('./sdk/s3.js')).S3Client(options.s3)),
    kinesis: once(async () => new (await import('./sdk/kinesis.js')).KinesisClient(options.kinesis)),
    dynamodb: once(async () => new (await import('./sdk/dynamodb.js')).DynamoDBClient(options.dynamodb)),
    secretsManager: once(async () => new (await import('./sdk/secrets-manager.js')).SecretsManagerClient(options.secretsManager)),
    async close() {
      for (const client of made) client.destroy();
    },
  };
}
