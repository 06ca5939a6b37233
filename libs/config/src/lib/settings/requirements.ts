import { ConfigurationError, type SettingProblem } from '../configuration-error.js';
import type { SettingName } from './raw-settings.js';
import { settingDefinitions } from './setting.js';
import type { Group, NeededSettings, Need, Settings } from './types.js';

const REQUIRED: Record<Need, readonly SettingName[]> = {
  spotify: ['API_SPOTIFY_CLIENT_ID', 'API_SPOTIFY_CLIENT_SECRET'],
  ticketmaster: ['API_TICKETMASTER_API_KEY'],
  raw: ['AWS_REGION', 'AWS_S3_BUCKET_RAW'],
  processed: ['AWS_REGION', 'AWS_S3_BUCKET_PROCESSED'],
  stream: ['AWS_REGION'],
  state: ['AWS_REGION'],
  aws: ['AWS_REGION'],
};

/** The settings that the needs ask for and that are not set. A setting that several needs ask for is named once, with all of them. */
export function missingSettings(needs: readonly Need[], isSet: (name: SettingName) => boolean, places: readonly string[]): SettingProblem[] {
  const askedBy = new Map<SettingName, Need[]>();
  for (const need of new Set(needs)) {
    for (const name of REQUIRED[need]) if (!isSet(name)) askedBy.set(name, [...(askedBy.get(name) ?? []), need]);
  }
  return [...askedBy].map(([name, by]) => ({
    name,
    problem: `is missing (needed for ${by.join(', ')})`,
    lookedIn: [...places],
    expected: settingDefinitions().get(name)?.expected ?? '',
  }));
}

/** A group of settings that a caller can't do without; throws `ConfigurationError` when it is not set. */
export function needed<G extends Group>(settings: Settings, group: G): NeededSettings[G] {
  const found = settings[group];
  if (found === undefined) {
    const isSet = (name: string): boolean => settings.printable.some((setting) => setting.name === name && setting.value !== '');
    throw new ConfigurationError(missingSettings([group], isSet, ['the environment', '.env']));
  }
  return found as NeededSettings[G];
}
