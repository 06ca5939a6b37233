import { AwsError } from '../service.js';
import type { Input } from './types.js';

/** @throws AwsError `InvalidParameterException` when the member is no string of the allowed length. */
export function optionalText(input: Input, member: string, max = 2048): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new AwsError('InvalidParameterException', `${member} must be a string.`);
  if (value.length > max) throw new AwsError('InvalidParameterException', `${member} must have at most ${max} characters.`);
  return value;
}

export function requiredText(input: Input, member: string, max = 2048): string {
  const value = optionalText(input, member, max);
  if (!value) throw new AwsError('InvalidParameterException', `You must provide a value for ${member}.`);
  return value;
}

export function secretName(input: Input): string {
  const name = requiredText(input, 'Name', 512);
  if (!/^[A-Za-z0-9/_+=.@!-]+$/.test(name)) {
    throw new AwsError(
      'ValidationException',
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    );
  }
  return name;
}

/** The value of a new version; `undefined` when the request brings none. */
export function secretValue(input: Input): { text?: string; binary?: string } | undefined {
  const text = optionalText(input, 'SecretString', 65536);
  const binary = optionalText(input, 'SecretBinary', Math.ceil(65536 / 3) * 4);
  if (text !== undefined && binary !== undefined) {
    throw new AwsError('InvalidParameterException', "You can't specify both SecretString and SecretBinary.");
  }
  return text === undefined && binary === undefined ? undefined : { text, binary };
}

export function tagList(input: Input, member = 'Tags'): Record<string, string> {
  const list = input[member] ?? [];
  if (!Array.isArray(list)) throw new AwsError('InvalidParameterException', `${member} must be a list.`);
  return Object.fromEntries(
    list.map((tag: Input) => {
      if (typeof tag?.['Key'] !== 'string' || tag['Key'] === '' || tag['Key'].length > 128) {
        throw new AwsError('InvalidParameterException', 'A tag must have a key of 1 to 128 characters.');
      }
      return [tag['Key'], String(tag['Value'] ?? '')];
    }),
  );
}

export function integerBetween(input: Input, member: string, min: number, max: number, fallback: number): number {
  const value = input[member] ?? fallback;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw new AwsError('InvalidParameterException', `${member} must be a whole number between ${min} and ${max}.`);
  }
  return value;
}
