import { DescribeSecretCommand, GetSecretValueCommand, PutSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { FatalError } from '@loadin/resilience';
import { callsOf, type AwsCall } from '../aws-call.js';
import type { StoredCredential } from './secret-setting.js';

export interface SecretVersion {
  readonly text: string;
  readonly version: string;
}

/** A secret whose versions are read and replaced. */
export interface OpenSecret {
  readonly uri: string;
  /** What runs read. */
  read(): Promise<SecretVersion>;
  /** What runs read before it was replaced; `undefined`: it never was. */
  readPrevious(): Promise<SecretVersion | undefined>;
  /** Gives the new version. Throws `FatalError` when somebody else has put one since `version`. */
  replace(version: string, text: string): Promise<string>;
}

export function openSecret(client: SecretsManagerClient, { arn: SecretId }: StoredCredential): OpenSecret {
  const call: AwsCall = callsOf('Secrets Manager', SecretId);
  const stages = async (): Promise<Readonly<Record<string, readonly string[]>>> =>
    (await call('DescribeSecret', () => client.send(new DescribeSecretCommand({ SecretId })))).VersionIdsToStages ?? {};
  const read = async (VersionStage: string): Promise<SecretVersion> => {
    const { SecretString: text, VersionId: version } = await call('GetSecretValue', () =>
      client.send(new GetSecretValueCommand({ SecretId, VersionStage })),
    );
    if (text !== undefined && version !== undefined) return { text, version };
    throw new FatalError('This secret holds bytes, not a text', { where: SecretId, hint: 'Store the credential as a text or as JSON.' });
  };
  return {
    uri: SecretId,
    read: () => read('AWSCURRENT'),
    async readPrevious() {
      const has = Object.values(await stages()).some((labels) => labels.includes('AWSPREVIOUS'));
      return has ? read('AWSPREVIOUS') : undefined;
    },
    async replace(before, SecretString) {
      if ((await stages())[before]?.includes('AWSCURRENT') !== true)
        throw new FatalError('Somebody else has changed the secret meanwhile', {
          where: SecretId,
          hint: 'Nothing was changed. Look at it, then try again.',
        });
      const { VersionId = '' } = await call('PutSecretValue', () => client.send(new PutSecretValueCommand({ SecretId, SecretString })));
      return VersionId;
    },
  };
}
