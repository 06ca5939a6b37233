import { DescribeSecretCommand, GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Environment } from '@loadin/config';
import { tryCredential, type ApiSource } from '@loadin/jobs';
import { FatalError, type Clock } from '@loadin/resilience';
import { callsOf, type AwsCall } from '../aws-call.js';
import { clientOptions } from '../clients.js';
import { stepLine, type Output } from '../output.js';
import type { Prompt } from '../prompt.js';
import { newValue } from './new-value.js';
import { storedCredential, type StoredCredential } from './secret-setting.js';
import { credentialIn } from './secret-text.js';

export interface Rotation {
  readonly source: ApiSource;
  readonly environment: Environment;
  readonly prompt: Prompt;
  readonly output: Output;
  readonly clock: Clock;
}

const NAMES: Readonly<Record<ApiSource, string>> = {
  spotify: "Spotify's new client secret",
  ticketmaster: "Ticketmaster's new API key",
  payments: 'The new key of the payments API',
  shipments: 'The new key of the shipments API',
};

/**
 * Puts a new credential where runs read it, after the source has taken it. The one before stays as AWSPREVIOUS.
 * Runs under way read the new one within five minutes, or at once when the source refuses the old one.
 */
export async function rotate(rotation: Rotation): Promise<void> {
  const { source, environment, prompt, output } = rotation;
  const stored = storedCredential(environment, source);
  const client = new SecretsManagerClient(clientOptions(stored.region, environment).secretsManager);
  const secret = openSecret(client, stored);
  try {
    const before = await secret.read();
    const value = await newValue(prompt, NAMES[source]);
    const current = credentialIn(before.text, stored);
    if (current.value === value) return output.print(stepLine('already there', secret.uri, 'the secret holds this value'));
    await requireTaken(rotation, value);
    output.print(stepLine('OK', source, 'it takes the new one'));
    const version = await secret.replace(before.version, current.replaced(value));
    output.print(stepLine('changed', secret.uri, `AWSCURRENT is version ${version}, AWSPREVIOUS ${before.version}`));
    await requireTaken(rotation);
    output.print(stepLine('OK', source, 'it takes what the next run reads'));
    output.print('Runs under way read it within 5 minutes, or at once when the old one is refused: take the old one back at the source after that.');
  } finally {
    client.destroy();
  }
}

/** Throws `FatalError` when the source refuses; without a value, when it refuses what runs read. */
async function requireTaken({ source, environment, clock }: Rotation, value?: string): Promise<void> {
  const { ok, detail } = await tryCredential({ source, environment, clock, ...(value !== undefined && { value }) });
  if (ok) return;
  throw new FatalError(`${source} does not take ${value === undefined ? 'what is in the secret now' : 'the new one'}: ${detail}`, {
    hint:
      value === undefined
        ? 'The one before is AWSPREVIOUS: make it AWSCURRENT again.'
        : 'Nothing was changed. Look at it at the source, then try again.',
  });
}

interface OpenSecret {
  readonly uri: string;
  read(): Promise<{ readonly text: string; readonly version: string }>;
  /** Gives the new version. Throws `FatalError` when somebody else has put one since `version`. */
  replace(version: string, text: string): Promise<string>;
}

function openSecret(client: SecretsManagerClient, { arn: SecretId }: StoredCredential): OpenSecret {
  const call: AwsCall = callsOf('Secrets Manager', SecretId);
  return {
    uri: SecretId,
    async read() {
      const { SecretString: text, VersionId: version } = await call('GetSecretValue', () => client.send(new GetSecretValueCommand({ SecretId })));
      if (text !== undefined && version !== undefined) return { text, version };
      throw new FatalError('This secret holds bytes, not a text', { where: SecretId, hint: 'Store the credential as a text or as JSON.' });
    },
    async replace(before, SecretString) {
      const { VersionIdsToStages = {} } = await call('DescribeSecret', () => client.send(new DescribeSecretCommand({ SecretId })));
      if (VersionIdsToStages[before]?.includes('AWSCURRENT') !== true)
        throw new FatalError('Somebody else has changed the secret meanwhile', {
          where: SecretId,
          hint: 'Nothing was changed. Look at it, then try again.',
        });
      const { VersionId = '' } = await call('PutSecretValue', () => client.send(new PutSecretValueCommand({ SecretId, SecretString })));
      return VersionId;
    },
  };
}
