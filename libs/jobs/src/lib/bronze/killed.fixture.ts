import type { S3Client } from '@aws-sdk/client-s3';
import type { StateStore } from '@loadin/pipeline';
import type { BronzeContext } from './types.js';

/** `before`: the call that it dies at is never made · `after`: it is made, and nobody learns of it · `unheard`: as `after`, but it lives on. */
export type Dying = 'before' | 'after' | 'unheard';

export interface Mortal {
  readonly context: Pick<BronzeContext, 'client' | 'state'>;
  /** Whether it has come to its end before that call. */
  readonly survived: boolean;
  /** Calls that it made. */
  readonly calls: readonly string[];
}

/**
 * S3 and the state store as a process sees them that is killed at its n-th call to either, or at the first one whose name has a text in it
 * (`PutObject _loadin/commits/`): from there on nothing gets through, so nothing is tidied up.
 */
export function killedAt(last: number | string | RegExp, when: Dying, { client, state }: Pick<BronzeContext, 'client' | 'state'>): Mortal {
  const calls: string[] = [];
  let isStruck = false;
  const call = async <T>(name: string, send: () => Promise<T>): Promise<T> => {
    if (!isStruck || when === 'unheard') {
      const number = calls.push(name) - 1;
      const isIt = typeof last === 'number' ? number === last : typeof last === 'string' ? name.includes(last) : last.test(name);
      if (isStruck || !isIt) return send();
      isStruck = true;
      if (when !== 'before') await send().catch(() => undefined);
    }
    throw Object.assign(new Error('the process was killed'), { name: 'TimeoutError' });
  };
  const send = (command: Parameters<S3Client['send']>[0], ...rest: never[]) =>
    call(nameOf(command), () => client.send(command, ...rest) as unknown as Promise<unknown>);
  const mortalState: StateStore = {
    uri: state.uri,
    get: (key) => call(`state get ${key}`, () => state.get(key)),
    put: (key, value, expected) => call(`state put ${key}`, () => state.put(key, value, expected)),
    list: (prefix) => state.list(prefix),
  };
  return {
    context: { client: Object.create(client, { send: { value: send } }) as S3Client, state: mortalState },
    get survived() {
      return !isStruck;
    },
    calls,
  };
}

/** `PutObject data/bronze/…`: an operation and its key. */
export function nameOf({ constructor, input }: { constructor: { name: string }; input: object }): string {
  const key = 'Key' in input ? String(input.Key) : '';
  return `${constructor.name.replace('Command', '')} ${key}`;
}
