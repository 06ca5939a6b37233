import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Environment } from '@loadin/config';
import { tryCredential, type ApiSource } from '@loadin/jobs';
import { FatalError, type Clock } from '@loadin/resilience';
import { clientOptions } from '../clients.js';
import { stepLine, type Output } from '../output.js';
import type { Prompt } from '../prompt.js';
import { newValue } from './new-value.js';
import { openSecret, type OpenSecret } from './open-secret.js';
import { storedCredential, type StoredCredential } from './secret-setting.js';
import { credentialIn } from './secret-text.js';

export interface Rotation {
  readonly source: ApiSource;
  /** Back to the credential of the version before, AWSPREVIOUS, instead of to a new one. */
  readonly revert: boolean;
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
 * Puts another credential where runs read it, after the source has taken it, and asks once more with what runs read then: what the source refuses is taken out again.
 * The one before stays as AWSPREVIOUS. Runs under way read the new one within five minutes, or at once when the source refuses the old one.
 */
export async function rotate(rotation: Rotation): Promise<void> {
  const { source, environment, output, revert } = rotation;
  const stored = storedCredential(environment, source);
  const client = new SecretsManagerClient(clientOptions(stored.region, environment).secretsManager);
  const secret = openSecret(client, stored);
  const which = revert ? 'the one before' : 'the new one';
  try {
    const before = await secret.read();
    const value = revert ? await valueBefore(secret, stored) : await newValue(rotation.prompt, NAMES[source]);
    const current = credentialIn(before.text, stored);
    if (current.value === value) return output.print(stepLine('already there', secret.uri, 'the secret holds this value'));
    const refused = await refusal(rotation, value);
    if (refused !== undefined)
      throw new FatalError(`${source} does not take ${which}: ${refused}`, {
        hint: 'Nothing was changed. Look at it at the source, then try again.',
      });
    output.print(stepLine('OK', source, `it takes ${which}`));
    const version = await secret.replace(before.version, current.replaced(value));
    output.print(stepLine('changed', secret.uri, `AWSCURRENT is version ${version}, AWSPREVIOUS ${before.version}`));
    const refusedNow = await refusal(rotation);
    if (refusedNow !== undefined) await takeOut(rotation, { secret, stored, version, refused: refusedNow, text: before.text });
    output.print(stepLine('OK', source, 'it takes what the next run reads'));
    for (const line of afterwards(source, revert)) output.print(line);
  } finally {
    client.destroy();
  }
}

const afterwards = (source: ApiSource, revert: boolean): readonly string[] =>
  revert
    ? ['Runs under way read it within 5 minutes, or at once when the other one is refused.']
    : [
        'Runs under way read it within 5 minutes, or at once when the old one is refused: take the old one back at the source after that.',
        `Until then there is a way back: loadin-setup rotate ${source} --revert`,
      ];

/** Other fields of the secret stay as they are now. Throws `FatalError` when there is none. */
async function valueBefore(secret: OpenSecret, stored: StoredCredential): Promise<string> {
  const previous = await secret.readPrevious();
  if (previous !== undefined) return credentialIn(previous.text, stored).value;
  throw new FatalError('There is no version before this one: the secret was never changed', {
    where: secret.uri,
    hint: 'Put the credential in: loadin-setup rotate without --revert.',
  });
}

/** What the source says against a credential; without a value, against what runs read. `undefined`: it takes it. */
async function refusal({ source, environment, clock }: Rotation, value?: string): Promise<string | undefined> {
  const { ok, detail } = await tryCredential({ source, environment, clock, ...(value !== undefined && { value }) });
  return ok ? undefined : (detail ?? 'no reason given');
}

interface Refused {
  readonly secret: OpenSecret;
  readonly stored: StoredCredential;
  /** That is refused. */
  readonly version: string;
  readonly refused: string;
  /** Of the version before. */
  readonly text: string;
}

/** The source took the value and does not take what runs read: with the one before, if that is still taken, runs go on. Always throws. */
async function takeOut(rotation: Rotation, { secret, stored, version, refused, text }: Refused): Promise<never> {
  const what = `${rotation.source} does not take what is in the secret now: ${refused}`;
  const old = await refusal(rotation, credentialIn(text, stored).value);
  if (old !== undefined)
    throw new FatalError(what, {
      hint: `Nor does it take the one before: ${old}. The new one stays; look whether the source is well: loadin check.`,
    });
  await secret.replace(version, text);
  rotation.output.print(stepLine('changed', secret.uri, 'the one before is AWSCURRENT again'));
  throw new FatalError(what, { hint: 'The one before is in the secret again, and is taken. Look at the new one at the source, then try again.' });
}
