import { AwsError, type JsonService } from '../service.js';
import { operations } from './operations.js';
import { openSecretStore } from './store.js';

export interface SecretsManagerOptions {
  /** The server's state folder; the secrets lie in its sub-folder `secrets`. */
  readonly dataDir: string;
}

/**
 * Secrets Manager as its API reference describes it: versions with stages, deletion with a recovery window, tags.
 * Left out: rotation, replication, resource policies, batch reads. All names lie in one region.
 */
export async function createSecretsManager({ dataDir }: SecretsManagerOptions): Promise<JsonService> {
  const store = await openSecretStore(dataDir);
  // One call after the other: a change reads the secret that the change before it wrote.
  let last: Promise<unknown> = Promise.resolve();
  return {
    targetPrefix: 'secretsmanager',
    call(name, input, context) {
      const operation = operations[name];
      if (!operation) return Promise.reject(new AwsError('UnknownOperationException', `Secrets Manager has no operation ${name} here.`));
      const answer = last.then(() => operation(store, input, context));
      last = answer.catch(() => undefined); // the caller has the error; the next in line goes on
      return answer;
    },
    async close() {
      await last;
      await store.close();
    },
  };
}
