import { AwsError } from './service.js';

/** EFBIG is what a file size limit (`ulimit -f`) answers: to the writer the same as a full disk. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const FAILING = new Set(['EIO', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'ENOENT', 'ENOTDIR']);

/** The message for a failure of the disk under `dataDir`, or undefined when `error` is something else. */
export function diskFailure(error: unknown, dataDir: string): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    // LevelDB (below DynamoDB) gives the system's text and no code.
    if ((code !== undefined && FULL.has(code)) || /no space left|file too large|quota exceeded/i.test(message)) {
      return `no space left on the disk of ${dataDir}: free some, or start the server with another data directory. Nothing of this call was stored.`;
    }
    if (code !== undefined && FAILING.has(code))
      return `the data directory ${dataDir} cannot be used (${code}): check that it exists and can be written to.`;
  }
  return undefined;
}

/** An error as its caller sees it: what was thrown on purpose, or a 500 in the words of the protocol. */
export function asAwsError(error: unknown, dataDir: string, code: string): { error: AwsError; log?: string } {
  if (error instanceof AwsError) return { error };
  const disk = diskFailure(error, dataDir);
  if (disk !== undefined) return { error: new AwsError(code, disk, 500), log: disk };
  const text = error instanceof Error ? `${error.name}: ${error.message} ${(error.stack ?? '').split('\n')[1]?.trim() ?? ''}` : String(error);
  return { error: new AwsError(code, 'We encountered an internal error. Please try again.', 500), log: text.replace(/\s+/g, ' ') };
}
