import type { S3Client } from '@aws-sdk/client-s3';
import type { StateStore } from '@loadin/pipeline';
import type { BronzeContext } from './types.js';

/** `before`: the call that it dies at is never made · `after`: it is made, and nobody learns of it. */
export type Dying = 'before' | 'after';

export interface Mortal {
  readonly context: Pick<BronzeContext, 'client' | 'state'>;
  /** Whether it has come to its end before it died. */
  readonly survived: boolean;
  /** Calls that it made. */
  readonly calls: readonly string[];
}

/** S3 and the state store as a process sees them that is killed at its n-th call to either: from there on nothing gets through, so nothing is tidied up. */
export function killedAt(n: number, when: Dying, { client, state }: Pick<BronzeContext, 'client' | 'state'>): Mortal {
  const calls: string[] = [];
  const call = async <T>(name: string, send: () => Promise<T>): Promise<T> => {
    const number = calls.push(name) - 1;
    if (number < n) return send();
    if (number === n && when === 'after') await send().catch(() => undefined);
    throw Object.assign(new Error('the process was killed'), { name: 'TimeoutError' });
  };
  const send = (command: Parameters<S3Client['send']>[0], ...rest: never[]) =>
    call(command.constructor.name, () => client.send(command, ...rest) as unknown as Promise<unknown>);
  const mortalState: StateStore = {
    uri: state.uri,
    get: (key) => call('state get', () => state.get(key)),
    put: (key, value, expected) => call('state put', () => state.put(key, value, expected)),
    list: (prefix) => state.list(prefix),
  };
  return {
    context: { client: Object.create(client, { send: { value: send } }) as S3Client, state: mortalState },
    get survived() {
      return calls.length <= n;
    },
    calls,
  };
}
