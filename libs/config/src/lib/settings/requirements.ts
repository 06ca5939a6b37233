import { ConfigurationError, type SettingProblem } from '../configuration-error.js';
import type { SettingName } from './raw-settings.js';
import { settingDefinitions } from './setting.js';
import type { Group, NeededSettings, Need, Settings } from './types.js';

/** A setting, or several of which one is enough. */
type Required = SettingName | readonly [SettingName, ...SettingName[]];

const KEY = ['API_KEY_SECRET_ARN', 'PAYMENTS_API_SECRET_NAME'] as const;

const REQUIRED: Record<Need, readonly Required[]> = {
  spotify: ['API_SPOTIFY_CLIENT_ID', 'API_SPOTIFY_CLIENT_SECRET'],
  ticketmaster: ['API_TICKETMASTER_API_KEY'],
  raw: ['AWS_REGION', 'AWS_S3_BUCKET_RAW'],
  processed: ['AWS_REGION', 'AWS_S3_BUCKET_PROCESSED'],
  stream: ['AWS_REGION'],
  state: ['AWS_REGION'],
  aws: ['AWS_REGION'],
  bronze: ['AWS_REGION', 'S3_BUCKET_NAME'],
  postgres: [['RDS_SECRET_ARN', 'DATABASE_URL']],
  payments: ['PAYMENTS_API_URL', KEY],
  shipments: ['SHIPMENTS_API_URL', KEY],
};

/** The settings that the needs ask for and that are not set. A setting that several needs ask for is named once, with all of them. */
export function missingSettings(needs: readonly Need[], isSet: (name: SettingName) => boolean, places: readonly string[]): SettingProblem[] {
  const askedBy = new Map<Required, Need[]>();
  for (const need of new Set(needs)) {
    for (const required of REQUIRED[need]) if (!namesOf(required).some(isSet)) askedBy.set(required, [...(askedBy.get(required) ?? []), need]);
  }
  return [...askedBy].map(([required, by]) => {
    const [name, ...others] = namesOf(required);
    const instead = others.length === 0 ? '' : `, and so is ${others.join(', ')}, which would do`;
    return {
      name,
      problem: `is missing (needed for ${by.join(', ')})${instead}`,
      lookedIn: [...places],
      expected: settingDefinitions().get(name)?.expected ?? '',
    };
  });
}

const namesOf = (required: Required): readonly [SettingName, ...SettingName[]] => (typeof required === 'string' ? [required] : required);

/** A group of settings that a caller can't do without; throws `ConfigurationError` when it is not set. */
export function needed<G extends Group>(settings: Settings, group: G): NeededSettings[G] {
  const found = settings[group];
  if (found === undefined) {
    const isSet = (name: string): boolean => settings.printable.some((setting) => setting.name === name && setting.value !== '');
    throw new ConfigurationError(missingSettings([group], isSet, ['the environment', '.env']));
  }
  return found as NeededSettings[G];
}
