import { inspect } from 'node:util';
import { secretArnParts } from '../settings/rules.js';

/** A secret setting: its value, or where in Secrets Manager the value is. Printed, logged or made JSON of, it shows `****` or the ARN. */
export type Secret =
  | { readonly kind: 'plain'; /** The value itself. */ readonly reveal: () => string }
  | {
      readonly kind: 'arn';
      /** Or the name of a secret: Secrets Manager takes both. */
      readonly arn: string;
      /** The field when the secret is a JSON object. Undefined: the text as a whole is meant. */
      readonly field: string | undefined;
      /** Whether the setting named the field (`…#field`): then the secret has to have it. */
      readonly fieldNamed: boolean;
    };

/** A secret from a setting's text: `arn:aws:secretsmanager:…`, with `#field` or the setting's default field, or the value itself. */
export function secretOf(text: string, defaultField: string): Secret {
  const parts = secretArnParts(text);
  if (parts) return { kind: 'arn', arn: parts.arn, field: parts.field ?? defaultField, fieldNamed: parts.field !== undefined };
  return Object.defineProperties(
    { kind: 'plain' as const, reveal: () => text },
    { toJSON: { value: () => '****' }, [inspect.custom]: { value: () => '****' } },
  );
}

/** A secret that is known by its name in Secrets Manager. */
export const secretNamed = (name: string, field: string): Secret => ({ kind: 'arn', arn: name, field, fieldNamed: false });

/** All of a secret's text: JSON with several fields. */
export const wholeSecret = (arn: string): Secret => ({ kind: 'arn', arn, field: undefined, fieldNamed: false });
