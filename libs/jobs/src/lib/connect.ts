import { awsEndpointsOf } from '@loadin/aws';
import type { Environment } from '@loadin/config';
import { createAwsConnections, type AwsConnections } from './aws-connections.js';

/** Connections as the settings say: region, endpoints and keys may stand in the environment or in `.env` (the SDK itself reads the environment alone). */
export function connect(environment: Environment): AwsConnections {
  const value = (name: string): string | undefined => environment.get(name)?.value;
  const accessKeyId = value('AWS_ACCESS_KEY_ID');
  const secretAccessKey = value('AWS_SECRET_ACCESS_KEY');
  const sessionToken = value('AWS_SESSION_TOKEN');
  const credentials =
    accessKeyId !== undefined && secretAccessKey !== undefined
      ? { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }
      : undefined;
  const endpoint = awsEndpointsOf(Object.fromEntries(environment.names.map((name) => [name, value(name)])));
  return createAwsConnections({ region: value('AWS_REGION') ?? 'us-east-1', endpoint, ...(credentials && { credentials }) });
}
