import type { InternalAxiosRequestConfig } from 'axios';
import { FatalError } from '@loadin/pipeline';
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
    case 'header': {
      const value = await auth.value.read(signal);
      return {
        sign: (config) => withHeader(config, auth.name, [auth.scheme, sendable(value, auth.name)].filter((part) => part !== undefined).join(' ')),
        replace: (ended) => auth.value.replace(value, ended),
      };
    }
    case 'basic': {
      const [user, password] = await Promise.all([auth.user.read(signal), auth.password.read(signal)]);
      redactor.add(`${user}:${password}`);
      const header = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
      return {
        sign: (config) => withHeader(config, 'Authorization', header),
        replace: async (ended) => (await Promise.all([auth.user.replace(user, ended), auth.password.replace(password, ended)])).includes(true),
      };
    }
    case 'bearer': {
      const token = await auth.tokens.get(signal);
      return { token, sign: (config) => withHeader(config, 'Authorization', `Bearer ${token.value}`), replace: never };
    }
  }
}

function withHeader(config: InternalAxiosRequestConfig, name: string, value: string): InternalAxiosRequestConfig {
  const headers = config.headers.concat();
  headers.set(name, value);
  return { ...config, headers };
}

/** A line end out of a file, say, would be an attack on the request for Node, and an error whose text names nothing that helps. */
function sendable(value: string, name: string): string {
  if (/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value)) return value;
  throw new FatalError(
    `the API key can't be sent in the header ${name}: it is empty, begins or ends with a space, or has line ends or characters beyond ASCII`,
    {
      hint: 'Check how the key was stored: a line end at its end is the usual reason.',
    },
  );
}
