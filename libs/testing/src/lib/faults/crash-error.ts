/** The process has ended here. No error of Loadin's: nothing may catch it and go on. */
export class CrashError extends Error {
  override readonly name = 'CrashError';
}
