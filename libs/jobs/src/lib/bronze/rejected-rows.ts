import type { OutputObject } from '@loadin/bronze-writer';
import type { LoadLetters, LoadRejection } from '@loadin/pipeline';
import type { UploadAttempt } from '@loadin/s3-sink';
import { openUpload } from './output.js';

/** The dead letters of a load: one more object of its commit, so that there are letters of exactly the rows that it leaves out. */
export interface RejectedRows {
  readonly count: number;
  /** Keeps it until the next `flush`. */
  add(rejection: LoadRejection): void;
  /** Hands what was added on to S3. */
  flush(): Promise<void>;
  /** All of them are with S3. */
  close(): Promise<void>;
}

export function createRejectedRows(attempt: UploadAttempt, letters: LoadLetters): RejectedRows {
  let object: OutputObject | undefined;
  let lines: string[] = [];
  let count = 0;
  const flush = async (): Promise<void> => {
    if (lines.length === 0) return;
    object ??= openUpload(attempt, letters.key(0), 'letters', letters.contentType);
    const bytes = Buffer.from(lines.join(''));
    lines = [];
    await object.write(bytes);
  };
  return {
    get count() {
      return count;
    },
    add(rejection) {
      count += 1;
      lines.push(letters.line(rejection));
    },
    flush,
    async close() {
      await flush();
      await object?.close({ letters: count });
    },
  };
}
