import { json, plain, type Reply } from '../server/exchange.js';

/** The data API's errors are nested. */
export function spotifyError(
  status: number,
  message: string,
  more: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return json(status, { error: { status, message, ...more } }, headers);
}

/** The accounts service's errors are flat. */
export function accountsError(error: string, description: string, status = 400): Reply {
  return json(status, { error, error_description: description });
}

/** Seventeen bytes that are not JSON. */
export function tooManyRequests(retryAfterSeconds: number): Reply {
  return plain(429, 'Too many requests', { 'retry-after': String(retryAfterSeconds) });
}

export function quotaExceeded(): Reply {
  return spotifyError(429, 'Too many requests', { reason: 'QUOTA_EXCEEDED' });
}

export function premiumRequired(): Reply {
  return plain(
    403,
    'Active premium subscription required for the owner of the app. When the subscription status changes, it can take a few hours before requests are allowed again.',
  );
}

export const tokenExpired = (): Reply => spotifyError(401, 'The access token expired');
