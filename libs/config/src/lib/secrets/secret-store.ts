import { FatalError, systemClock, type Clock } from '@loadin/resilience';
import type { NeededSettings } from '../settings/types.js';
import type { Secret } from './secret.js';

/** Gets a secret's text from Secrets Manager by its ARN; the caller brings the SDK. What it throws is passed on. */
export type SecretReader = (arn: string) => Promise<string>;

export interface SecretStoreOptions {
  /** How long a secret read is good for. Default 300: a rotated one is seen soon, and a busy process asks 12 times an hour. */
  cacheSeconds?: number;
  /** Default: the system's. */
  clock?: Pick<Clock, 'now'>;
}

export interface SecretStore {
  /** The secret's value, from the cache while it is fresh. Throws `FatalError` when the secret holds no such field. */
  value(secret: Secret): Promise<string>;
  /**
   * The value after the source refused `refused` (a 401): read anew, once. Many callers refused at the same time share one read, and a value
   * that was read anew and refused again is not asked for until the cache is stale.
   */
  reread(secret: Secret, refused: string): Promise<string>;
}

interface Entry {
  text: Promise<string>;
  readAt: number;
  /** The text that a rereading was for. */
  refused?: string;
}

/** Values of secret settings, read when they are first asked for. */
export function openSecrets(read: SecretReader, { cacheSeconds = 300, clock = systemClock }: SecretStoreOptions = {}): SecretStore {
  const cache = new Map<string, Entry>();

  const fetchText = (arn: string, refused?: string): Promise<string> => {
    const entry: Entry = { text: read(arn), readAt: clock.now(), refused };
    cache.set(arn, entry);
    // A failed read is not kept: the next caller tries again.
    entry.text.catch(() => cache.get(arn) === entry && cache.delete(arn));
    return entry.text;
  };
  const fresh = (arn: string): Entry | undefined => {
    const entry = cache.get(arn);
    return entry && clock.now() - entry.readAt < cacheSeconds * 1000 ? entry : undefined;
  };
  const value = async (secret: Secret): Promise<string> => {
    if (secret.kind === 'plain') return secret.reveal();
    return fieldOf(await (fresh(secret.arn)?.text ?? fetchText(secret.arn)), secret);
  };
  const reread = async (secret: Secret, refused: string): Promise<string> => {
    if (secret.kind === 'plain') return secret.reveal();
    const entry = fresh(secret.arn);
    const current = entry && fieldOf(await entry.text, secret);
    if (current !== undefined && current !== refused) return current;
    // Others may have begun the rereading while this one waited.
    const latest = fresh(secret.arn);
    if (latest && latest !== entry) return value(secret);
    if (latest?.refused === refused) return refused;
    return fieldOf(await fetchText(secret.arn, refused), secret);
  };
  return { value, reread };
}

function fieldOf(text: string, secret: Extract<Secret, { kind: 'arn' }>): string {
  if (secret.field === undefined) return text;
  const json = jsonObject(text);
  if (json === undefined && !secret.fieldNamed && text.trim() !== '') return text.trim();
  const found = json?.[secret.field];
  if (typeof found === 'string' && found !== '') return found;
  const holds = json === undefined ? 'it is not a JSON object' : `it has ${Object.keys(json).sort().join(', ') || 'no fields'}`;
  throw new FatalError(`the secret has no text in field ${secret.field}: ${holds}`, {
    where: secret.arn,
    hint: 'Add the field, or name another one as arn:…#field.',
  });
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : undefined;
  } catch {
    // Not JSON: the secret is the value itself.
    return undefined;
  }
}

/** The sources' credentials as values. */
export interface Credentials {
  spotify: { clientId: string; clientSecret: string } | undefined;
  ticketmaster: { apiKey: string } | undefined;
  /** Of the database: the secret's JSON, or its URL. */
  postgres: string | undefined;
  payments: { apiKey: string } | undefined;
  shipments: { apiKey: string } | undefined;
}

type Groups = Partial<Pick<NeededSettings, keyof Credentials>>;

/**
 * Reads all credentials that are set, each ARN once. Throws what the reader throws, and `FatalError` for a secret without its field and for an API key that API
 * Gateway would not take.
 */
export async function resolveSecrets(settings: Groups, secrets: SecretStore): Promise<Credentials> {
  const { spotify, ticketmaster, postgres, payments, shipments } = settings;
  const value = (secret: Secret | undefined): Promise<string> | undefined => secret && secrets.value(secret);
  const [clientId, clientSecret, apiKey, connection, ...keys] = await Promise.all([
    ...[spotify?.clientId, spotify?.clientSecret, ticketmaster?.apiKey, postgres?.connection].map(value),
    ...[payments?.apiKey, shipments?.apiKey].map(async (secret) => secret && gatewayKey(await secrets.value(secret), secret)),
  ]);
  const [paymentsKey, shipmentsKey] = keys;
  return {
    spotify: clientId !== undefined && clientSecret !== undefined ? { clientId, clientSecret } : undefined,
    ticketmaster: apiKey === undefined ? undefined : { apiKey },
    postgres: connection,
    payments: paymentsKey === undefined ? undefined : { apiKey: paymentsKey },
    shipments: shipmentsKey === undefined ? undefined : { apiKey: shipmentsKey },
  };
}

/** What API Gateway takes as a key (docs.aws.amazon.com/apigateway, "Set up API keys"); what it holds is not said. */
function gatewayKey(key: string, secret: Secret): string {
  if (/^[A-Za-z0-9]{20,128}$/.test(key)) return key;
  const found = key.length < 20 ? `it has ${key.length} characters` : key.length > 128 ? 'it is longer' : 'it has other characters';
  throw new FatalError(`the API key is not 20 to 128 letters and digits: ${found}`, {
    ...(secret.kind === 'arn' && { where: secret.arn }),
    hint: `Put another one into the secret${secret.kind === 'arn' ? `, as field ${secret.field ?? 'api_key'}` : ''}, and into the usage plan of the API.`,
  });
}
