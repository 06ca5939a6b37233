import { IsOptional, ValidateBy } from 'class-validator';
import type { Rule } from './rules.js';
import type { Need } from './types.js';

export interface SettingDefinition {
  /** What it is for, one line, for the README and `--print-config`. */
  purpose: string;
  /** What a right value looks like. */
  expected: string;
  holds: Rule;
  /** The value when none is set. */
  fallback?: string;
  /** Never printed. */
  secret?: boolean;
  /** Looked at only when this is needed: a name that others use too, and for other things. Default: always. */
  onlyFor?: Need;
}

const definitions = new Map<string, SettingDefinition>();

/** Declares a field of `RawSettings` as a setting: its rule for class-validator, and what people are told of it. */
export function Setting(definition: SettingDefinition): PropertyDecorator {
  const rule = ValidateBy({
    name: 'setting',
    validator: { validate: (value) => typeof value === 'string' && definition.holds(value), defaultMessage: () => definition.expected },
  });
  return (target, property) => {
    definitions.set(String(property), definition);
    IsOptional()(target, property);
    rule(target, property);
  };
}

/** Every setting by name, in the order of declaration. */
export function settingDefinitions(): ReadonlyMap<string, SettingDefinition> {
  return definitions;
}
