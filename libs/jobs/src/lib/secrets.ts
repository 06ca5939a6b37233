import { toLoadinError } from '@loadin/aws';
import type { SecretReader } from '@loadin/config';
import { FatalError } from '@loadin/pipeline';
import type { AwsConnections } from './aws-connections.js';

/** Reads secrets from Secrets Manager; the SDK is loaded only when a setting is an ARN. */
export function secretReader(aws: AwsConnections): SecretReader {
  return async (arn) => {
    const { GetSecretValueCommand } = await import('./sdk/secrets-manager.js');
    const client = await aws.secretsManager();
    const answer = await client.send(new GetSecretValueCommand({ SecretId: arn })).catch((error: unknown) => {
      throw toLoadinError(error, { service: 'Secrets Manager', operation: 'GetSecretValue', resource: arn });
    });
    if (answer.SecretString === undefined)
      throw new FatalError('This secret holds bytes, not a text', { where: arn, hint: 'Store the credential as a text or as JSON.' });
    return answer.SecretString;
  };
}
