import { createHash } from 'node:crypto';
import type { Call } from '../server/exchange.js';
import type { Credentials, SpotifyLimits } from '../types.js';
import { accountsError } from './errors.js';
import { json, type Reply } from '../server/exchange.js';

export interface Tokens {
  /** `POST /api/token`. */
  issue(call: Call): Reply;
  state(token: string, now: number): 'good' | 'expired' | 'unknown';
  /** From now on the token counts as expired. */
  expire(token: string): void;
}

export function createTokens(credentials: Credentials, limits: SpotifyLimits): Tokens {
  const expiries = new Map<string, number>();
  let issued = 0;
  const grant = (now: number): Reply => {
    // Opaque, and never the same twice.
    const token = `BQ${createHash('sha512').update(`${process.pid} ${now} ${++issued}`).digest('base64url')}`;
    expiries.set(token, now + limits.tokenTtlSeconds * 1000);
    return json(200, { access_token: token, token_type: 'Bearer', expires_in: limits.tokenTtlSeconds });
  };
  return {
    issue: (call) => refusal(call, credentials) ?? grant(call.at),
    state(token, now) {
      const expiry = expiries.get(token);
      if (expiry === undefined) return 'unknown';
      return now < expiry ? 'good' : 'expired';
    },
    expire(token) {
      if (expiries.has(token)) expiries.set(token, 0);
    },
  };
}

function refusal({ method, path, headers, body }: Call, credentials: Credentials): Reply | undefined {
  if (path !== '/api/token') return accountsError('not_found', 'Not found', 404);
  if (method !== 'POST') return accountsError('method_not_allowed', 'Method not allowed', 405);
  const [scheme, encoded = ''] = (headers.authorization ?? '').split(' ');
  const [id, ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  if (scheme?.toLowerCase() !== 'basic' || id !== credentials.spotifyClientId) return accountsError('invalid_client', 'Invalid client');
  if (secret.join(':') !== credentials.spotifyClientSecret) return accountsError('invalid_client', 'Invalid client secret');
  const form = new URLSearchParams(headers['content-type']?.startsWith('application/x-www-form-urlencoded') ? body : '');
  const grantType = form.get('grant_type');
  if (grantType === null) return accountsError('unsupported_grant_type', 'grant_type parameter is missing');
  return grantType === 'client_credentials' ? undefined : accountsError('unsupported_grant_type', 'grant_type must be client_credentials');
}
