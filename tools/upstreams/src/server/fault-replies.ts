import { bearerOf } from '../spotify/data-api.js';
import { accountsError, premiumRequired, quotaExceeded, spotifyError, tokenExpired, tooManyRequests } from '../spotify/errors.js';
import type { Tokens } from '../spotify/tokens.js';
import type { DiscoveryApi } from '../ticketmaster/discovery-api.js';
import { discoveryError, gatewayFault, quotaViolation, spikeArrest } from '../ticketmaster/errors.js';
import { limitExceeded, throttled, usualError } from '../gateway/errors.js';
import type { Limits } from '../types.js';
import { isBehindGateway, type Api, type Call, type Reply } from './exchange.js';
import type { FaultEffect } from './faults.js';

export interface FaultContext {
  readonly tokens: Tokens;
  readonly discovery: DiscoveryApi;
  readonly limits: Limits;
}

/** The answer that an effect gives in the API's own shape; nothing for the effects that bend the real answer or the connection. */
export function faultReply(effect: FaultEffect, call: Call, { tokens, discovery, limits }: FaultContext): Reply | undefined {
  switch (effect.kind) {
    case 'status': {
      const usual = statusReply(call.api, effect.status);
      return { ...usual, headers: { ...usual.headers, ...lowerCased(effect.headers) }, body: effect.body ?? usual.body };
    }
    case 'tokenExpired':
      tokens.expire(bearerOf(call) ?? '');
      return tokenExpired();
    case 'premium':
      return premiumRequired();
    case 'quotaExceeded':
      if (isBehindGateway(call.api)) return limitExceeded();
      return call.api === 'ticketmaster' ? quotaViolation(call.query.get('apikey') ?? '', exhausted(discovery, call.at)) : quotaExceeded();
    case 'retryAfter':
      if (isBehindGateway(call.api)) return throttled({ 'retry-after': String(effect.seconds) });
      return call.api === 'ticketmaster'
        ? spikeArrest(limits.ticketmaster.perSecond, { 'retry-after': String(effect.seconds) })
        : tooManyRequests(effect.seconds);
    case 'searchLimit':
      limits.spotify.maxSearchLimit = effect.limit;
      return undefined;
    default:
      return undefined;
  }
}

const messages: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Invalid access token',
  403: 'Forbidden',
  404: 'Resource not found',
  429: 'Too many requests',
  502: 'Bad gateway.',
  503: 'Service unavailable',
};

function statusReply(api: Api, status: number): Reply {
  const message = messages[status] ?? 'Server error';
  if (isBehindGateway(api)) return usualError(status);
  if (api === 'accounts') return accountsError('server_error', message, status);
  if (api === 'spotify') return spotifyError(status, message);
  if (status >= 500) return gatewayFault(status, 'The Service is temporarily unavailable', 'messaging.adaptors.http.flow.ServiceUnavailable');
  return discoveryError('DIS1000', message, status);
}

function exhausted(discovery: DiscoveryApi, now: number): Readonly<Record<string, string>> {
  return { ...discovery.rateHeaders(now), 'rate-limit-available': '0', 'rate-limit-over': '1' };
}

function lowerCased(headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
