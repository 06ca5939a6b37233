import { open } from 'node:fs/promises';
import { RetryableError } from '@loadin/resilience';
import type { RangeFile } from './types.js';

/** A local file of keys; close it when it was read. */
export async function openKeyFile(path: string): Promise<RangeFile & { close(): Promise<void> }> {
  const file = await open(path);
  const { size } = await file.stat();
  return {
    bytes: size,
    async read(start, end) {
      const bytes = new Uint8Array(end - start);
      for (let done = 0; done < bytes.length;) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
        if (bytesRead === 0)
          throw new RetryableError('The file has become shorter', { where: path, hint: 'Let nothing else write there, and run again.' });
        done += bytesRead;
      }
      return bytes;
    },
    close: () => file.close(),
  };
}
