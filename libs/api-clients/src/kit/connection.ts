import { FatalError, systemClock, type Clock } from '@loadin/pipeline';
import { createRetryBudget } from '@loadin/resilience';
import { createCredentialInUse, formed, type Credential, type CredentialInUse } from '../http/credential.js';
import { createHttp } from '../http/http.js';
import { createRedactor, type Redactor } from '../http/redact.js';
import type { Rule } from '../http/rules.js';
import type { Auth, Http, HttpOptions } from '../http/types.js';
import { lowered, type SourceRate } from '../rate/lowered.js';
import { createRate } from '../rate/rate.js';
import type { AuthDeclaration, CredentialForm, Endpoints, SettingNames, TokenService } from './declaration.js';
import type { AnySource } from './any.js';
import type { ConnectOptions } from './source.js';
import { createTokenSource, tokenRules } from './token.js';

export type AnyConnectOptions = ConnectOptions & {
  readonly apiKey?: string | Credential;
  readonly clientId?: string | Credential;
  readonly clientSecret?: string | Credential;
  readonly tokenUrl?: string;
};

/** Token services are asked once an hour; what is more is a mistake. */
const tokenRate: SourceRate = { windows: [{ limit: 30, windowMs: 30_000 }], pace: { perSecond: 1, burst: 5 } };

export interface Connection extends Pick<Http, 'request'> {
  /** Gives back what it has of a shared quota and closes idle connections. Never rejects. */
  close(): Promise<void>;
}

/** What a client calls through: one transport with its credentials, its rate and its failure table. */
export function connectHttp(source: AnySource, options: AnyConnectOptions): Connection {
  const { title, auth, settings, rate, endpoints, failures = [], name } = source;
  const { baseUrl = source.baseUrl, rateLimitPerMinute, quota, clock = systemClock, random = Math.random, ...rest } = options;
  const { apiKey, clientId, clientSecret, tokenUrl, retryBudget = createRetryBudget(), ...limits } = rest;
  const redactor = createRedactor();
  const common = { ...limits, redactor, clock, random, retryBudget };
  const credentials = settings.credentials ?? [];
  const open = openAuth(auth, { apiKey, clientId, clientSecret, tokenUrl }, { title, common, credentials, clock });
  const calls = createRate({
    service: title,
    ...lowered(rate, rateLimitPerMinute),
    maxInFlight: rate.maxInFlight ?? 4,
    clock,
    ...(quota !== undefined && { quota: { ...quota, source: name, account: open.account } }),
  });
  const http = createHttp({
    ...common,
    service: title,
    baseUrl,
    rules: [...failures, ...rulesOf(auth, endpoints, settings)],
    settings: { baseUrl: settings.baseUrl, credentials },
    auth: open.auth,
    rate: calls,
  });
  return {
    request: http.request,
    close() {
      open.close();
      http.close();
      return calls.close();
    },
  };
}

interface OpenAuth {
  readonly auth: Auth;
  /** Whose budget the calls are counted on. */
  readonly account: () => Promise<string>;
  close(): void;
}

type Given = Pick<AnyConnectOptions, 'apiKey' | 'clientId' | 'clientSecret' | 'tokenUrl'>;
type Common = Pick<HttpOptions, 'redactor' | 'clock' | 'random' | 'retryBudget'>;

interface Opening {
  readonly title: string;
  readonly common: Common;
  readonly credentials: readonly string[];
  readonly clock: Clock;
}

function openAuth(auth: AuthDeclaration, given: Given, more: Opening): OpenAuth {
  const { redactor } = more.common;
  const close = (): void => undefined;
  switch (auth.kind) {
    case 'none':
      return { auth, account: () => Promise.resolve('everybody'), close };
    case 'api-key': {
      const { apiKey = '' } = given;
      const value = createCredentialInUse(auth.form === undefined ? apiKey : formed(apiKey, refuseForm(auth.form, more)), redactor);
      return { auth: { kind: auth.in, name: auth.name, scheme: auth.scheme, value }, account: () => value.read(), close };
    }
    case 'client-credentials': {
      const { clientId = '', clientSecret = '', tokenUrl = auth.tokens.baseUrl } = given;
      const user = createCredentialInUse(clientId, typeof clientId === 'string' ? undefined : redactor); // an id is no secret, unless it is kept like one
      const accounts = tokenService(auth.tokens, tokenUrl, user, createCredentialInUse(clientSecret, redactor), more);
      const tokens = createTokenSource({ accounts, path: auth.tokens.path, redactor, clock: more.clock });
      return { auth: { kind: 'bearer', tokens }, account: () => user.read(), close: () => accounts.close() };
    }
  }
}

/** Says what is wrong with a key, without it. */
const refuseForm =
  ({ matches, is }: CredentialForm, { title, credentials }: Opening) =>
  (key: string): void => {
    if (!matches.test(key)) throw new FatalError(`${title}: the API key is not ${is}`, { hint: checkThem(credentials) });
  };

function tokenService(
  { title, setting, failures = [] }: TokenService,
  baseUrl: string,
  user: CredentialInUse,
  password: CredentialInUse,
  { common, credentials, clock }: { common: Common & { redactor: Redactor }; credentials: readonly string[]; clock: Clock },
): Http {
  return createHttp({
    ...common,
    service: title,
    baseUrl,
    rules: [...failures, ...tokenRules(checkThem(credentials))],
    settings: { baseUrl: setting, credentials },
    auth: { kind: 'basic', user, password },
    rate: createRate({ service: title, ...tokenRate, maxInFlight: 1, clock }),
  });
}

/** What every source of this kind does about refused credentials, and what the endpoints' `absent` and `optional` mean. */
function rulesOf(auth: AuthDeclaration, endpoints: Endpoints, { credentials = [] }: SettingNames): Rule[] {
  const named = (isMeant: (name: string) => boolean): string[] => Object.keys(endpoints).filter(isMeant);
  const optional = named((name) => endpoints[name]?.optional !== undefined);
  const absent = named((name) => endpoints[name]?.absent?.includes('not-found') === true);
  const refused: Record<AuthDeclaration['kind'], Rule[]> = {
    none: [],
    'api-key': [
      {
        on: 401,
        then: 'renew-credential',
        code: 'api-key',
        message: 'does not accept the API key: {detail}',
        hint: checkThem(credentials),
      },
    ],
    'client-credentials': [{ on: 401, then: 'refresh-token', code: 'token' }],
  };
  return [
    ...refused[auth.kind],
    { on: 404, endpoints: [...absent, ...optional], then: 'refuse', code: 'not-found' },
    { on: 403, endpoints: optional, then: 'refuse', code: 'withheld' },
  ];
}

const checkThem = (settings: readonly string[]): string => `Check ${settings.join(' and ')}.`;
