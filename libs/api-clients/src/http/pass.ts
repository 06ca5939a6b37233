import type { InternalAxiosRequestConfig } from 'axios';
import type { Redactor } from './redact.js';
import type { Token } from './token-source.js';
import type { Auth } from './types.js';

/** What one attempt shows to the service. */
export interface Pass {
  /** Only with access tokens. */
  readonly token?: Token;
  /** The request with the credentials on it. */
  sign(config: InternalAxiosRequestConfig): InternalAxiosRequestConfig;
  /** The service did not accept it: whether the next attempt has another one to show. */
  replace(signal?: AbortSignal): Promise<boolean>;
}

const never = (): Promise<boolean> => Promise.resolve(false);

export async function passOf(auth: Auth, redactor: Redactor, signal?: AbortSignal): Promise<Pass> {
  switch (auth.kind) {
    case 'none':
      return { sign: (config) => config, replace: never };
    case 'query': {
      const value = await auth.value.read(signal);
      return { sign: (config) => ({ ...config, params: { [auth.name]: value } }), replace: (ended) => auth.value.replace(value, ended) };
    }
    case 'basic': {
      const [user, password] = await Promise.all([auth.user.read(signal), auth.password.read(signal)]);
      redactor.add(`${user}:${password}`);
      const header = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
      return {
        sign: (config) => authorized(config, header),
        replace: async (ended) => (await Promise.all([auth.user.replace(user, ended), auth.password.replace(password, ended)])).includes(true),
      };
    }
    case 'bearer': {
      const token = await auth.tokens.get(signal);
      return { token, sign: (config) => authorized(config, `Bearer ${token.value}`), replace: never };
    }
  }
}

function authorized(config: InternalAxiosRequestConfig, header: string): InternalAxiosRequestConfig {
  const headers = config.headers.concat();
  headers.set('Authorization', header);
  return { ...config, headers };
}
