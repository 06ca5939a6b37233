import type { Clock } from '@loadin/pipeline';
import { unlessAborted } from '../http/abort.js';
import type { Redactor } from '../http/redact.js';
import type { Rule } from '../http/rules.js';
import type { Token, TokenSource } from '../http/token-source.js';
import type { Http } from '../http/types.js';

export interface TokenSourceOptions {
  /** The token service, authenticated with client id and secret. */
  readonly accounts: Http;
  /** Of the token endpoint. */
  readonly path: string;
  readonly redactor: Redactor;
  readonly clock: Clock;
}

/** A token is replaced this long before it ends, or after nine tenths of a shorter life, so that no call arrives with one that just ended. */
const renewEarlyMs = 60_000;
/** Between two requests for a token: a service that refuses every token is not asked for more in a tight loop. */
const paceMs = 1_000;

/**
 * Tokens by client credentials (RFC 6749 §4.4). There are no refresh tokens: a new one is requested. However many callers need one, one
 * request is on its way.
 */
export function createTokenSource({ accounts, path, redactor, clock }: TokenSourceOptions): TokenSource {
  let current: Token | undefined;
  let pending: Promise<Token> | undefined;
  let lastRequest = -Infinity;

  const request = async (): Promise<Token> => {
    const pause = lastRequest + paceMs - clock.now();
    if (pause > 0) await clock.sleep(pause);
    lastRequest = clock.now();
    const { body } = await accounts.request({ endpoint: 'token', path, form: { grant_type: 'client_credentials' }, isValid: isGrant });
    const { access_token: value, expires_in: seconds } = body as Grant;
    redactor.add(value);
    const lifeMs = seconds * 1000;
    // Counted from before the request was sent: the token is not younger than that.
    return { value, renewAt: lastRequest + lifeMs - Math.min(renewEarlyMs, lifeMs / 10), accepted: 0, inFlight: 0 };
  };
  const renew = (): Promise<Token> => {
    pending ??= request()
      .then((token) => (current = token))
      .finally(() => (pending = undefined));
    return pending;
  };

  return {
    get(signal) {
      if (current !== undefined && clock.now() < current.renewAt) return Promise.resolve(current);
      return unlessAborted(renew(), signal);
    },
    refuse(token) {
      if (current === token) current = undefined;
    },
  };
}

interface Grant {
  readonly access_token: string;
  /** Seconds. */
  readonly expires_in: number;
}

function isGrant(body: unknown): boolean {
  const { access_token: token, expires_in: seconds } = (body ?? {}) as Partial<Grant>;
  return typeof token === 'string' && token !== '' && typeof seconds === 'number' && seconds > 0;
}

/** What token services refuse (RFC 6749 §5.2). */
export const tokenRules = (hint: string): readonly Rule[] => [
  {
    on: [400, 401],
    body: /invalid_client/,
    then: 'renew-credential',
    code: 'invalid-client',
    message: 'does not accept the client id and secret: {detail}',
    hint,
  },
  {
    on: [400, 499],
    body: /unauthorized_client|unsupported_grant_type|invalid_grant|invalid_scope/,
    then: 'fatal',
    code: 'grant',
    message: 'gives no token to this app: {detail}',
    hint,
  },
];
