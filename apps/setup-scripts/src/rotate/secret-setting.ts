import { needed, readSettings, type Environment, type Secret } from '@loadin/config';
import type { ApiSource } from '@loadin/jobs';
import { FatalError } from '@loadin/resilience';

/** Where a source's credential lies. */
export interface StoredCredential {
  /** An ARN, or a name. */
  readonly arn: string;
  readonly field: string;
  /** The setting names the field: then the secret has to have it. */
  readonly fieldNamed: boolean;
  readonly region: string;
}

const SETTINGS: Readonly<Record<ApiSource, string>> = {
  spotify: 'API_SPOTIFY_CLIENT_SECRET',
  ticketmaster: 'API_TICKETMASTER_API_KEY',
  payments: 'API_KEY_SECRET_ARN or PAYMENTS_API_SECRET_NAME',
  shipments: 'API_KEY_SECRET_ARN',
};

/** Throws `ConfigurationError`, and `FatalError` when the setting is the value itself: then there is nothing in Secrets Manager to rotate. */
export function storedCredential(environment: Environment, source: ApiSource): StoredCredential {
  const settings = readSettings(environment, [source]);
  const { region } = needed(settings, 'aws');
  const secret: Secret = source === 'spotify' ? needed(settings, source).clientSecret : needed(settings, source).apiKey;
  if (secret.kind === 'arn') return { arn: secret.arn, field: secret.field ?? 'api_key', fieldNamed: secret.fieldNamed, region };
  throw new FatalError(`${SETTINGS[source]} is the credential itself, not the ARN of a secret`, {
    hint: 'Put it into Secrets Manager and its ARN into the setting: then it is changed without touching the settings of what runs.',
  });
}
