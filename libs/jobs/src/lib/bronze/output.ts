import type { Output, OutputObject } from '@loadin/bronze-writer';
import type { JsonObject } from '@loadin/pipeline';
import type { RecordedObject, UploadAttempt } from '@loadin/s3-sink';
import { createHandOver } from './hand-over.js';

/** What an object of a commit is: rows for readers, dead letters, keys that the next load is compared with, what quality has found. */
export type ObjectKind = 'rows' | 'letters' | 'keys' | 'recent' | 'profile';

/** Begins an object of the attempt. It is sent while it is written, one part of it in memory, and nobody sees it before the commit. */
export function openUpload(attempt: UploadAttempt, key: string, kind: ObjectKind, contentType?: string): OutputObject {
  const pipe = createHandOver();
  let said: JsonObject = {};
  const uploaded: Promise<RecordedObject> = attempt.upload(key, pipe.body, { contentType, describe: () => ({ kind, ...said }) });
  // Who writes is told with the next bytes, or at the end.
  uploaded.catch((error: unknown) => pipe.fail(error));
  return {
    write: (bytes) => pipe.give(bytes),
    async close(details) {
      said = details;
      pipe.end();
      const { bytes, checksum } = await uploaded;
      return { bytes, checksum };
    },
  };
}

/** Where the files of a load go: pending uploads of one attempt. `onOpen` is awaited before each. */
export function uploadsOutput(attempt: UploadAttempt, onOpen: () => Promise<void> = async () => undefined): Output {
  return {
    async open(path) {
      await onOpen();
      return openUpload(attempt, path, 'rows');
    },
    async abort() {
      await attempt.abort();
    },
  };
}
