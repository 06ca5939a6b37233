import { validateSync } from 'class-validator';
import { ConfigurationError, type SettingProblem } from '../configuration-error.js';
import { describeOrigin, type Environment } from '../environment.js';
import { RawSettings, type SettingName } from './raw-settings.js';
import { missingSettings } from './requirements.js';
import { settingDefinitions } from './setting.js';
import { typedSettings } from './typed-settings.js';
import { typoWarnings } from './typos.js';
import type { Need, PrintableSetting, Settings } from './types.js';

/**
 * Validates all settings at once, before anything is opened, and gives them types. A setting is required only when one of `needs` asks for it; one that
 * is set is validated whether it is needed or not, but for those whose names others use too (`DATABASE_URL`). Throws `ConfigurationError` with every missing and every wrong one.
 */
export function readSettings<const N extends Need>(environment: Environment, needs: readonly N[]): Settings<N> {
  const raw = rawSettings(environment);
  const wrong = wrongSettings(raw, environment, needs);
  const missing = missingSettings(needs, (name) => raw[name] !== undefined, environment.places);
  if (wrong.length + missing.length > 0) throw new ConfigurationError(inOrder([...missing, ...wrong]));
  const settings: Settings = {
    ...typedSettings(raw),
    warnings: typoWarnings(environment.names, [...settingDefinitions().keys()]),
    printable: printable(raw, environment),
  };
  return settings as Settings<N>;
}

function rawSettings(environment: Environment): RawSettings {
  const raw = new RawSettings();
  for (const [name, { fallback }] of settingDefinitions()) raw[name as SettingName] = environment.get(name)?.value ?? fallback;
  return raw;
}

function wrongSettings(raw: RawSettings, environment: Environment, needs: readonly Need[]): SettingProblem[] {
  return validateSync(raw).flatMap(({ property: name }): SettingProblem[] => {
    const definition = settingDefinitions().get(name);
    if (definition?.onlyFor !== undefined && !needs.includes(definition.onlyFor)) return [];
    const found = environment.get(name);
    const value = raw[name as SettingName] ?? '';
    const problem = definition?.secret ? 'is not usable (its value is not shown)' : `is ${JSON.stringify(withoutCredentials(value).slice(0, 60))}`;
    return [{ name, problem, lookedIn: [found ? describeOrigin(found.origin) : 'default'], expected: definition?.expected ?? '' }];
  });
}

// An address is wrong for the very reason that it carries a password or a key.
const withoutCredentials = (value: string): string => value.replace(/\/\/[^/]*@/, '//****@').replace(/[?#].*$/, (rest) => `${rest.charAt(0)}****`);

function inOrder(problems: SettingProblem[]): SettingProblem[] {
  const order = [...settingDefinitions().keys()];
  return problems.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

function printable(raw: RawSettings, environment: Environment): PrintableSetting[] {
  return [...settingDefinitions()].map(([name, definition]) => {
    const value = raw[name as SettingName];
    const found = environment.get(name);
    const origin = found ? describeOrigin(found.origin) : value === undefined ? 'not set' : 'default';
    return { name, value: masked(value, definition.secret === true), origin, purpose: definition.purpose };
  });
}

// The ARN of a secret is no secret, and worth seeing.
function masked(value: string | undefined, secret: boolean): string {
  if (value === undefined) return '';
  return secret && !value.startsWith('arn:') ? '****' : value;
}
