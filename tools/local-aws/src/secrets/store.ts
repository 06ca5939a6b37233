import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openJournal } from '../journal.js';
import { AwsError } from '../service.js';
import type { Secret, SecretEntry } from './types.js';

/** The secrets, by name; what `save` and `remove` resolved for is on disk. */
export interface SecretStore {
  all(): readonly Secret[];
  has(name: string): boolean;
  /** By name, ARN, or ARN without the six random characters at its end. @throws AwsError `ResourceNotFoundException` */
  find(nameOrArn: string, now: number): Secret;
  save(secret: Secret): Promise<void>;
  remove(name: string): Promise<void>;
  close(): Promise<void>;
}

export async function openSecretStore(dataDir: string): Promise<SecretStore> {
  const folder = join(dataDir, 'secrets');
  // The values lie in clear text: nobody but the owner reads them.
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { entries, journal } = await openJournal<SecretEntry>(join(folder, 'journal.ndjson'));
  const secrets = new Map<string, Secret>();
  for (const entry of entries) {
    if ('put' in entry) secrets.set(entry.put.name, entry.put);
    else secrets.delete(entry.remove);
  }
  if (entries.length > secrets.size * 2) await journal.compact([...secrets.values()].map((put) => ({ put })));

  const isPurged = (secret: Secret, now: number): boolean => secret.purge !== undefined && secret.purge <= now;
  return {
    all: () => [...secrets.values()],
    has: (name) => secrets.has(name),
    find(nameOrArn, now) {
      const secret = secrets.get(nameOrArn) ?? [...secrets.values()].find(({ arn }) => arn === nameOrArn || arn.slice(0, -7) === nameOrArn);
      if (!secret || isPurged(secret, now)) {
        throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      }
      return secret;
    },
    // Disk first: memory never shows what a crash would take back.
    async save(secret) {
      await journal.append({ put: secret });
      secrets.set(secret.name, secret);
    },
    async remove(name) {
      await journal.append({ remove: name });
      secrets.delete(name);
    },
    close: () => journal.close(),
  };
}
