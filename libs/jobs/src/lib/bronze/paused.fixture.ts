import type { S3Client } from '@aws-sdk/client-s3';
import { nameOf } from './killed.fixture.js';

/** S3 as a process sees it that sleeps right before calls whose name has a text in it (`PutObject _loadin/commits/`), once for each thing that others do `meanwhile`. */
export function pausedAt(text: string, client: S3Client, ...meanwhile: (() => Promise<unknown>)[]): S3Client {
  const send = async (command: Parameters<S3Client['send']>[0], ...rest: never[]): Promise<unknown> => {
    if (nameOf(command).includes(text)) await meanwhile.shift()?.();
    return client.send(command, ...rest);
  };
  return Object.create(client, { send: { value: send } }) as S3Client;
}
